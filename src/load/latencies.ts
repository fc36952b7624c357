import { Histogram, LARGEST_VALUE } from './histogram.ts';

/** Durations in a plain form: each duration that occurred (microseconds, 3 digits), and how often. */
export type Durations = readonly (readonly [us: number, count: number])[];

/** Collects durations, in milliseconds, in 95 kB however many there are. What takes longer than an hour counts as an hour. */
export class DurationRecorder {
  readonly #histogram = new Histogram();

  record(ms: number): void {
    this.#histogram.record(Math.min(LARGEST_VALUE, Math.max(0, Math.round(ms * 1000))), 1);
  }

  durations(): Durations {
    return this.#histogram.values();
  }

  /** Milliseconds; 0 when nothing was recorded. */
  percentile(percent: number): number {
    return this.#histogram.percentile(percent) / 1000;
  }
}

export interface DurationSummary {
  readonly count: number;
  readonly meanMs: number;
  readonly minMs: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  readonly maxMs: number;
}

/** What people ask of durations; undefined when there are none. */
export function summarise(durations: Durations): DurationSummary | undefined {
  const [first, last] = [durations[0], durations.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const histogram = histogramOf([durations]);
  const at = (percent: number) => Math.min(last[0], histogram.percentile(percent)) / 1000;
  return {
    count: histogram.count,
    meanMs: histogram.mean / 1000,
    minMs: first[0] / 1000,
    p50Ms: at(50),
    p90Ms: at(90),
    p99Ms: at(99),
    p999Ms: at(99.9),
    maxMs: last[0] / 1000,
  };
}

export function mergeDurations(parts: readonly Durations[]): Durations {
  return histogramOf(parts).values();
}

function histogramOf(parts: readonly Durations[]): Histogram {
  const histogram = new Histogram();
  for (const part of parts) for (const [us, count] of part) histogram.record(us, count);
  return histogram;
}
