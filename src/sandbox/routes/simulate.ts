import type { InquiryOperation } from '../../persona/inquiry-operations.ts';
import { one, type Call, type Result } from '../http/call.ts';
import type { SimulateAction } from '../requests/inquiry.ts';
import { referenceTo } from '../state/store.ts';
import { inquiryOf, step, checkAllowed, type InquiryStep } from '../state/transitions.ts';
import { kindOfTemplate, verify } from '../state/verifying.ts';
import type { Environment } from '../state/environment.ts';
import { find } from './lists.ts';

type SimpleAction = Exclude<
  SimulateAction['type'],
  'create_passed_verification' | 'create_failed_verification'
>;

const STEPS: Readonly<Record<SimpleAction, readonly [InquiryOperation, InquiryStep]>> = {
  start_inquiry: ['start', 'inquiry.started'],
  complete_inquiry: ['complete', 'inquiry.completed'],
  fail_inquiry: ['fail', 'inquiry.failed'],
  expire_inquiry: ['expire', 'inquiry.expired'],
  mark_for_review_inquiry: ['mark-for-review', 'inquiry.marked-for-review'],
  approve_inquiry: ['approve', 'inquiry.approved'],
  decline_inquiry: ['decline', 'inquiry.declined'],
};

/** Does the actions in their order. UNDOCUMENTED: whether those before a refused one stay done; here they do. */
export function simulate(call: Call): Result {
  const { environment } = call;
  const { id } = referenceTo(find(call, call.param('inquiry-id'), 'inquiry'));
  for (const action of call.body('simulateSchema').meta['simulate-actions']) act(environment, id, action);
  return one(inquiryOf(environment, id).inquiry);
}

/** One action of `perform-simulate-actions`. @throws {ApiError} when the inquiry's state does not allow it */
export function act(environment: Environment, id: string, action: SimulateAction): void {
  const { inquiry } = inquiryOf(environment, id);
  if ('data' in action) {
    checkAllowed(environment, inquiry, 'verify');
    const templateId = action.data['verification-template-id'];
    const kind = kindOfTemplate(environment, templateId);
    const result = action.type === 'create_passed_verification' ? 'passed' : 'failed';
    verify(environment, id, { kind, result, templateId });
    return;
  }
  const [operation, event] = STEPS[action.type];
  checkAllowed(environment, inquiry, operation);
  step(environment, id, { event });
}
