import { describe, expect, test } from 'vitest';
import { ENV_CHECKS } from '../../src/conformance/checks/env.ts';
import type { SuiteContext } from '../../src/conformance/create-context.ts';
import { changesFor } from '../../src/payload/versions/index.ts';
import { ModelReceiver } from '../mutants/model-receiver.ts';
import { PAYLOAD_READING_MUTANTS } from '../mutants/payload-reading.ts';
import { findings, runAgainst, sampleOfChecks } from '../mutants/run-model.ts';

const check = (id: string) => ENV_CHECKS.filter((one) => one.id === id);

/** One of each kind, instead of all: the same bugs show. */
const EVENTS = ['inquiry.approved', 'account.created', 'verification.passed', 'report/watchlist.ready'];
const enabling =
  (...enabledEvents: string[]) =>
  (suiteContext: SuiteContext): SuiteContext => ({
    ...suiteContext,
    settings: { ...suiteContext.settings, enabledEvents },
  });

/** Every event is enabled for all checks but the one that sends every event. */
async function runQuickly(model: ModelReceiver, checks = ENV_CHECKS, changes: Partial<SuiteContext> = {}) {
  const isWide = ({ id }: { id: string }) => id === 'ENV-01';
  const wide = await runAgainst(model, checks.filter(isWide), (suite) => ({
    ...enabling(...EVENTS)(suite),
    ...changes,
  }));
  return [
    ...wide,
    ...(await runAgainst(
      model,
      checks.filter((one) => !isWide(one)),
      changes,
    )),
  ];
}

describe('ENV', () => {
  test('is passed by the correct receiver with every event enabled', async () => {
    const results = await runAgainst(new ModelReceiver(), ENV_CHECKS);
    expect(findings(results, 'fail', 'error', 'non-strict', 'needs-oracle', 'skipped', 'info')).toEqual([]);
  });

  test.each(PAYLOAD_READING_MUTANTS)('$id fails exactly its list', async ({ create, fails }) => {
    // Forty bodies more for each mutant take their time: only where they find something.
    const quick = ENV_CHECKS.filter(({ id }) => id !== 'ENV-13' || fails.includes(id));
    const checks = sampleOfChecks(fails, quick);
    const results = await runQuickly(create(), checks);
    const failed = findings(results, 'fail').map((line) => line.split(':')[0]);
    expect(failed).toEqual(fails.filter((id) => id.startsWith('ENV')));
  });

  test('has a mutant for every check', () => {
    const proven = new Set(PAYLOAD_READING_MUTANTS.flatMap(({ fails }) => fails));
    expect(ENV_CHECKS.map(({ id }) => id).filter((id) => !proven.has(id))).toEqual([]);
  });

  test('can be judged without an oracle, except for what the receiver reads', async () => {
    const results = await runQuickly(new ModelReceiver(), ENV_CHECKS, { oracle: undefined });
    expect(findings(results, 'needs-oracle').map((line) => line.split(':')[0])).toEqual(['ENV-10', 'ENV-11']);
    expect(findings(results, 'fail', 'error', 'non-strict', 'skipped')).toEqual([]);
  });

  test.each([
    {
      enabled: ['inquiry.approved', 'report/crypto_address.ready'],
      kind: 'pass',
      actual: 'status 200; not sent, for want of a body: report/crypto_address.ready',
    },
    {
      enabled: ['report/crypto_address.ready'],
      kind: 'skipped',
      actual: 'not run: no published body for report/crypto_address.ready',
    },
  ])('judges an event without a published body: $kind', async ({ enabled, kind, actual }) => {
    const [result] = await runAgainst(new ModelReceiver(), check('ENV-01'), enabling(...enabled));
    expect(result!.verdict).toMatchObject({ kind, actual });
  });

  test('only reports what other inflections break', async () => {
    class BreaksOnSnake extends ModelReceiver {
      override read(parsed: any) {
        if (parsed.data.attributes.created_at !== undefined) throw new Error('snake');
        return super.read(parsed);
      }
    }
    const [result] = await runAgainst(new BreaksOnSnake(), check('ENV-08'));
    expect(result!.verdict).toMatchObject({
      kind: 'info',
      actual: 'status 200; but other forms break it: snake: status 500',
    });
  });

  test('sends a webhook of an older version its own form, the other inflections and the newest version', async () => {
    const [result] = await runAgainst(new ModelReceiver(), check('ENV-08'), (suiteContext) => ({
      ...suiteContext,
      payload: {
        ...suiteContext.payload,
        versionChanges: changesFor('2023-01-05'),
        inflection: { inflection: 'camel', apiVersion: '2023-01-05' },
      },
    }));
    expect(result!.verdict.kind).toBe('pass');
    expect(result!.wire.map(({ label }) => label)).toEqual(['as configured', 'kebab', 'snake', '2025-12-08']);
  });
});
