import type { DeliveryPolicy } from '../persona/policies.ts';
import type { Exchange, HttpResponse, Phase } from '../ports.ts';

/** What became of one attempt. HTTP failures are values, never exceptions. */
export type Outcome =
  | { readonly kind: 'accepted'; readonly status: number; readonly response: HttpResponse }
  /** A complete answer with another status, redirects included: they are never followed. */
  | { readonly kind: 'rejected'; readonly status: number; readonly response: HttpResponse }
  | { readonly kind: 'timed-out'; readonly phase: Phase; readonly timeoutMs: number }
  /** No answer: `code` is the system's (`ECONNREFUSED`, `ENOTFOUND`, …) and `reason` its message. */
  | { readonly kind: 'unreachable'; readonly code: string; readonly reason: string }
  /** We hung up ourselves, because the user asked; what the receiver did is unknown. */
  | { readonly kind: 'cancelled' };

/** Judges an exchange by the policy. */
export function outcomeOf(exchange: Exchange, policy: DeliveryPolicy): Outcome {
  switch (exchange.kind) {
    case 'response': {
      const { response } = exchange;
      const isAccepted = policy.acceptedStatuses.includes(response.status);
      return { kind: isAccepted ? 'accepted' : 'rejected', status: response.status, response };
    }
    case 'timed-out':
      return { kind: 'timed-out', phase: exchange.phase, timeoutMs: policy.timeoutMs };
    case 'unreachable':
      return { kind: 'unreachable', code: exchange.code, reason: exchange.reason };
    case 'cancelled':
      return { kind: 'cancelled' };
  }
}
