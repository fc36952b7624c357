import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { SEC_CHECKS } from '../../src/conformance/checks/sec.ts';
import { LEAKAGE_MUTANTS } from '../mutants/leakage.ts';
import { ABUSE_MUTANTS } from '../mutants/abuse.ts';
import { testFamily } from '../mutants/family-tests.ts';
import { ModelReceiver } from '../mutants/model-receiver.ts';
import { findings, runAgainst } from '../mutants/run-model.ts';
import { SIMULATED_MS_HEADER } from '../mutants/simulated-time.ts';

testFamily('SEC', { checks: SEC_CHECKS, mutants: [...LEAKAGE_MUTANTS, ...ABUSE_MUTANTS] });

test('SEC leaves an accepted forgery open without an oracle', async () => {
  const trusting = ABUSE_MUTANTS.find(({ id }) => id === 'trusts-forwarded-for')!;
  const results = await runAgainst(trusting.create(), SEC_CHECKS, { oracle: undefined });
  expect(findings(results, 'needs-oracle').map((line) => line.split(':')[0])).toEqual(['SEC-07']);
});

test('SEC-04 does not blame the header for a receiver that is always slow', async () => {
  class Slow extends ModelReceiver {
    override async handle(request: IncomingMessage, response: ServerResponse) {
      response.setHeader(SIMULATED_MS_HEADER, 1_500);
      await super.handle(request, response);
    }
  }
  const checks = SEC_CHECKS.filter(({ id }) => id === 'SEC-04');
  expect(findings(await runAgainst(new Slow(), checks), 'pass')).toEqual([
    'SEC-04: pass (7 KiB: status 401)',
  ]);
});

test('SEC skips the checks that need hooks or a log file when there are none', async () => {
  const changes = { hooks: {}, readLog: undefined };
  const results = await runAgainst(new ModelReceiver(), SEC_CHECKS, changes);
  expect(findings(results, 'skipped').map((line) => line.split(':')[0])).toEqual(['SEC-03', 'SEC-08']);
});
