import { attemptRequest, type Attempt } from '../delivery/attempt.ts';
import type { DeliveryJob } from '../delivery/deliver.ts';
import { positionOf, skippedOfWait } from '../delivery/position.ts';
import { buildRequest, type AttemptPosition } from '../delivery/request.ts';
import { nextStep, waitOf, type NextStep, type Wait } from '../delivery/schedule.ts';
import { scaleOfName } from '../delivery/time-scale.ts';
import { credentialsOf, maskAnswer } from '../journal/mask-answer.ts';
import type { Clock, HttpSender } from '../ports.ts';
import { beginningRow, endedRow, type AttemptRow } from './attempt-row.ts';
import type { QueuedDelivery } from './queued-delivery.ts';

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
  const position = positionOfDue(due, context.clock.now());
  const request = buildRequest(job.endpoint, job.body, position);
  const beginning = beginningRow(position, request);
  await context.write(beginning);
  const made = await attemptRequest(request, position, { ...context, policy });
  const attempt = { ...made, outcome: maskAnswer(made.outcome, credentialsOf(job.endpoint)) };
  const step = nextStep(policy, number, attempt.outcome);
  if (attempt.outcome.kind !== 'cancelled') await context.write(endedRow(beginning, attempt));
  return { attempt, step, wait: waitOf(step, scaleOfName(queued.timeScale)) };
}

/** Computed from what is written down of the attempt before: another worker may have made it. */
function positionOfDue({ queued, number, rows }: DueAttempt, nowMs: number): AttemptPosition {
  const { policy, enqueuedAtMs, dueMs } = queued;
  const previous = rows.find(({ attempt }) => attempt === number - 1);
  if (previous === undefined) {
    const skippedBeforeMs = skippedOfWait({ sinceMs: enqueuedAtMs, delayMs: dueMs }, nowMs);
    return positionOf(number, { nowMs, skippedBeforeMs }, policy);
  }
  const { startedAtMs, simulatedElapsedMs, simulatedAtMs, timings } = previous;
  const delayMs = (timings?.totalMs ?? 0) + (policy.delaysSeconds[number - 2] ?? 0) * 1000;
  const input = {
    nowMs,
    firstAtMs: startedAtMs - simulatedElapsedMs,
    skippedBeforeMs: simulatedAtMs - startedAtMs,
    skippedMs: skippedOfWait({ sinceMs: startedAtMs, delayMs }, nowMs),
  };
  return positionOf(number, input, policy);
}
