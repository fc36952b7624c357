import type { MovableClock } from '../delivery/movable-clock.ts';
import type { Clock } from '../ports.ts';
import type { Journal } from './journal.ts';

export interface FollowOptions {
  /** The real one. */
  readonly clock: Clock;
  /** Only deliveries that were taken on since then. @default all */
  readonly sinceMs?: number | undefined;
  /** Only those of this webhook, by its number. @default all */
  readonly webhook?: number | undefined;
}

/**
 * Keeps the journal's times of the next attempts right while the clock that they wait on is paused, moved or given
 * another scale; returns what ends that.
 */
export function followClock(
  journal: Journal,
  waitedOn: MovableClock,
  { clock, sinceMs = 0, webhook }: FollowOptions,
): () => void {
  let last = { realMs: clock.now(), simulatedMs: waitedOn.now() };
  return waitedOn.onChange(() => {
    if (journal.broken.aborted) return;
    const now = { realMs: clock.now(), simulatedMs: waitedOn.now() };
    journal.reschedule({
      ...{ sinceMs, webhook, timeScale: waitedOn.scale },
      ...{ fromMs: last.realMs, nowMs: now.realMs, passedMs: now.simulatedMs - last.simulatedMs },
    });
    last = now;
  });
}
