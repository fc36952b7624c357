import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../src/event/seeded-random.ts';
import { loadScenario, SCENARIO_NAMES, type Scenario } from '../../src/scenario/load.ts';
import { latestBeginMs, planScenario, type PlanOptions } from '../../src/scenario/plan.ts';
import { library } from '../helpers/fixtures.ts';

const scenarios = await Promise.all(SCENARIO_NAMES.map((name) => loadScenario(name, library)));
const approved = await loadScenario('inquiry-approved', library);
const plan = (options: PlanOptions = {}, seed = 7, scenario: Scenario = approved) =>
  planScenario(scenario, options, seededRandom(seed));
const eventsOf = (sends: ReturnType<typeof plan>) =>
  sends.map(({ eventIndex }) => approved.steps[eventIndex]?.event);

const anyScenario = fc.constantFrom(...scenarios);
const anySeed = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const anyOptions = fc.record({
  shuffle: fc.boolean(),
  duplicates: fc.double({ min: 0, max: 1, noNaN: true }),
  jitterMs: fc.integer({ min: 0, max: 3 * 86_400_000 }),
});

describe('whatever is asked for', () => {
  test('every event is sent, each at most twice, in the order of the times, the first at once', () => {
    fc.assert(
      fc.property(anyScenario, anyOptions, anySeed, (scenario, options, seed) => {
        const sends = plan(options, seed, scenario);
        const firsts = sends.filter(({ copy }) => copy === 1).map(({ eventIndex }) => eventIndex);
        expect(firsts.sort((a, b) => a - b)).toEqual(scenario.steps.map((_, index) => index));
        const keys = sends.map(({ eventIndex, copy }) => `${eventIndex} ${copy}`);
        expect(new Set(keys).size).toBe(keys.length);
        const dues = sends.map(({ dueMs }) => dueMs);
        expect(dues).toEqual([...dues].sort((a, b) => a - b));
        expect(dues[0]).toBe(0);
        expect(dues.every(Number.isSafeInteger)).toBe(true);
      }),
    );
  });

  test('a duplicate follows its event within 10 s', () => {
    fc.assert(
      fc.property(anyScenario, anyOptions, anySeed, (scenario, options, seed) => {
        const sends = plan(options, seed, scenario);
        for (const { eventIndex, dueMs } of sends.filter(({ copy }) => copy === 2)) {
          const first = sends.find((send) => send.eventIndex === eventIndex && send.copy === 1);
          expect(dueMs - first!.dueMs).toBeGreaterThan(0);
          expect(dueMs - first!.dueMs).toBeLessThanOrEqual(10_000);
        }
      }),
    );
  });

  test('the seed repeats it', () => {
    fc.assert(
      fc.property(anyScenario, anyOptions, anySeed, (scenario, options, seed) => {
        expect(plan(options, seed, scenario)).toEqual(plan(options, seed, scenario));
      }),
    );
  });

  test('from its latest beginning on, nothing is sent before it happens, and one event just then', () => {
    const anyScale = fc.constantFrom(1, 1000, Number.POSITIVE_INFINITY);
    fc.assert(
      fc.property(anyScenario, anyOptions, anyScale, (scenario, options, timeScale) => {
        const sends = plan(options, 1, scenario);
        const beginMs = latestBeginMs(scenario, sends, { nowMs: 0, timeScale });
        const latenesses = sends.map(
          ({ eventIndex, dueMs }) => dueMs / timeScale - beginMs - scenario.steps[eventIndex]!.offsetMs,
        );
        expect(Math.min(...latenesses)).toBeGreaterThanOrEqual(0);
        expect(Math.min(...latenesses)).toBeLessThan(1);
      }),
    );
  });
});

test('without options it is the time line itself', () => {
  expect(plan()).toEqual(
    approved.steps.map(({ offsetMs }, eventIndex) => ({ eventIndex, dueMs: offsetMs, copy: 1 })),
  );
});

test('shuffle: the same moments, another order', () => {
  const sends = plan({ shuffle: true });
  expect(sends.map(({ dueMs }) => dueMs)).toEqual(plan().map(({ dueMs }) => dueMs));
  expect(eventsOf(sends)).not.toEqual(eventsOf(plan()));
});

test('shuffle: every order can come', () => {
  const quickstart = scenarios.find(({ name }) => name === 'quickstart');
  const orders = Array.from({ length: 2000 }, (_, seed) =>
    plan({ shuffle: true }, seed, quickstart)
      .map(({ eventIndex }) => eventIndex)
      .join(),
  );
  expect(new Set(orders).size).toBe(24);
});

test('duplicates: 1 doubles every event, 0 none', () => {
  expect(plan({ duplicates: 1 })).toHaveLength(2 * approved.steps.length);
  expect(plan({ duplicates: 0 })).toHaveLength(approved.steps.length);
});

test('jitter: late, never early, at most by the given time', () => {
  const sends = plan({ jitterMs: 5_000 }).sort((a, b) => a.eventIndex - b.eventIndex);
  const lateMs = sends.map(({ dueMs }, index) => dueMs - approved.steps[index]!.offsetMs);
  expect(Math.max(...lateMs) - Math.min(...lateMs)).toBeLessThanOrEqual(5_000);
  expect(new Set(lateMs).size).toBeGreaterThan(1);
});

test('only and until: a part of the story, whose first event is due at once', () => {
  const only = ['inquiry.completed', 'inquiry.approved', 'verification.passed'];
  const sends = plan({ only, until: 'inquiry.completed' });
  expect(eventsOf(sends)).toEqual(['verification.passed', 'verification.passed', 'inquiry.completed']);
  expect(sends.map(({ dueMs }) => dueMs)).toEqual([0, 60_689, 64_095]);
});

describe('contradictory options are refused', () => {
  test.each<[PlanOptions, string]>([
    [{ duplicates: 1.5 }, '`duplicates` 1.5: expected a probability from 0 to 1, e.g. 0.2'],
    [{ duplicates: -1 }, '`duplicates` -1: expected a probability from 0 to 1, e.g. 0.2'],
    [{ duplicates: Number.NaN }, '`duplicates` NaN: expected a probability from 0 to 1, e.g. 0.2'],
    [{ jitterMs: -1 }, '`jitterMs` -1: expected a number of milliseconds'],
    [
      { until: 'inquiry.aproved' },
      '`until` inquiry.aproved: not in inquiry-approved; did you mean inquiry.approved?\nIts events: inquiry.created, account.created,',
    ],
    [
      { only: ['case.created'] },
      '`only` case.created: not in inquiry-approved\nIts events: inquiry.created,',
    ],
    [{ only: [] }, '`only`: names no event; the events of inquiry-approved: inquiry.created,'],
    [
      { only: ['inquiry.approved'], until: 'inquiry.created' },
      'nothing to send: in inquiry-approved, inquiry.approved comes after inquiry.created; leave out `only` or `until`',
    ],
  ])('%j', (options, message) => {
    expect(() => plan(options)).toThrow(
      expect.objectContaining({ code: 'USAGE', message: expect.stringContaining(message) }),
    );
  });
});
