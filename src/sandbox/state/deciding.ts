import { stringAt, type JsonObject } from '../../json/node.ts';
import { canonicalKey } from '../../persona/key-convention.ts';
import type { Decision, Rule } from '../settings.ts';
import { relatedId, statusOf } from './store.ts';
import { fieldOf, inquiryOf, step, isRedacted } from './transitions.ts';
import { verify } from './verifying.ts';
import { nowMs, type Environment } from './environment.ts';

/** Lets the rules, or else `--decide`, end the inquiry after a while, unless it has ended by then. */
export function decideLater(environment: Environment, id: string): void {
  const { settings } = environment;
  if (settings.decide === 'none' && settings.rules.length === 0) return;
  environment.scheduler.add(nowMs(environment) + settings.decideAfterMs, () => {
    const { inquiry } = inquiryOf(environment, id);
    if (isOpen(inquiry)) finish(environment, id, decisionFor(environment, inquiry));
  });
}

function isOpen(inquiry: JsonObject): boolean {
  return !isRedacted(inquiry) && ['created', 'pending'].includes(statusOf(inquiry));
}

/** The first rule that holds; without one, what `--decide` says. */
export function decisionFor({ settings }: Environment, inquiry: JsonObject): Decision {
  return settings.rules.find((rule) => holds(rule, inquiry))?.then ?? settings.decide;
}

function holds({ when }: Rule, inquiry: JsonObject): boolean {
  const { fields = {}, referenceId, templateId } = when;
  const isSame = (wanted: string | undefined, found: string | undefined) =>
    wanted === undefined || wanted.toLowerCase() === found?.toLowerCase();
  return (
    isSame(referenceId, stringAt(inquiry, 'attributes', 'reference-id')) &&
    isSame(templateId, relatedId(inquiry, 'inquiry-template')) &&
    Object.entries(fields).every(([name, value]) => isSame(value, fieldOf(inquiry, canonicalKey(name))))
  );
}

/** How an inquiry can be ended by a person on the hosted page, or by a decision. */
export type Ending = 'approve' | 'decline' | 'review' | 'fail' | 'complete';

/** Walks an inquiry through a person's whole flow to its end, with every event on the way. */
export function finish(environment: Environment, id: string, ending: Ending | 'none'): void {
  if (ending === 'none') return;
  if (statusOf(inquiryOf(environment, id).inquiry) === 'created')
    step(environment, id, { event: 'inquiry.started' });
  const result = ending === 'fail' || ending === 'decline' ? 'failed' : 'passed';
  verify(environment, id, { kind: 'government-id', result });
  if (ending === 'fail') {
    step(environment, id, { event: 'inquiry.failed' });
    return;
  }
  verify(environment, id, { kind: 'selfie', result: 'passed' });
  step(environment, id, { event: 'inquiry.completed' });
  const by = { isByWorkflow: true };
  if (ending === 'approve') step(environment, id, { event: 'inquiry.approved', ...by });
  if (ending === 'decline') step(environment, id, { event: 'inquiry.declined', ...by });
  if (ending === 'review') step(environment, id, { event: 'inquiry.marked-for-review', ...by });
}
