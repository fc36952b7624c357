import type { InquiryStatus } from '../../persona/inquiry-operations.ts';
import { finish, type Ending } from './deciding.ts';
import { step, type InquiryStep } from './transitions.ts';
import type { Environment } from './environment.ts';

const ENDINGS: Readonly<Partial<Record<InquiryStatus, Ending>>> = {
  completed: 'complete',
  needs_review: 'review',
  approved: 'approve',
  declined: 'decline',
  failed: 'fail',
};
const STEPS: Readonly<Partial<Record<InquiryStatus, InquiryStep>>> = {
  pending: 'inquiry.started',
  expired: 'inquiry.expired',
};

/** Walks an inquiry that was just created to the status that a seed file gives it. */
export function bringTo(environment: Environment, id: string, status: InquiryStatus): void {
  const event = STEPS[status];
  if (event !== undefined) step(environment, id, { event });
  finish(environment, id, ENDINGS[status] ?? 'none');
}
