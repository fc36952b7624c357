import type { LoadDeps, LoadPlan, LoadProgress } from '../plan.ts';
import { mergeDurations, type Durations, type LoadResult } from '../result.ts';
import { mergeProgress } from '../merge-progress.ts';
import { mergeResults } from '../merge-results.ts';

/** Prepares a worker for a part of a plan, with an event loop of its own. */
export type WorkerPool = (plan: LoadPlan) => PooledWorker;

export interface PooledWorker {
  /** It is prepared, and sends nothing before it is told to begin. */
  readonly ready: Promise<void>;
  /** Rejects with a `HookcastError`, or a bug: anything else. */
  readonly result: Promise<LoadResult>;
  /** Undefined while it has not said anything. */
  readonly progress: WorkerProgress | undefined;
  /** @param startMs - when the run starts, the same for all of them; milliseconds since 1970 */
  begin(startMs: number): void;
  /** Begin nothing new, and wait for what is under way: at most 5 s. */
  stop(): void;
  /** Ends at once, whatever it does; nobody hears of it. */
  terminate(): void;
}

/** How far a worker is. Percentiles do not add up, so it tells its durations. */
export interface WorkerProgress extends Omit<LoadProgress, 'p50Ms' | 'p99Ms'> {
  readonly latency: Durations;
}

export type WorkerPoolDeps = Pick<LoadDeps, 'signal' | 'onStart'> & {
  readonly pool: WorkerPool;
  /** Milliseconds since 1970. */
  readonly now: () => number;
};

/**
 * `emit` by a pool, with one plan for each worker. All begin when the last of them is ready, and the first failure
 * ends them all.
 */
export async function emitTogether(
  plans: readonly LoadPlan[],
  { pool, signal, onStart, now }: WorkerPoolDeps,
): Promise<LoadResult> {
  const workers = plans.map(pool);
  const results = Promise.all(workers.map(({ result }) => result));
  const told = () => workers.flatMap(({ progress }) => progress ?? []);
  const interrupt = () => workers.forEach((worker) => worker.stop());
  try {
    await Promise.race([Promise.all(workers.map(({ ready }) => ready)), results]);
    const startMs = now();
    for (const worker of workers) worker.begin(startMs);
    onStart?.(
      () => mergeProgress(told()),
      () => mergeDurations(told().map(({ latency }) => latency)),
    );
    signal?.addEventListener('abort', interrupt, { once: true });
    if (signal?.aborted === true) interrupt();
    return mergeResults((await results) as [LoadResult, ...LoadResult[]]);
  } finally {
    signal?.removeEventListener('abort', interrupt);
    for (const worker of workers) worker.terminate();
  }
}
