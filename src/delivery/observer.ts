import type { Attempt } from './attempt.ts';
import type { DeliveryState, Wait } from './schedule.ts';

/** How a delivery ended. */
export interface DeliveryEnd {
  readonly state: DeliveryState;
  readonly attempts: number;
}

/** Watches deliveries, each named by what its engine calls it: a planned sending, a journal's or a queue's delivery. */
export interface DeliveryObserver<D, End extends DeliveryEnd = DeliveryEnd> {
  /** Called before the first attempt. */
  began?(delivery: D): void;
  /** Called after each attempt, before the wait that follows it. */
  attempted?(delivery: D, attempt: Attempt, wait: Wait | undefined): void;
  /** Called when a delivery that had begun is settled. */
  settled?(delivery: D, end: End): void;
}

/** The same as options of a library call. */
export interface DeliveryHooks<D, End = DeliveryEnd> {
  /** Called before the first attempt. */
  readonly onStart?: ((delivery: D) => void) | undefined;
  /** Called after each attempt, before the wait that follows it. */
  readonly onAttempt?: ((delivery: D, attempt: Attempt, wait: Wait | undefined) => void) | undefined;
  /** Called when a delivery that had begun is settled. */
  readonly onSettled?: ((delivery: D, end: End) => void) | undefined;
}
