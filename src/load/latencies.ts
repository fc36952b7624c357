import hdr, { type JsHistogram } from 'hdr-histogram-js';

/** An hour; what takes longer counts as that long. */
const LONGEST_US = 3_600_000_000;

/** Durations in a plain form: each duration that occurred (microseconds, 3 digits), and how often. */
export type Durations = readonly (readonly [us: number, count: number])[];

/** Collects durations, in milliseconds, at about 0.1 us each and in 95 kB however many there are. */
export class DurationRecorder {
  readonly #histogram = newHistogram();

  record(ms: number): void {
    this.#histogram.recordValue(Math.min(LONGEST_US, Math.max(0, Math.round(ms * 1000))));
  }

  durations(): Durations {
    return valuesOf(this.#histogram);
  }

  /** Milliseconds; 0 when nothing was recorded. */
  percentile(percent: number): number {
    return this.#histogram.getValueAtPercentile(percent) / 1000;
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
  const at = (percent: number) => Math.min(last[0], histogram.getValueAtPercentile(percent)) / 1000;
  return {
    count: histogram.totalCount,
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
  return valuesOf(histogramOf(parts));
}

function histogramOf(parts: readonly Durations[]): JsHistogram {
  const histogram = newHistogram();
  for (const part of parts) for (const [us, count] of part) histogram.recordValueWithCount(us, count);
  return histogram;
}

function newHistogram(): JsHistogram {
  // Without autoResize a value needs no check; without WebAssembly nothing is shared by the whole process.
  return hdr.build({
    bitBucketSize: 32,
    autoResize: false,
    highestTrackableValue: LONGEST_US,
    numberOfSignificantValueDigits: 3,
  }) as unknown as JsHistogram;
}

function valuesOf(histogram: JsHistogram): Durations {
  const values: [number, number][] = [];
  const iterator = histogram.recordedValuesIterator;
  iterator.reset();
  while (iterator.hasNext()) {
    const { valueIteratedTo, countAtValueIteratedTo } = iterator.next();
    // The upper end of its range, but nothing longer than what was measured.
    values.push([Math.min(valueIteratedTo, histogram.maxValue), countAtValueIteratedTo]);
  }
  return values;
}
