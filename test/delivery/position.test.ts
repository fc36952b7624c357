import fc from 'fast-check';
import { expect, test } from 'vitest';
import { positionOf, skippedOfWait, skippedTimeOf } from '../../src/delivery/position.ts';
import { DEFAULT_POLICY } from '../../src/persona/policies.ts';

const FIRST = Date.parse('2026-01-31T12:00:00.250Z');

test.each([
  // attempt, after ms, skipped before, skipped since -> left, elapsed, simulated after ms
  ['a first attempt', 1, 0, 0, 0, 8, 0, 0],
  ['a first attempt that was moved to', 1, 0, 7_000, 0, 8, 0, 7_000],
  ['a retry in real time', 2, 3_010, 0, 0, 7, 3_010, 3_010],
  ['a retry at a scale', 2, 13, 0, 2_997, 7, 3_010, 3_010],
  ['both', 3, 80, 7_000, 68_930, 6, 69_010, 76_010],
  ['the last attempt', 9, 446_980_000, 0, 0, 0, 446_980_000, 446_980_000],
  ['one that a shorter policy no longer has', 10, 1, 0, 0, 0, 1, 1],
])('%s', (_, attempt, afterMs, skippedBeforeMs, skippedMs, attemptsLeft, elapsed, simulated) => {
  const nowMs = FIRST + afterMs;
  const firstAtMs = attempt === 1 ? undefined : FIRST;
  const position = positionOf(attempt, { nowMs, firstAtMs, skippedBeforeMs, skippedMs }, DEFAULT_POLICY);
  expect(position).toEqual({
    ...{ attempt, attemptsLeft, nowMs },
    simulatedElapsedMs: elapsed,
    simulatedAtMs: FIRST + simulated,
  });
});

test.each<[string, number, number, number, number?]>([
  ['a wait in real time skips nothing', 3_000, 3_000, 0],
  ['a wait at a scale skips what it did not take', 3_000, 3, 2_997],
  ['a wait that takes longer than planned counts as long as it took', 3_000, 12_000, 0],
  ['a pause does not count', 3_000, 3_600_000, -3_597_000, 3_597_000],
  ['what a wait took beside a pause counts', 3_000, 20_000, -8_000, 8_000],
  [
    'a wait during which the clock is set back counts as long as it was planned',
    3_000,
    -3_597_000,
    3_600_000,
  ],
])('%s', (_, delayMs, passedMs, skippedMs, pausedMs = 0) => {
  expect(skippedOfWait({ sinceMs: FIRST, delayMs, pausedMs }, FIRST + passedMs)).toBe(skippedMs);
});

test('simulated time goes forward by the wait at least, whatever the wall clock does', () => {
  const ms = fc.integer({ min: -1e9, max: 1e9 });
  const span = fc.integer({ min: 0, max: 1e9 });
  fc.assert(
    fc.property(ms, span, span, (jumpMs, delayMs, before) => {
      const first = positionOf(1, { nowMs: FIRST, skippedBeforeMs: before }, DEFAULT_POLICY);
      const nowMs = FIRST + jumpMs;
      const skipped = {
        skippedBeforeMs: before,
        skippedMs: skippedOfWait({ sinceMs: FIRST, delayMs }, nowMs),
      };
      const second = positionOf(2, { nowMs, firstAtMs: FIRST, ...skipped }, DEFAULT_POLICY);
      expect(second.simulatedElapsedMs).toBeGreaterThanOrEqual(delayMs);
      expect(second.simulatedAtMs - first.simulatedAtMs).toBe(second.simulatedElapsedMs);
      expect(second.simulatedAtMs).toBeGreaterThanOrEqual(nowMs);
      expect(skippedTimeOf(second, FIRST)).toEqual(skipped);
    }),
  );
});
