import type { Attempt, Outcome } from '../delivery/attempt.ts';
import type { Delivery, DeliveryJob, Wait } from '../delivery/deliver.ts';
import type { DeliveryState } from '../delivery/schedule.ts';

/** One line of `--json`: an attempt. Fields are only ever added. */
export interface AttemptRecord {
  readonly type: 'attempt';
  readonly eventId: string;
  readonly eventName: string;
  readonly url: string;
  /** Counts from 1. */
  readonly attempt: number;
  readonly attemptsLeft: number;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** When it would have started without a time scale. */
  readonly simulatedAt: string;
  readonly durationMs: number;
  readonly outcome: OutcomeRecord;
  /** The simulated wait that follows; null when there is none. */
  readonly nextDelayMs: number | null;
  /** The real one. */
  readonly nextWaitMs: number | null;
  /** In a scenario: 1, or 2 for a duplicate, which is a delivery of its own. */
  readonly copy?: number;
}

export type OutcomeRecord =
  | { readonly kind: 'accepted' | 'rejected'; readonly status: number }
  | {
      readonly kind: 'timed-out';
      readonly phase: 'connect' | 'tls' | 'headers' | 'body';
      readonly timeoutMs: number;
    }
  | { readonly kind: 'unreachable'; readonly code: string }
  | { readonly kind: 'cancelled' };

/** One line of `--json`: a settled delivery. */
export interface DeliveryRecord {
  readonly type: 'delivery';
  readonly eventId: string;
  readonly eventName: string;
  readonly url: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  /** In a scenario: 1, or 2 for a duplicate. */
  readonly copy?: number;
}

export function attemptRecord(
  job: Pick<DeliveryJob, 'eventId' | 'eventName'> & { readonly endpoint: { readonly url: { href: string } } },
  attempt: Attempt,
  wait: Wait | undefined,
): AttemptRecord {
  return {
    type: 'attempt',
    eventId: job.eventId,
    eventName: job.eventName,
    url: job.endpoint.url.href,
    attempt: attempt.attempt,
    attemptsLeft: attempt.attemptsLeft,
    startedAt: new Date(attempt.startedAtMs).toISOString(),
    simulatedAt: new Date(attempt.simulatedAtMs).toISOString(),
    durationMs: toMicroseconds(attempt.timings.totalMs),
    outcome: outcomeRecord(attempt.outcome),
    nextDelayMs: wait?.delayMs ?? null,
    nextWaitMs: wait === undefined ? null : toMicroseconds(wait.waitMs),
  };
}

export function deliveryRecord(delivery: Delivery): DeliveryRecord {
  const { eventId, eventName, url, state, attempts } = delivery;
  return { type: 'delivery', eventId, eventName, url, state, attempts: attempts.length };
}

function outcomeRecord(outcome: Outcome): OutcomeRecord {
  switch (outcome.kind) {
    case 'accepted':
    case 'rejected':
      return { kind: outcome.kind, status: outcome.status };
    case 'unreachable':
      return { kind: outcome.kind, code: outcome.code };
    case 'timed-out':
    case 'cancelled':
      return outcome;
  }
}

/** Three decimals of a millisecond. */
function toMicroseconds(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
