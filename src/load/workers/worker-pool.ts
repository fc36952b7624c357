import type { LoadPlan, LoadProgress } from '../plan.ts';
import type { LoadResult, Durations } from '../result.ts';

/** Workers that run the parts of one plan side by side, each with an event loop of its own. */
export interface WorkerPool {
  /** Prepares a worker; it sends nothing before it is told to begin. */
  start(plan: LoadPlan, listener: WorkerListener): PooledWorker;
}

export interface PooledWorker {
  /** @param startMs - when the run starts, the same for all of them; milliseconds since 1970 */
  begin(startMs: number): void;
  /** Begin nothing new, and wait for what is under way: at most 5 s. */
  stop(): void;
  /** Ends at once, whatever it does; nobody hears of it. */
  terminate(): void;
}

export interface WorkerListener {
  ready(): void;
  progressed(progress: WorkerProgress): void;
  done(result: LoadResult): void;
  /** A `HookcastError`, or a bug: anything else. */
  failed(error: unknown): void;
}

/** How far a worker is. Percentiles do not add up, so it tells its durations. */
export interface WorkerProgress extends Omit<LoadProgress, 'p50Ms' | 'p99Ms'> {
  readonly latency: Durations;
}
