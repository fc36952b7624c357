import { expect, test } from 'vitest';
import { ORD_CHECKS } from '../../src/conformance/checks/ord.ts';
import { DUPLICATE_MUTANTS } from '../mutants/duplicates.ts';
import { ORDER_MUTANTS } from '../mutants/order.ts';
import { testFamily } from '../mutants/family-tests.ts';
import { ModelReceiver } from '../mutants/model-receiver.ts';
import { findings, runAgainst } from '../mutants/run-model.ts';

testFamily('ORD', { checks: ORD_CHECKS, mutants: [...DUPLICATE_MUTANTS, ...ORDER_MUTANTS] });

test('ORD judges only the answers to events out of order without an oracle', async () => {
  const results = await runAgainst(new ModelReceiver(), ORD_CHECKS, { oracle: undefined });
  expect(results.map(({ check, verdict }) => `${check.id} ${verdict.kind}`)).toEqual([
    'ORD-01 needs-oracle',
    'ORD-02 pass',
    'ORD-03 needs-oracle',
    'ORD-04 pass',
    'ORD-05 needs-oracle',
    'ORD-06 needs-oracle',
    'ORD-07 needs-oracle',
  ]);
});

test('ORD leaves states unjudged when the oracle only counts events', async () => {
  const model = new ModelReceiver();
  const oracle = { ...model.oracle, tellsState: false };
  const results = await runAgainst(model, ORD_CHECKS, { oracle });
  expect(findings(results, 'needs-oracle').map((line) => line.split(':')[0])).toEqual([
    'ORD-01',
    'ORD-03',
    'ORD-05',
    'ORD-06',
    'ORD-07',
  ]);
});
