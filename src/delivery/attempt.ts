import type { DeliveryPolicy } from '../persona/policies.ts';
import type { HttpRequest, HttpSender, Timings } from '../ports.ts';
import { outcomeOf, type Outcome } from './outcome.ts';
import type { AttemptPosition } from './request.ts';

/** One POST and what became of it. */
export interface Attempt extends Omit<AttemptPosition, 'nowMs'> {
  /** When it was sent, milliseconds since 1970. */
  readonly startedAtMs: number;
  readonly request: HttpRequest;
  readonly outcome: Outcome;
  readonly timings: Timings;
}

/** Sends a request once, within the policy's limit, and judges the answer. */
export async function attemptRequest(
  request: HttpRequest,
  position: AttemptPosition,
  context: { sender: HttpSender; policy: DeliveryPolicy; signal?: AbortSignal | undefined },
): Promise<Attempt> {
  const { sender, policy, signal } = context;
  const limits = { timeoutMs: policy.timeoutMs, ...(signal === undefined ? {} : { signal }) };
  const { attempt, attemptsLeft, simulatedElapsedMs, simulatedAtMs, nowMs } = position;
  const exchange = await sender.send(request, limits);
  return {
    ...{ attempt, attemptsLeft, simulatedElapsedMs, simulatedAtMs, startedAtMs: nowMs },
    ...{ request, outcome: outcomeOf(exchange, policy), timings: exchange.timings },
  };
}
