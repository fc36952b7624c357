import { describe, expect, test } from 'vitest';
import {
  DEFAULT_PATIENCE,
  readWhenQuiet,
  newLearnt,
  type OracleReading,
} from '../../src/conformance/oracle.ts';
import { LimitBudget } from '../../src/conformance/patience.ts';
import { RETRY_PAUSES_MS } from '../../src/conformance/kit/outage.ts';
import { RTY_CHECKS } from '../../src/conformance/checks/rty.ts';
import { virtualClock } from '../helpers/virtual-clock.ts';
import { findings, runAgainst } from '../mutants/run-model.ts';
import { ModelReceiver, type Notice } from '../mutants/model-receiver.ts';

describe('an oracle is asked', () => {
  const clock = virtualClock();
  const startMs = clock.now();
  /** The work is done so long after the start. */
  const doneAfter = (ms: number) => ({
    tellsState: false,
    read: () => Promise.resolve(reading(clock.now() - startMs >= ms ? 1 : 0)),
  });
  const reading = (count: number): OracleReading => ({ processed: () => count, status: () => undefined });
  const digest = (one: OracleReading) => String(one.processed(''));
  const isDone = (one: OracleReading) => one.processed('') > 0;

  test('until the expected effect is there, and the run learns how long that takes', async () => {
    const pace = { clock, patience: DEFAULT_PATIENCE, learnt: newLearnt() };
    const last = await readWhenQuiet(doneAfter(3_000), { digest, isDone }, pace);
    expect(last.processed('')).toBe(1);
    expect(pace.learnt.slowestEffectMs).toBe(3_000);
  });

  test('for longer when the receiver was slow before', async () => {
    const learnt = { ...newLearnt(), slowestEffectMs: 3_000 };
    const sinceMs = clock.now();
    const last = await readWhenQuiet(
      doneAfter(sinceMs - startMs + 4_000),
      { digest },
      { clock, learnt, patience: DEFAULT_PATIENCE },
    );
    expect(last.processed('')).toBe(1);
  });

  test('for a limited time', async () => {
    const sinceMs = clock.now();
    const pace = { clock, patience: DEFAULT_PATIENCE, learnt: newLearnt() };
    await readWhenQuiet(doneAfter(Number.POSITIVE_INFINITY), { digest, isDone }, pace);
    expect(clock.now() - sinceMs).toBe(10_200);
    expect(pace.learnt.slowestEffectMs).toBe(0);
  });
});

test('requests that wait for a rate limit at the same time use up the budget once', () => {
  const budget = new LimitBudget();
  const takes = [0, 0, 0, 5_000].map((nowMs) => budget.take(30_000, nowMs));
  expect(takes).toEqual([true, true, true, true]);
  // 35 s are gone; 265 are left.
  expect(budget.take(265_001, 100_000)).toBe(false);
  expect(budget.take(265_000, 100_000)).toBe(true);
  expect(budget.take(1, 400_000)).toBe(false);
});

describe('an event that was accepted during an outage', () => {
  /** Keeps what failed, and tries again when it was asked for something else so often. */
  class TriesAgainLater extends ModelReceiver {
    readonly #failed: Notice[] = [];
    #readings = 0;

    override async take(notice: Notice) {
      await super.take(notice).catch(() => void this.#failed.push(notice));
    }

    override get oracle() {
      const known = super.oracle;
      return {
        tellsState: true,
        read: async () => {
          this.#readings += 1;
          const isDue = this.#readings % 50 === 0 && !this.isDependencyDown;
          if (isDue) for (const notice of this.#failed.splice(0)) await this.work(notice);
          return known.read();
        },
      };
    }
  }

  test('may be processed a minute later', async () => {
    const [check] = RTY_CHECKS.filter(({ id }) => id === 'RTY-01');
    const results = await runAgainst(new TriesAgainLater(), [check!]);
    expect(findings(results, 'pass')).toEqual(['RTY-01: pass (status 200; processed once after the outage)']);
    expect(RETRY_PAUSES_MS.reduce((sum, ms) => sum + ms)).toBe(90_000);
  });
});
