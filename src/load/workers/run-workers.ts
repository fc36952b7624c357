import type { WorkerPool, PooledWorker, WorkerProgress } from './worker-pool.ts';
import type { LoadDeps, LoadPlan } from '../plan.ts';
import { mergeDurations, type LoadResult } from '../result.ts';
import { mergeProgress } from '../merge-progress.ts';
import { mergeResults } from '../merge-results.ts';

export type WorkerPoolDeps = Pick<LoadDeps, 'signal' | 'onStart'> & {
  readonly pool: WorkerPool;
  /** Milliseconds since 1970. */
  readonly now: () => number;
};

/**
 * `emit` by a pool, with one plan for each worker. All begin when the last of them is ready, and the first failure
 * ends them all.
 */
export function emitTogether(plans: readonly LoadPlan[], means: WorkerPoolDeps): Promise<LoadResult> {
  return new Promise((resolve, reject) => {
    new CrewRun(means, { resolve, reject }).start(plans);
  });
}

interface Settlement {
  readonly resolve: (result: LoadResult) => void;
  readonly reject: (error: unknown) => void;
}

class CrewRun {
  readonly #deps: WorkerPoolDeps;
  readonly #settle: Settlement;
  readonly #workers: PooledWorker[] = [];
  readonly #progress = new Map<number, WorkerProgress>();
  readonly #results = new Map<number, LoadResult>();
  readonly #interrupt = () => {
    for (const worker of this.#workers) worker.stop();
  };
  #awaited = 0;
  #isOver = false;

  constructor(means: WorkerPoolDeps, settle: Settlement) {
    this.#deps = means;
    this.#settle = settle;
  }

  start(plans: readonly LoadPlan[]): void {
    this.#awaited = plans.length;
    for (const [index, plan] of plans.entries()) {
      const listener = {
        ready: () => this.#ready(),
        progressed: (progress: WorkerProgress) => this.#progress.set(index, progress),
        done: (result: LoadResult) => this.#done(index, result),
        failed: (error: unknown) => this.#finish(() => this.#settle.reject(error)),
      };
      this.#workers.push(this.#deps.pool.start(plan, listener));
    }
  }

  #ready(): void {
    this.#awaited -= 1;
    if (this.#awaited > 0 || this.#isOver) return;
    const { signal, onStart, now } = this.#deps;
    const startMs = now();
    for (const worker of this.#workers) worker.begin(startMs);
    onStart?.(
      () => mergeProgress(this.#told()),
      () => mergeDurations(this.#told().map(({ latency }) => latency)),
    );
    signal?.addEventListener('abort', this.#interrupt, { once: true });
    if (signal?.aborted === true) this.#interrupt();
  }

  #told(): WorkerProgress[] {
    return [...this.#progress.values()];
  }

  #done(index: number, result: LoadResult): void {
    this.#results.set(index, result);
    if (this.#results.size < this.#workers.length) return;
    const [first, ...others] = [...this.#results].sort(([a], [b]) => a - b).map(([, part]) => part);
    if (first !== undefined) this.#finish(() => this.#settle.resolve(mergeResults([first, ...others])));
  }

  #finish(settle: () => void): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#deps.signal?.removeEventListener('abort', this.#interrupt);
    for (const worker of this.#workers) worker.terminate();
    settle();
  }
}
