import type { DeliveryPolicy } from '../persona/policies.ts';
import type { HttpRequest, HttpSender, Timings, Exchange, HttpResponse, Phase } from '../ports.ts';
import type { AttemptPosition } from './request.ts';

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

/** One POST and what became of it. */
export interface Attempt extends Omit<AttemptPosition, 'nowMs'> {
  /** When it was sent, milliseconds since 1970. */
  readonly startedAtMs: number;
  readonly request: HttpRequest;
  readonly outcome: Outcome;
  readonly timings: Timings;
}

/** When it was over, milliseconds since 1970. */
export function endOf({ startedAtMs, timings }: Pick<Attempt, 'startedAtMs' | 'timings'>): number {
  return startedAtMs + timings.totalMs;
}

/** Sends a request once, within the policy's limit, and judges the answer. */
export async function attemptRequest(
  request: HttpRequest,
  position: AttemptPosition,
  context: { sender: HttpSender; policy: DeliveryPolicy; signal?: AbortSignal | undefined },
): Promise<Attempt> {
  const { sender, policy, signal } = context;
  const { timeoutMs } = policy;
  const limits = signal === undefined ? { timeoutMs } : { timeoutMs, signal };
  const { attempt, attemptsLeft, simulatedElapsedMs, simulatedAtMs, nowMs } = position;
  const exchange = await sender.send(request, limits);
  // One by one: objects that are spread into a third cost more than all else here.
  return {
    attempt,
    attemptsLeft,
    simulatedElapsedMs,
    simulatedAtMs,
    startedAtMs: nowMs,
    request,
    outcome: outcomeOf(exchange, policy),
    timings: exchange.timings,
  };
}
