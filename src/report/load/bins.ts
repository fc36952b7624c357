import type { Durations } from '../../load/result.ts';

/** How many durations lie above `fromMs` and not above `toMs`. */
export interface Bin {
  readonly fromMs: number;
  readonly toMs: number;
  readonly count: number;
}

/** Bins between the numbers 1, 2, 5, 10, 20, … as many as there are durations for. */
export function roundBins(durations: Durations): Bin[] {
  const edges: number[] = [];
  for (let decade = 0.001; decade <= 10_000_000; decade *= 10) edges.push(decade, 2 * decade, 5 * decade);
  return binsBetween(durations, edges);
}

/** As many bins as asked for, each wider than the one before by the same factor. */
export function evenBins(durations: Durations, bins: number): Bin[] {
  const [first, last] = [durations[0], durations.at(-1)];
  if (first === undefined || last === undefined) return [];
  const fromMs = Math.max(1, first[0]) / 1000 / 1.05;
  const factor = Math.max(1.02, (Math.max(1, last[0]) / 1000 / fromMs) ** (1 / bins));
  return binsBetween(
    durations,
    Array.from(
      { length: bins + 1 },
      (_, index) => fromMs * factor ** index * (index === bins ? 1.000_001 : 1),
    ),
  );
}

/** Empty ones at both ends are left out; what lies outside counts in the outermost. */
function binsBetween(durations: Durations, edges: readonly number[]): Bin[] {
  const counts = edges.slice(1).map(() => 0);
  for (const [us, count] of durations) {
    const above = edges.findIndex((edge) => us / 1000 <= edge);
    const index = above < 0 ? counts.length - 1 : Math.max(0, above - 1);
    counts[index] = (counts[index] ?? 0) + count;
  }
  const all = counts.map((count, index) => ({
    fromMs: edges[index] ?? 0,
    toMs: edges[index + 1] ?? 0,
    count,
  }));
  const isSeen = ({ count }: Bin) => count > 0;
  return all.slice(Math.max(0, all.findIndex(isSeen)), all.findLastIndex(isSeen) + 1);
}
