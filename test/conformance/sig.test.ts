import type { ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { ACK_CHECKS } from '../../src/conformance/checks/ack.ts';
import { ROT_CHECKS } from '../../src/conformance/checks/rot.ts';
import { SIG_CHECKS } from '../../src/conformance/checks/sig.ts';
import { Secret } from '../../src/signing/sign.ts';
import { MISTAKEN_MUTANTS } from '../mutants/mistaken.ts';
import { ModelReceiver } from '../mutants/model-receiver.ts';
import { SIGNATURE_MUTANTS } from '../mutants/signature.ts';
import { expectedOf, findings, runAgainst, sampleOfChecks } from '../mutants/run-model.ts';
import { QUICK } from '../mutants/quick.ts';

const NO_PASS = ['fail', 'error', 'non-strict', 'needs-oracle', 'skipped'];

const idsOf = (lines: readonly string[]) => lines.map((line) => line.split(':')[0]);
// Twenty events in a row, and nothing about signatures.
const QUICK_CHECKS = [...ACK_CHECKS.filter(({ id }) => id !== 'ACK-03'), ...SIG_CHECKS];
const only = (id: string) => SIG_CHECKS.filter((check) => check.id === id);

describe('SIG', () => {
  test('has all eighteen checks, in their order', () => {
    const ids = Array.from({ length: 18 }, (_, index) => `SIG-${String(index + 1).padStart(2, '0')}`);
    expect(SIG_CHECKS.map(({ id }) => id)).toEqual(ids);
  });

  test('is passed by the correct receiver', async () => {
    const results = await runAgainst(new ModelReceiver(), SIG_CHECKS);
    expect(findings(results, ...NO_PASS)).toEqual([]);
  });

  test('is passed by the correct receiver without an oracle', async () => {
    const results = await runAgainst(new ModelReceiver(), SIG_CHECKS, { ...QUICK, oracle: undefined });
    expect(findings(results, ...NO_PASS)).toEqual([]);
  });

  test.each(SIGNATURE_MUTANTS)('$id fails exactly $fails', async ({ create, fails }) => {
    const checks = sampleOfChecks(fails, [...QUICK_CHECKS, ...ROT_CHECKS]);
    const results = await runAgainst(create(), checks, QUICK);
    expect(idsOf(findings(results, 'fail'))).toEqual(expectedOf(fails, checks));
  });

  test.each(MISTAKEN_MUTANTS)('$id fails only $fails', async ({ create, fails }) => {
    const checks = sampleOfChecks([...fails, 'ACK-07'], QUICK_CHECKS);
    const results = await runAgainst(create(), checks, QUICK);
    expect(idsOf(findings(results, 'fail'))).toEqual(fails);
    // That other methods do nothing can be seen without a genuine event; nothing else can.
    expect(idsOf(findings(results, 'pass'))).toEqual(['ACK-07']);
  });

  test('has a mutant for each check', () => {
    const proven = new Set(SIGNATURE_MUTANTS.flatMap(({ fails }) => fails));
    expect(SIG_CHECKS.map(({ id }) => id).filter((id) => !proven.has(id))).toEqual([]);
  });

  test('leaves an accepted forgery unjudged without an oracle', async () => {
    const mutant = SIGNATURE_MUTANTS.find(({ id }) => id === 'no-verification');
    const results = await runAgainst(mutant!.create(), SIG_CHECKS, { ...QUICK, oracle: undefined });
    // SIG-18 needs none: another answer to what cannot be parsed says enough.
    expect(idsOf(findings(results, 'fail'))).toEqual(['SIG-18']);
    const others = SIG_CHECKS.map(({ id }) => id).filter((id) => id !== 'SIG-16' && id !== 'SIG-18');
    expect(idsOf(findings(results, 'needs-oracle'))).toEqual(others);
  });
});

describe('a verdict', () => {
  test('is a failure when the receiver is down after a malformed header', async () => {
    class GoesDown extends ModelReceiver {
      override fail(response: ServerResponse, error: unknown) {
        super.fail(response, error);
        response.once('close', () => void this[Symbol.asyncDispose]());
      }
    }
    const [result] = await runAgainst(new GoesDown(), only('SIG-08'), QUICK);
    expect(result?.verdict.kind).toBe('fail');
    expect(result?.verdict.actual).toContain(
      'the next genuine event was not accepted: no answer (ECONNREFUSED)',
    );
  });

  test('is skipped in SIG-14 when the secret has no prefix', async () => {
    class OtherSecret extends ModelReceiver {
      override secret: string | undefined = 'no-prefix';
    }
    const changes = { ...QUICK, secret: new Secret('no-prefix') };
    const [result] = await runAgainst(new OtherSecret(), only('SIG-14'), changes);
    expect(result?.verdict.kind).toBe('skipped');
  });

  test('of SIG-12 comes with a record that hides the secret', async () => {
    const [result] = await runAgainst(new ModelReceiver(), only('SIG-12'), QUICK);
    const record = JSON.stringify(result?.wire.map(({ request }) => request.headers));
    expect(record).toContain('v1=[secret]');
    expect(record).not.toContain('wbhsec_');
  });
});
