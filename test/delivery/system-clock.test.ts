import { expect, test } from 'vitest';
import { seededRandom } from '../../src/event/seeded-random.ts';
import { systemClock } from '../../src/delivery/system-clock.ts';

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
