import { expect, test } from 'vitest';
import { conform } from '../../src/conformance/conform.ts';
import { runSuite } from '../../src/conformance/run-suite.ts';
import { CHECKS } from '../../src/conformance/suite.ts';
import { partOf } from '../helpers/sample.ts';
import { SEED } from '../helpers/seed.ts';
import { ALL_MUTANTS } from '../mutants/all.ts';
import { findsOf } from '../mutants/matrix.ts';
import { MODEL_SECRET } from '../mutants/model-receiver.ts';
import { QUICK } from '../mutants/quick.ts';
import { findings, laboratoryFor } from '../mutants/run-model.ts';

const PROOFS = CHECKS.filter(({ id, provesAlone }) => id === 'ACK-01' || provesAlone === true);
const REFUSING = ALL_MUTANTS.filter(
  ({ fails, refusesGenuine }) => refusesGenuine === true || fails.includes('ACK-01'),
);

test.each(partOf(REFUSING, { part: SEED, of: 4 }))(
  'a run against $id, which refuses genuine events, finds ACK-01 and what it accepts',
  async (mutant) => {
    await using receiver = await mutant.create().start();
    const suite = { ...laboratoryFor(receiver), ...QUICK };
    const results = await runSuite(PROOFS, suite);
    await suite.wire.close();
    expect(findings(results, 'fail').map((line) => line.split(':')[0])).toEqual(findsOf(mutant));
  },
);

test('the diagnosis names another signature scheme that is accepted in place of the right one', async () => {
  const mutant = ALL_MUTANTS.find(({ id }) => id === 'mistaken-base64');
  const model = mutant!.create();
  await using receiver = await model.start();
  const report = await conform({
    ...{ receivers: [{ name: 'mine', url: receiver.url }], secret: MODEL_SECRET, seed: 7, pauseScale: 100 },
    only: ['ACK-01', 'SIG-10', 'SIG-11', 'SIG-12'],
  });
  expect(report.receivers[0]).toMatchObject({
    diagnosis: expect.stringContaining('base64') as string,
    explained: ['ACK-01', 'SIG-11'],
  });
});

test('a refusal of what is not JSON does not hide that the receiver re-serialises bodies', async () => {
  const mutant = ALL_MUTANTS.find(({ id }) => id === 'verifies-reserialised-body');
  await using receiver = await mutant!.create().start();
  const report = await conform({
    ...{ receivers: [{ name: 'mine', url: receiver.url }], secret: MODEL_SECRET, seed: 7, pauseScale: 100 },
    only: ['ACK-01', 'RAW-01', 'RAW-07'],
  });
  expect(report.receivers[0]?.explained).toEqual(['RAW-01', 'RAW-07']);
});
