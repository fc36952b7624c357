import type { Endpoint } from '../delivery/request.ts';
import type { TimeScale } from '../delivery/time-scale.ts';
import type { DeliveryPolicy } from '../persona/policies.ts';
import type { EventSource } from '../render/event-source.ts';
import type { LoadResult, Durations } from './result.ts';
import type { AlarmClock, LoadLog } from './ports.ts';
import type { SlotSender } from '../http/http1/slot-connection.ts';

/** What a load run sends, how fast and how long. Plain values. */
export interface LoadPlan {
  /** How many attempts may be under way at once, each on a connection of its own. */
  readonly concurrency: number;
  /** At most as many events as the source has. @default all of them */
  readonly count?: number | undefined;
  /** Deliveries begun per second, whether or not the receiver keeps up. @default as fast as the slots allow */
  readonly ratePerSecond?: number | undefined;
  /** Nothing new is begun after this time. */
  readonly durationMs?: number | undefined;
  /** Divides the waits before retries. */
  readonly timeScale: TimeScale;
  /** In place of new events: those that came at the rate in an outage of this length, which has just ended. */
  readonly outageMs?: number | undefined;
  /** Share of the events that are delivered twice, 0 to 1. @default 0 */
  readonly duplicates?: number | undefined;
  /** Share of the events whose signature is wrong, 0 to 1. @default 0 */
  readonly forged?: number | undefined;
  /** The order is shuffled within windows of this many deliveries. @default 1: in order */
  readonly reorder?: number | undefined;
  /** Everything that is made up follows from it. */
  readonly seed: number;
  /** Wait for all retries at the end. @default true */
  readonly drain?: boolean | undefined;
  /** Of several runs that make one together, each knows the whole and sends its part. @default all of it */
  readonly share?: Share | undefined;
  /** What due times are counted from, milliseconds since 1970. @default when the run begins */
  readonly startMs?: number | undefined;
}

/** Which part of a run is a worker's own: every `of`-th event, from that of number `index` on. */
export interface Share {
  readonly index: number;
  readonly of: number;
}

/** What a load run works with. */
export interface LoadDeps {
  readonly endpoint: Endpoint;
  readonly policy: DeliveryPolicy;
  readonly sender: SlotSender;
  readonly clock: AlarmClock;
  readonly log?: LoadLog | undefined;
  /** Begins nothing new, and waits for what is under way: at most 5 s. */
  readonly signal?: AbortSignal | undefined;
  /** Called once, with functions that say how far the run is, and the latencies so far. */
  readonly onStart?: ((progress: () => LoadProgress, latency: () => Durations) => void) | undefined;
}

/** A load run, and where its end is told. */
export interface LoadAssignment {
  readonly source: EventSource;
  readonly plan: LoadPlan;
  readonly means: LoadDeps;
  readonly settle: {
    readonly resolve: (result: LoadResult) => void;
    readonly reject: (error: unknown) => void;
  };
}

/** How far a run is. */
export interface LoadProgress {
  readonly elapsedMs: number;
  /** First attempts that left, forged ones included. */
  readonly begun: number;
  readonly inFlight: number;
  /** For a retry. */
  readonly waiting: number;
  readonly attempts: number;
  readonly accepted: number;
  readonly failed: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}
