import type { WorkerProgress } from './workers/run-workers.ts';
import { mergeDurations, summarise } from './result.ts';
import type { LoadProgress } from './plan.ts';

/** How far several workers are together; those that have not said anything yet are left out. */
export function mergeProgress(parts: readonly WorkerProgress[]): LoadProgress {
  const sum = (pick: (part: WorkerProgress) => number) =>
    parts.reduce((total, part) => total + pick(part), 0);
  const { p50Ms = 0, p99Ms = 0 } = summarise(mergeDurations(parts.map(({ latency }) => latency))) ?? {};
  return {
    elapsedMs: Math.max(0, ...parts.map(({ elapsedMs }) => elapsedMs)),
    begun: sum(({ begun }) => begun),
    inFlight: sum(({ inFlight }) => inFlight),
    waiting: sum(({ waiting }) => waiting),
    attempts: sum(({ attempts }) => attempts),
    accepted: sum(({ accepted }) => accepted),
    failed: sum(({ failed }) => failed),
    p50Ms,
    p99Ms,
  };
}
