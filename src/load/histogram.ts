/** An hour of microseconds. */
export const LARGEST_VALUE = 3_600_000_000;

/** Values below 2048 have a counter each; from there on, each doubling of the value is divided into 1024 steps. */
const STEPS = 1024;
const STEP_BITS = 10;
const COUNTERS = indexOf(LARGEST_VALUE) + 1;

/**
 * Counts whole numbers from 0 to LARGEST_VALUE to three digits: a value is off by a thousandth of itself at most. The
 * counters lie as in HdrHistogram (G. Tene), so two histograms merge exactly.
 */
export class Histogram {
  count = 0;
  readonly #counters = new Uint32Array(COUNTERS);
  #largest = 0;

  /** A duration in milliseconds. What takes longer than an hour counts as an hour. */
  recordMs(ms: number): void {
    this.record(Math.min(LARGEST_VALUE, Math.max(0, Math.round(ms * 1000))), 1);
  }

  record(value: number, count: number): void {
    const index = indexOf(value);
    this.#counters[index] = (this.#counters[index] ?? 0) + count;
    this.count += count;
    if (value > this.#largest) this.#largest = value;
  }

  /** The least value that this share of all values does not exceed, at the upper end of its step; 0 without values. */
  percentile(percent: number): number {
    const wanted = Math.max(1, Math.ceil((percent / 100) * this.count));
    let seen = 0;
    for (let index = 0; index <= indexOf(this.#largest); index += 1) {
      seen += this.#counters[index] ?? 0;
      if (seen >= wanted) return lastOf(index);
    }
    return 0;
  }

  /** Of the middles of the steps. */
  get mean(): number {
    let sum = 0;
    for (const [index, count] of this.#counters.entries())
      if (count > 0) sum += count * (firstOf(index) + Math.floor(widthOf(index) / 2));
    return this.count === 0 ? 0 : sum / this.count;
  }

  /** Each step that has values, by its upper end (but nothing above the largest value), and how many they are. */
  values(): [value: number, count: number][] {
    const values: [number, number][] = [];
    for (let index = 0; index <= indexOf(this.#largest); index += 1) {
      const count = this.#counters[index] ?? 0;
      if (count > 0) values.push([Math.min(lastOf(index), this.#largest), count]);
    }
    return values;
  }
}

function indexOf(value: number): number {
  // Of 32 bits, so that a value of up to 2^32 - 1 needs no division.
  const doublings = Math.max(0, 31 - Math.clz32(value) - STEP_BITS);
  return doublings * STEPS + (value >>> doublings);
}

function widthOf(index: number): number {
  return 2 ** Math.max(0, Math.floor(index / STEPS) - 1);
}

function firstOf(index: number): number {
  const doublings = Math.max(0, Math.floor(index / STEPS) - 1);
  return (index - doublings * STEPS) * 2 ** doublings;
}

function lastOf(index: number): number {
  return firstOf(index) + widthOf(index) - 1;
}
