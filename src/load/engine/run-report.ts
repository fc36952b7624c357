import type { LoadProgress } from '../plan.ts';
import type { AlarmClock } from '../ports.ts';
import type { LoadResult, Durations } from '../result.ts';
import type { Tally } from '../tally.ts';
import type { Feed } from './feed.ts';
import type { SlotPool } from './slot-pool.ts';

export interface ReportedRun {
  readonly clock: AlarmClock;
  readonly startedAtMs: number;
  readonly tally: Tally;
  readonly feed: Feed;
  readonly slots: SlotPool;
  /** Deliveries that wait for a retry. */
  readonly waiting: () => number;
}

/** What a load run tells of itself, while it goes on and at its end. */
export function runReport({ clock, startedAtMs, tally, feed, slots, waiting }: ReportedRun) {
  return {
    result: (): LoadResult => {
      const endedAtMs = clock.now();
      // Where the run breaks off, nobody knows what becomes of what is under way.
      const { underWay, resent } = slots.totals();
      tally.deliveries.waiting = waiting() + underWay;
      const skewMs = clock.skewMs?.() ?? 0;
      const times = { startedAtMs: startedAtMs + skewMs, endedAtMs: endedAtMs + skewMs };
      return tally.result({ ...times, resent, ...feed.counts() });
    },
    progress: (): LoadProgress => ({
      elapsedMs: clock.now() - startedAtMs,
      begun: feed.begun,
      inFlight: slots.totals().inFlight,
      waiting: waiting(),
      ...tally.progress(),
    }),
    latency: (): Durations => tally.latency.values(),
  };
}
