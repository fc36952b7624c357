import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Histogram, LARGEST_VALUE } from '../../src/load/histogram.ts';
import { mergeDurations, summarise } from '../../src/load/result.ts';

/** Of all magnitudes alike: most durations are short. */
const value = fc
  .double({ min: 0, max: Math.log2(LARGEST_VALUE), noNaN: true })
  .map((bits) => Math.min(LARGEST_VALUE, Math.floor(2 ** bits)));
const values = fc.array(value, { minLength: 1, maxLength: 300 });

function histogramOf(all: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const one of all) histogram.record(one, 1);
  return histogram;
}

test('a percentile is that of the sorted values, at most a thousandth higher', () => {
  fc.assert(
    fc.property(values, fc.double({ min: 0.1, max: 100, noNaN: true }), (all, percent) => {
      const sorted = all.toSorted((a, b) => a - b);
      const exact = sorted[Math.max(1, Math.ceil((percent / 100) * all.length)) - 1]!;
      const found = histogramOf(all).percentile(percent);
      expect(found).toBeGreaterThanOrEqual(exact);
      expect(found - exact).toBeLessThanOrEqual(exact / 1000);
    }),
  );
});

test('values below 2048 are exact, and the mean is off by at most a thousandth', () => {
  fc.assert(
    fc.property(values, (all) => {
      const histogram = histogramOf(all);
      const mean = all.reduce((sum, one) => sum + one, 0) / all.length;
      expect(Math.abs(histogram.mean - mean)).toBeLessThanOrEqual(mean / 1000);
      const small = all.map((one) => one % 2048);
      expect(histogramOf(small).percentile(50)).toBe(
        small.toSorted((a, b) => a - b)[Math.ceil(all.length / 2) - 1],
      );
    }),
  );
});

test('merged parts equal one histogram of all values', () => {
  const record = (all: readonly number[]) => {
    const recorder = new Histogram();
    for (const us of all) recorder.recordMs(us / 1000);
    return recorder.values();
  };
  fc.assert(
    fc.property(values, values, (some, others) => {
      const merged = mergeDurations([record(some), record(others)]);
      const whole = record([...some, ...others]);
      expect(merged.map(([, count]) => count)).toEqual(whole.map(([, count]) => count));
      expect(summarise(merged)?.p99Ms).toBe(summarise(whole)?.p99Ms);
      expect(summarise(merged)?.count).toBe(some.length + others.length);
    }),
  );
});

test('an empty histogram reports no values, and more than an hour counts as an hour', () => {
  const recorder = new Histogram();
  expect([recorder.percentile(99), recorder.values(), summarise([])]).toEqual([0, [], undefined]);
  recorder.recordMs(7_200_000);
  recorder.recordMs(-1);
  expect(recorder.values()).toEqual([
    [0, 1],
    [LARGEST_VALUE, 1],
  ]);
});
