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
export class RunReport {
  readonly #run: ReportedRun;

  constructor(run: ReportedRun) {
    this.#run = run;
  }

  result(): LoadResult {
    const { clock, startedAtMs, tally, feed, slots, waiting } = this.#run;
    const endedAtMs = clock.now();
    // Where the run breaks off, nobody knows what becomes of what is under way.
    const { underWay, resent } = slots.totals();
    tally.deliveries.waiting = waiting() + underWay;
    const skewMs = clock.skewMs?.() ?? 0;
    const times = { startedAtMs: startedAtMs + skewMs, endedAtMs: endedAtMs + skewMs };
    return tally.result({ ...times, resent, ...feed.counts() });
  }

  /** Called without the report, as are latencies: both are handed out. */
  readonly progress = (): LoadProgress => {
    const { clock, startedAtMs, tally, feed, slots, waiting } = this.#run;
    return {
      elapsedMs: clock.now() - startedAtMs,
      begun: feed.begun,
      inFlight: slots.totals().inFlight,
      waiting: waiting(),
      ...tally.progress(),
    };
  };

  readonly latency = (): Durations => this.#run.tally.latency.values();
}
