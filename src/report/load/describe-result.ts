import type { Phase } from '../../ports.ts';
import type { DeliveryPolicy } from '../../persona/policies.ts';
import type { AttemptResult } from '../../load/ports.ts';
import { describeOutcome } from '../describe-outcome.ts';

/** One line on what became of an attempt, in the words of a single delivery. */
export function describeResult(result: AttemptResult, policy: DeliveryPolicy, url: string): string {
  const { kind, status, code } = result;
  switch (kind) {
    case 'accepted':
    case 'rejected': {
      const response = { status, headers: {}, body: Buffer.alloc(0), truncated: false };
      return describeOutcome({ kind, status, response }, policy, url);
    }
    case 'timed-out':
      return describeOutcome({ kind, phase: code as Phase, timeoutMs: policy.timeoutMs }, policy, url);
    case 'unreachable':
      return describeOutcome({ kind, code, reason: 'no complete answer' }, policy, url);
    case 'cancelled':
      return describeOutcome({ kind }, policy, url);
  }
}
