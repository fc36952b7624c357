import { expect, test } from 'vitest';
import { IDEM_CHECKS } from '../../src/conformance/checks/idem.ts';
import { DUPLICATE_MUTANTS } from '../mutants/duplicates.ts';
import { testFamily } from '../mutants/family-tests.ts';
import { ModelReceiver } from '../mutants/model-receiver.ts';
import { findings, runAgainst } from '../mutants/run-model.ts';

testFamily('IDEM', { checks: IDEM_CHECKS, mutants: DUPLICATE_MUTANTS });

test('IDEM judges only the acknowledgement of a duplicate without an oracle', async () => {
  const results = await runAgainst(new ModelReceiver(), IDEM_CHECKS, { oracle: undefined });
  expect(results.map(({ check, verdict }) => `${check.id} ${verdict.kind}`)).toEqual([
    'IDEM-01 pass',
    ...[2, 3, 4, 5, 6, 7, 8, 9].map((number) => `IDEM-0${number} needs-oracle`),
    'IDEM-10 needs-oracle',
  ]);
});

test('IDEM skips the checks that need hooks when there are none', async () => {
  const results = await runAgainst(new ModelReceiver(), IDEM_CHECKS, { hooks: {} });
  expect(findings(results, 'skipped').map((line) => line.split(':')[0])).toEqual([
    'IDEM-08',
    'IDEM-09',
    'IDEM-10',
  ]);
});
