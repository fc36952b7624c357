import { expect, test } from 'vitest';
import { checkPlan } from '../../src/load/check-plan.ts';
import { createSimulator } from '../../src/simulator/simulator.ts';

const WHOLE = (to: number) => `expected a whole number from 1 to ${to}`;

test.each([
  [{ reorder: 0 }, `reorder 0: ${WHOLE(10_000_000)}`],
  [{ reorder: -1 }, `reorder -1: ${WHOLE(10_000_000)}`],
  [{ reorder: 999_999_999_999 }, `reorder 999999999999: ${WHOLE(10_000_000)}`],
  [{ ratePerSecond: -1 }, 'ratePerSecond -1: expected a number above 0'],
  [{ ratePerSecond: Infinity }, 'ratePerSecond Infinity: expected a number above 0'],
  [{ duplicates: 2 }, 'duplicates 2: expected a number from 0 to 1'],
  [{ forged: -0.1 }, 'forged -0.1: expected a number from 0 to 1'],
  [{ concurrency: 0 }, `concurrency 0: ${WHOLE(65_535)}`],
  [{ concurrency: 1.5 }, `concurrency 1.5: ${WHOLE(65_535)}`],
  [{ count: -1 }, 'count -1: expected a whole number from 0 to 9007199254740991'],
  [{ count: 0.5 }, 'count 0.5: expected a whole number from 0 to 9007199254740991'],
  [{ durationMs: 0 }, 'durationMs 0: expected a number above 0'],
  [{ durationMs: NaN }, 'durationMs NaN: expected a number above 0'],
  [{ workers: 0 }, `workers 0: ${WHOLE(256)}`],
  [{ workers: 1.5 }, `workers 1.5: ${WHOLE(256)}`],
  [{ outageMs: 3.6e9, ratePerSecond: 1e6 }, 'outageMs 3600000000: would queue 3600000000000 events'],
  [{ mix: 'inquiry.*', scenario: 'quickstart' }, 'mix and scenario both choose the events'],
])('the plan %j is refused with the name of the option', (plan, message) => {
  expect(() => checkPlan(plan)).toThrow(message);
});

test('a caller of the library gets the error before anything is sent', async () => {
  const simulator = createSimulator({ webhook: { url: 'http://127.0.0.1:9/' } });
  await expect(simulator.emit({}, { count: 2, reorder: 0 })).rejects.toThrow('reorder 0: expected');
  const both = { mix: 'inquiry.*', scenario: 'quickstart' };
  await expect(simulator.emit(both, { count: 2 })).rejects.toThrow('give one of them');
});
