import { describe, expect, test } from 'vitest';
import { ACK_CHECKS } from '../../src/conformance/checks/ack.ts';
import { ROT_CHECKS } from '../../src/conformance/checks/rot.ts';
import { SIG_CHECKS } from '../../src/conformance/checks/sig.ts';
import { disguisedFailure } from '../../src/conformance/kit/disguised-failure.ts';
import { ACKNOWLEDGING_MUTANTS } from '../mutants/acknowledging.ts';
import { ModelReceiver } from '../mutants/model-receiver.ts';
import { findings, runAgainst, expectedOf, sampleOfChecks } from '../mutants/run-model.ts';
import { QUICK } from '../mutants/quick.ts';

const NO_PASS = ['fail', 'error', 'non-strict', 'needs-oracle', 'skipped'];

const idsOf = (lines: readonly string[]) => lines.map((line) => line.split(':')[0]);
const only = (id: string) => ACK_CHECKS.filter((check) => check.id === id);
const mutant = (id: string) => ACKNOWLEDGING_MUTANTS.find((candidate) => candidate.id === id)!.create();

describe('ACK', () => {
  test('has all nine checks, in their order', () => {
    expect(ACK_CHECKS.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => `ACK-0${n}`));
  });

  test('is passed by the correct receiver', async () => {
    const results = await runAgainst(new ModelReceiver(), ACK_CHECKS);
    expect(findings(results, ...NO_PASS)).toEqual([]);
  });

  test('is passed by the correct receiver without an oracle', async () => {
    const results = await runAgainst(new ModelReceiver(), ACK_CHECKS, { ...QUICK, oracle: undefined });
    expect(findings(results, ...NO_PASS)).toEqual([]);
  });

  test.each(ACKNOWLEDGING_MUTANTS)('$id fails exactly $fails', async ({ create, fails, refusesGenuine }) => {
    const others = refusesGenuine === true ? SIG_CHECKS : [...SIG_CHECKS, ...ROT_CHECKS];
    const checks = sampleOfChecks(fails, [...ACK_CHECKS, ...others]);
    const results = await runAgainst(create(), checks, QUICK);
    expect(idsOf(findings(results, 'fail'))).toEqual(expectedOf(fails, checks));
  });

  test('has a mutant for each check', () => {
    const proven = new Set(ACKNOWLEDGING_MUTANTS.flatMap(({ fails }) => fails));
    expect(ACK_CHECKS.map(({ id }) => id).filter((id) => !proven.has(id))).toEqual([]);
  });

  test('leaves an event that came by another method unjudged without an oracle', async () => {
    const results = await runAgainst(mutant('any-method'), only('ACK-07'), { ...QUICK, oracle: undefined });
    expect(idsOf(findings(results, 'needs-oracle'))).toEqual(['ACK-07']);
  });

  test('skips the check that needs a restart without hooks', async () => {
    const results = await runAgainst(new ModelReceiver(), only('ACK-09'), { ...QUICK, hooks: {} });
    expect(idsOf(findings(results, 'skipped'))).toEqual(['ACK-09']);
  });

  test('calls a success that only the user allows not strict', async () => {
    const settings = {
      acceptedStatuses: [200, 203],
      enabledEvents: ['*'],
      customHeaders: {},
      toleranceIsGiven: true,
      toleranceSeconds: 300,
    };
    const results = await runAgainst(mutant('answers-203'), ACK_CHECKS.slice(0, 2), { ...QUICK, settings });
    expect(results.map(({ verdict }) => verdict.kind)).toEqual(['pass', 'non-strict']);
  });
});

describe('a failure in the body of a success is', () => {
  test.each([
    ['{"error":"bad signature"}', "a member 'error' that tells of a failure"],
    ['{"success":false}', "a member 'success' that tells of a failure"],
    ['{"ok":false}', "a member 'ok' that tells of a failure"],
    ['{"statusCode":500,"message":"x"}', "a member 'statusCode' that tells of a failure"],
    ['{"status":"error"}', "a member 'status' that tells of a failure"],
    ['"Error: no such user"', 'an error text'],
    ['Internal Server Error', 'an error text'],
    ['Failed to verify', 'an error text'],
    ['Traceback (most recent call last):\n  File "a.py"', 'a Python traceback'],
    ['oops\n    at handle (/srv/app.js:10:5)\n', 'a stack trace'],
    ['<html><title>404 Not Found</title>', 'an error page'],
  ])('found in %s', (body, sign) => {
    expect(disguisedFailure(Buffer.from(body))).toBe(sign);
  });

  test.each([
    [
      '',
      'OK',
      'ok, no errors',
      '{}',
      '{"received":true}',
      '{"error":null,"errors":[]}',
      '{"success":true,"errors":{}}',
      '[]',
      'true',
    ],
    ['{"status":"ok","code":0}', '{"status":200}', '<html><title>Welcome</title>', '{"errorCount":0}'],
  ])('not seen in %s …', (...bodies) => {
    expect(bodies.map((body) => disguisedFailure(Buffer.from(body)))).toEqual(bodies.map(() => undefined));
  });
});
