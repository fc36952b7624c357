import type { Clock } from '../ports.ts';
import type { TimeScale } from './time-scale.ts';

/** Time as the waits of a schedule see it: all durations are simulated milliseconds. */
export interface SimulatedClock extends Clock {
  readonly scale: TimeScale;
  /** Simulated milliseconds that were jumped over by hand, so far. */
  readonly movedMs: number;
  /** Real milliseconds for which the clock was paused, so far. */
  readonly pausedMs: number;
  /**
   * Counts the work as under way, except while it sleeps on this clock: `next` and `advance` wait for it. What sleeps
   * on the clock does so inside of this, one sleep at a time.
   */
  during<T>(work: () => Promise<T>): Promise<T>;
}
