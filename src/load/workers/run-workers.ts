import type { Crew, CrewWorker, WorkerProgress } from './workers.ts';
import { mergeDurations } from '../latencies.ts';
import type { LoadMeans, LoadPlan } from '../plan.ts';
import type { LoadResult } from '../result.ts';
import { mergeProgress } from '../merge-progress.ts';
import { mergeResults } from '../merge-results.ts';

export type CrewMeans = Pick<LoadMeans, 'signal' | 'onStart'> & {
  readonly crew: Crew;
  /** Milliseconds since 1970. */
  readonly now: () => number;
};

/**
 * `emit` by a crew, with one plan for each worker. All begin when the last of them is ready, and the first failure
 * ends them all.
 */
export function emitTogether(plans: readonly LoadPlan[], means: CrewMeans): Promise<LoadResult> {
  return new Promise((resolve, reject) => {
    new CrewRun(means, { resolve, reject }).start(plans);
  });
}

interface Settlement {
  readonly resolve: (result: LoadResult) => void;
  readonly reject: (error: unknown) => void;
}

class CrewRun {
  readonly #means: CrewMeans;
  readonly #settle: Settlement;
  readonly #workers: CrewWorker[] = [];
  readonly #progress = new Map<number, WorkerProgress>();
  readonly #results = new Map<number, LoadResult>();
  readonly #interrupt = () => {
    for (const worker of this.#workers) worker.stop();
  };
  #awaited = 0;
  #isOver = false;

  constructor(means: CrewMeans, settle: Settlement) {
    this.#means = means;
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
      this.#workers.push(this.#means.crew.hire(plan, listener));
    }
  }

  #ready(): void {
    this.#awaited -= 1;
    if (this.#awaited > 0 || this.#isOver) return;
    const { signal, onStart, now } = this.#means;
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
    this.#means.signal?.removeEventListener('abort', this.#interrupt);
    for (const worker of this.#workers) worker.dismiss();
    settle();
  }
}
