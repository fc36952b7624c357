import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../src/event/seeded-random.ts';
import { systemClock } from '../../src/delivery/system-clock.ts';
import { virtualClock } from '../helpers/virtual-clock.ts';

describe.each([
  ['system', () => systemClock],
  ['virtual', () => virtualClock()],
])('the %s clock', (_, create) => {
  test('wakes never early', async () => {
    const clock = create();
    for (const ms of [0, 0.3, 1, 5.5, 20]) {
      const before = clock.now();
      await clock.sleep(ms);
      // A double of this size holds times to a quarter of a microsecond.
      expect(clock.now() - before).toBeGreaterThan(ms - 0.001);
    }
  });

  test('wakes at once, with the reason, when it is aborted', async () => {
    const clock = create();
    await expect(clock.sleep(60_000, AbortSignal.abort(new Error('stop')))).rejects.toThrow();
  });
});

test('a sleep in progress can be aborted', async () => {
  const controller = new AbortController();
  const sleep = systemClock.sleep(3_000_000_000, controller.signal);
  controller.abort();
  await expect(sleep).rejects.toThrow();
});

test('the system clock tells the time of day', () => {
  expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(5_000);
});

test('a seed gives the same numbers everywhere', () => {
  const random = seededRandom(42);
  expect(Array.from({ length: 8 }, () => random.below(58))).toMatchInlineSnapshot(`
    [
      23,
      9,
      1,
      26,
      10,
      6,
      38,
      9,
    ]
  `);
});
