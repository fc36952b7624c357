import type { MovableClock } from '../delivery/movable-clock.ts';
import { REAL_TIME } from '../delivery/time-scale.ts';
import type { Clock } from '../ports.ts';
import type { Journal } from './journal.ts';

export interface FollowOptions {
  /** The real one. */
  readonly clock: Clock;
  /** Those that wait on the followed clock; other runs of the journal have clocks of their own. @default all */
  readonly deliveries?: (() => readonly number[]) | undefined;
  /** Real time at which the journal's times are right. @default now */
  readonly fromMs?: number | undefined;
}

/**
 * Keeps the journal's times of the next attempts right while the clock that they wait on is paused, moved or given
 * another scale; returns what ends that.
 */
export function followClock(
  journal: Journal,
  waitedOn: MovableClock,
  { clock, deliveries, fromMs = clock.now() }: FollowOptions,
): () => void {
  let last = { realMs: fromMs, simulatedMs: waitedOn.now(), isStill: waitedOn.isPaused };
  return waitedOn.onChange(() => {
    if (journal.broken.aborted) return;
    const { wallMs, simulatedMs } = waitedOn.changedAt;
    const now = { realMs: wallMs, simulatedMs, isStill: waitedOn.isPaused };
    journal.reschedule({
      ...{ deliveries: deliveries?.(), stoodStill: last.isStill },
      // What is left on a clock that stands still is written down in full: a fraction of it would be less exact.
      timeScale: now.isStill ? REAL_TIME : waitedOn.scale,
      ...{ fromMs: last.realMs, nowMs: now.realMs, passedMs: now.simulatedMs - last.simulatedMs },
    });
    last = now;
  });
}
