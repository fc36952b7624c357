import { attemptRequest, type Attempt } from '../delivery/attempt.ts';
import type { DeliveryJob, Wait } from '../delivery/deliver.ts';
import { buildRequest, type AttemptPosition } from '../delivery/request.ts';
import { attemptCount, nextStep, type NextStep } from '../delivery/schedule.ts';
import { scaledMs } from '../delivery/time-scale.ts';
import type { Clock, HttpSender } from '../ports.ts';
import { beginningRow, endedRow, type AttemptRow } from './attempt-row.ts';
import { scaleOf, type QueuedDelivery } from './queued-delivery.ts';

/** The attempt that a delivery in the queue is at. */
export interface DueAttempt {
  readonly queued: QueuedDelivery;
  readonly job: DeliveryJob;
  /** Counts from 1. */
  readonly number: number;
  /** What is written down of the delivery so far. */
  readonly rows: readonly AttemptRow[];
}

export interface AttemptContext {
  readonly clock: Clock;
  readonly sender: HttpSender;
  readonly signal: AbortSignal;
  /** Writes a line down with the delivery. */
  readonly write: (line: string) => Promise<void>;
}

/** One attempt, and what the policy says comes after it. */
export interface AttemptMade {
  readonly attempt: Attempt;
  readonly step: NextStep;
  readonly wait: Wait | undefined;
}

/** Makes exactly one attempt. What it was is written down before this resolves, unless the user cancelled it. */
export async function attemptQueued(due: DueAttempt, context: AttemptContext): Promise<AttemptMade> {
  const { queued, job, number } = due;
  const { policy } = queued;
  const position = positionOf(due, context.clock.now());
  const request = buildRequest(job.endpoint, job.body, position);
  await context.write(beginningRow(position, request));
  const attempt = await attemptRequest(request, position, { ...context, policy });
  const step = nextStep(policy, number, attempt.outcome);
  if (attempt.outcome.kind !== 'cancelled') await context.write(endedRow(attempt));
  return { attempt, step, wait: waitOf(step, queued) };
}

/**
 * Where an attempt stands, reckoned from what is written down of the one before: another worker may have made it.
 * A wait counts as long as the policy says, or as long as it really was when no worker was there in time.
 */
function positionOf({ queued, number, rows }: DueAttempt, nowMs: number): AttemptPosition {
  const { policy, enqueuedAtMs, dueMs } = queued;
  const attemptsLeft = attemptCount(policy) - number;
  const previous = rows.find(({ attempt }) => attempt === number - 1);
  if (previous === undefined) {
    const simulatedAtMs = Math.max(nowMs, enqueuedAtMs + dueMs);
    return { attempt: number, attemptsLeft, nowMs, simulatedElapsedMs: 0, simulatedAtMs };
  }
  const tookMs = previous.timings?.totalMs ?? 0;
  const delayMs = (policy.delaysSeconds[number - 2] ?? 0) * 1000;
  const stepMs = Math.max(tookMs + delayMs, nowMs - previous.startedAtMs);
  return {
    ...{ attempt: number, attemptsLeft, nowMs },
    simulatedElapsedMs: previous.simulatedElapsedMs + stepMs,
    simulatedAtMs: previous.simulatedAtMs + stepMs,
  };
}

function waitOf(step: NextStep, queued: QueuedDelivery): Wait | undefined {
  if (step.kind === 'settled') return undefined;
  return { delayMs: step.delaySeconds * 1000, waitMs: scaledMs(step.delaySeconds, scaleOf(queued)) };
}
