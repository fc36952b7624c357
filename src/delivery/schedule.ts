import type { DeliveryPolicy } from '../persona/policies.ts';
import type { Outcome } from './attempt.ts';
import { scaledMs, type TimeScale } from './time-scale.ts';

export type DeliveryState = 'completed' | 'failed' | 'skipped' | 'cancelled';

/** What follows an attempt: a wait and another one, or the end. */
export type NextStep =
  | { readonly kind: 'wait'; readonly delaySeconds: number }
  | { readonly kind: 'settled'; readonly state: Exclude<DeliveryState, 'skipped'> };

const COMPLETED: NextStep = { kind: 'settled', state: 'completed' };

/** The one rule of the retry schedule, the same for a single delivery and for many. Attempts count from 1. */
export function nextStep(
  policy: DeliveryPolicy,
  attempt: number,
  outcome: Outcome | { readonly kind: Outcome['kind'] },
): NextStep {
  if (outcome.kind === 'accepted') return COMPLETED;
  if (outcome.kind === 'cancelled') return { kind: 'settled', state: 'cancelled' };
  const delaySeconds = policy.delaysSeconds[attempt - 1];
  return delaySeconds === undefined ? { kind: 'settled', state: 'failed' } : { kind: 'wait', delaySeconds };
}

/** What comes after a failed attempt, in both times. */
export interface Wait {
  /** Simulated. */
  readonly delayMs: number;
  /** Real. */
  readonly waitMs: number;
}

/** The wait that a step asks for; undefined when the delivery is settled. */
export function waitOf(step: NextStep, scale: TimeScale): Wait | undefined {
  if (step.kind === 'settled') return undefined;
  return { delayMs: step.delaySeconds * 1000, waitMs: scaledMs(step.delaySeconds, scale) };
}

/** The first attempt and one for each delay. */
export function attemptCount(policy: DeliveryPolicy): number {
  return policy.delaysSeconds.length + 1;
}

export interface ScheduledAttempt {
  readonly attempt: number;
  /** The wait before this attempt, in simulated seconds; 0 before the first. */
  readonly delaySeconds: number;
  /** Since the first attempt, in simulated seconds, if no attempt took any time. */
  readonly offsetSeconds: number;
}

/** The whole table, for people. */
export function scheduleOf(policy: DeliveryPolicy): ScheduledAttempt[] {
  let offsetSeconds = 0;
  return [0, ...policy.delaysSeconds].map((delaySeconds, index) => {
    offsetSeconds += delaySeconds;
    return { attempt: index + 1, delaySeconds, offsetSeconds };
  });
}
