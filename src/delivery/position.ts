import type { DeliveryPolicy } from '../persona/policies.ts';
import type { AttemptPosition } from './request.ts';
import { attemptCount } from './schedule.ts';

/** Simulated time that did not pass on the wall clock. */
export interface SkippedTime {
  /** Before the first attempt. */
  readonly skippedBeforeMs: number;
  /** Since the first attempt. */
  readonly skippedMs: number;
}

/** What a position is computed from; all times but the skipped ones are read from the wall clock. */
export interface PositionInput extends Partial<SkippedTime> {
  readonly nowMs: number;
  /** When the first attempt was sent. @default now: this is the first */
  readonly firstAtMs?: number | undefined;
}

/** Where attempt number `attempt` stands. Simulated time is real time plus what was skipped, nothing else. */
export function positionOf(attempt: number, input: PositionInput, policy: DeliveryPolicy): AttemptPosition {
  const { nowMs, firstAtMs = nowMs, skippedBeforeMs = 0, skippedMs = 0 } = input;
  return {
    attempt,
    attemptsLeft: Math.max(0, attemptCount(policy) - attempt),
    nowMs,
    simulatedElapsedMs: nowMs + skippedMs - firstAtMs,
    simulatedAtMs: nowMs + skippedBeforeMs + skippedMs,
  };
}

/** The reverse of `positionOf`. */
export function skippedTimeOf(position: AttemptPosition, firstAtMs: number): SkippedTime {
  const { nowMs, simulatedElapsedMs, simulatedAtMs } = position;
  const skippedMs = simulatedElapsedMs - (nowMs - firstAtMs);
  return { skippedMs, skippedBeforeMs: simulatedAtMs - nowMs - skippedMs };
}

export interface PastWait {
  /** When it began, by the wall clock. */
  readonly sinceMs: number;
  /** How long it was planned to be, in simulated time. */
  readonly delayMs: number;
  /** How long the user had paused it, in real time. @default 0 */
  readonly pausedMs?: number | undefined;
}

/**
 * How much of a wait was skipped when the wall clock says `nowMs`; negative where a pause was longer. A wait counts
 * for its delay, or for the time that it took if that is more: a process that was stopped, a machine that slept. A
 * clock that was set back does not undo it, and a pause does not count.
 */
export function skippedOfWait({ sinceMs, delayMs, pausedMs = 0 }: PastWait, nowMs: number): number {
  const passedMs = nowMs - sinceMs - pausedMs;
  return Math.max(0, delayMs - passedMs) - pausedMs;
}
