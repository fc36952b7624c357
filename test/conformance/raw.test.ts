import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import { RAW_CHECKS } from '../../src/conformance/checks/raw.ts';
import { LooksAtNoCoding } from '../models/realistic.ts';
import { ModelReceiver, Refusal } from '../mutants/model-receiver.ts';
import { RAW_BODY_MUTANTS } from '../mutants/raw-body.ts';
import { findings, runAgainst, sampleOfChecks } from '../mutants/run-model.ts';

const failed = (results: Parameters<typeof findings>[0]) =>
  findings(results, 'fail').map((line) => line.split(':')[0]!);

const reserialising = RAW_BODY_MUTANTS.find(({ id }) => id === 'verifies-reserialised-body')!;

describe('RAW', () => {
  test('is passed by the correct receiver', async () => {
    const results = await runAgainst(new ModelReceiver(), RAW_CHECKS);
    expect(findings(results, 'fail', 'error', 'non-strict', 'needs-oracle', 'skipped')).toEqual([]);
  });

  test('is passed by the correct receiver without an oracle', async () => {
    const results = await runAgainst(new ModelReceiver(), RAW_CHECKS, (suiteContext) => ({
      ...suiteContext,
      oracle: undefined,
    }));
    expect(findings(results, 'pass')).toHaveLength(RAW_CHECKS.length);
  });

  test('takes a refused gzip for right: its bytes are not those that are signed', async () => {
    const results = await runAgainst(new LooksAtNoCoding(), RAW_CHECKS);
    expect(findings(results, 'fail', 'error', 'non-strict')).toEqual([]);
  });

  test('asks for 415 where the signed bytes arrive and are refused', async () => {
    class TakesJsonAlone extends ModelReceiver {
      override checkRequest(request: IncomingMessage) {
        super.checkRequest(request);
        if (!request.headers['content-type']?.startsWith('application/json')) throw new Refusal(400, 'no');
      }
    }
    const [other] = await runAgainst(
      new TakesJsonAlone(),
      RAW_CHECKS.filter(({ id }) => id === 'RAW-10'),
    );
    expect(other!.verdict).toEqual({
      kind: 'non-strict',
      expected: 'accepts another media type or coding, or answers 415',
      actual: 'application/vnd.api+json: status 400',
    });
  });

  test.each(RAW_BODY_MUTANTS)('$id fails exactly its list', async ({ create, fails }) => {
    // Forty bodies more for each mutant take their time: only where they find something.
    const quick = RAW_CHECKS.filter(({ id }) => id !== 'RAW-11' || fails.includes(id));
    const results = await runAgainst(create(), sampleOfChecks(fails, quick));
    expect(failed(results)).toEqual(fails.filter((id) => id.startsWith('RAW')));
  });

  test('has a mutant for every check', () => {
    const proven = new Set(RAW_BODY_MUTANTS.flatMap(({ fails }) => fails));
    expect(RAW_CHECKS.map(({ id }) => id).filter((id) => !proven.has(id))).toEqual([]);
  });

  test('finds a re-serialising receiver even when nothing is included', async () => {
    const results = await runAgainst(reserialising.create(), RAW_CHECKS, (suiteContext) => ({
      ...suiteContext,
      payload: { ...suiteContext.payload, included: { kind: 'empty' } },
    }));
    const odd = ['RAW-01', 'RAW-02', 'RAW-03', 'RAW-04', 'RAW-06', 'RAW-07', 'RAW-11'];
    expect(failed(results)).toEqual(odd);
  });

  test('is failed by a receiver that accepts a body and loses it, if an oracle can tell', async () => {
    class Loses extends ModelReceiver {
      override take() {
        return Promise.resolve();
      }
    }
    const [first] = await runAgainst(new Loses(), RAW_CHECKS.slice(0, 1));
    expect(first!.verdict).toEqual({
      kind: 'fail',
      expected:
        'accepts a genuine event with other white space with 200, 201, 202, 204 within 5 s, and processes it once',
      actual:
        'pretty-printed: status 200, and processed 0 time(s); likewise tab-indented, spaces after colons',
    });
  });
});
