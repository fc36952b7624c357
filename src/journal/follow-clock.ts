import type { MovableClock } from '../delivery/movable-clock.ts';
import type { Clock } from '../ports.ts';
import type { Journal } from './journal.ts';

export interface FollowOptions {
  /** The real one. */
  readonly clock: Clock;
  /** Those that wait on the followed clock; other runs of the journal have clocks of their own. @default all */
  readonly deliveries?: (() => readonly number[]) | undefined;
}

/**
 * Keeps the journal's times of the next attempts right while the clock that they wait on is paused, moved or given
 * another scale; returns what ends that.
 */
export function followClock(
  journal: Journal,
  waitedOn: MovableClock,
  { clock, deliveries }: FollowOptions,
): () => void {
  let last = { realMs: clock.now(), simulatedMs: waitedOn.now() };
  return waitedOn.onChange(() => {
    if (journal.broken.aborted) return;
    const now = { realMs: clock.now(), simulatedMs: waitedOn.now() };
    journal.reschedule({
      ...{ deliveries: deliveries?.(), timeScale: waitedOn.scale },
      ...{ fromMs: last.realMs, nowMs: now.realMs, passedMs: now.simulatedMs - last.simulatedMs },
    });
    last = now;
  });
}
