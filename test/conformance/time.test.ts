import { ALL_MUTANTS } from '../mutants/all.ts';
import { describe, expect, test } from 'vitest';
import { TIME_CHECKS } from '../../src/conformance/checks/time.ts';
import type { SuiteContext } from '../../src/conformance/create-context.ts';
import { AllowsSeconds } from '../models/realistic.ts';
import { ModelReceiver } from '../mutants/model-receiver.ts';
import { findings, runAgainst, expectedOf, sampleOfChecks } from '../mutants/run-model.ts';
import { TIMESTAMP_MUTANTS } from '../mutants/timestamps.ts';

const kinds = (results: Awaited<ReturnType<typeof runAgainst>>, ...ids: string[]) =>
  results.filter(({ check }) => ids.includes(check.id)).map(({ verdict }) => verdict.kind);

const blind = (suiteContext: SuiteContext): SuiteContext => ({ ...suiteContext, oracle: undefined });
const withTolerance =
  (toleranceIsGiven: boolean, toleranceSeconds: number) => (suiteContext: SuiteContext) => ({
    ...suiteContext,
    settings: { ...suiteContext.settings, toleranceIsGiven, toleranceSeconds },
  });
const mutant = (id: string) => TIMESTAMP_MUTANTS.find((one) => one.id === id)!.create();

describe('TIME', () => {
  test.each([
    [60, 'pass', /^status 200; status 401 at 60 s: its window is a minute$|^status 200$/],
    [50, 'fail', /^status 401$/],
  ])('judges a window of %i s in TIME-01', async (toleranceSeconds, kind, actual) => {
    const checks = TIME_CHECKS.filter(({ id }) => id === 'TIME-01');
    const [result] = await runAgainst(new AllowsSeconds(toleranceSeconds), checks);
    expect(result?.verdict).toMatchObject({ kind, actual: expect.stringMatching(actual) as string });
  });

  test('is passed by the correct receiver', async () => {
    const results = await runAgainst(new ModelReceiver(), TIME_CHECKS);
    expect(findings(results, 'fail', 'error', 'non-strict', 'needs-oracle', 'skipped')).toEqual([]);
  });

  test.each(TIMESTAMP_MUTANTS)('$id fails exactly its list', async ({ create, fails }) => {
    const results = await runAgainst(create(), sampleOfChecks(fails, TIME_CHECKS));
    expect(findings(results, 'fail').map((line) => line.split(':')[0])).toEqual(
      expectedOf(fails, TIME_CHECKS),
    );
  });

  test('has a mutant for every check but the one that only reports', () => {
    const proven = new Set(ALL_MUTANTS.flatMap(({ fails }) => fails));
    expect(TIME_CHECKS.map(({ id }) => id).filter((id) => !proven.has(id))).toEqual(['TIME-08']);
  });

  test('leaves an accepted replay or old timestamp unjudged without an oracle', async () => {
    const correct = await runAgainst(new ModelReceiver(), TIME_CHECKS, blind);
    expect(findings(correct, 'needs-oracle')).toEqual([
      'TIME-05: needs-oracle (replays: status 200, status 401: only an oracle can tell whether it acted again)',
    ]);
    const windowless = await runAgainst(mutant('no-window'), TIME_CHECKS, blind);
    expect(kinds(windowless, 'TIME-03', 'TIME-04')).toEqual(['needs-oracle', 'needs-oracle']);
  });

  test.each([
    { given: false, seconds: 300, kind: 'non-strict' },
    { given: true, seconds: 300, kind: 'fail' },
    { given: true, seconds: 31 * 86_400, kind: 'skipped' },
  ])(
    'judges a receiver without a window as $kind (tolerance given: $given, $seconds s)',
    async ({ given, seconds, kind }) => {
      const results = await runAgainst(mutant('no-window'), TIME_CHECKS, withTolerance(given, seconds));
      expect(kinds(results, 'TIME-03')).toEqual([kind]);
    },
  );

  test('is passed by a receiver with the longer tolerance that its owner gave', async () => {
    const model = new ModelReceiver();
    model.toleranceSeconds = 3_600;
    const results = await runAgainst(model, TIME_CHECKS, withTolerance(true, 3_600));
    expect(kinds(results, 'TIME-03')).toEqual(['pass']);
  });

  test('reports a late retry with its first timestamp', async () => {
    const lost = await runAgainst(new ModelReceiver(), TIME_CHECKS);
    const kept = await runAgainst(mutant('no-window'), TIME_CHECKS);
    expect([lost, kept].map((results) => results.at(-1)!.verdict.actual)).toEqual([
      'status 401: late retries would be lost if they kept their first signature',
      'status 200: late retries would be accepted even if they kept their first signature',
    ]);
  });

  test('leaves a replay unjudged when the event was never processed', async () => {
    class Loses extends ModelReceiver {
      override take() {
        return Promise.resolve();
      }
    }
    expect(kinds(await runAgainst(new Loses(), TIME_CHECKS), 'TIME-05')).toEqual(['error']);
  });
});
