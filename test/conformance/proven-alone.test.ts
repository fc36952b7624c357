import { expect, test } from 'vitest';
import { runSuite } from '../../src/conformance/run-suite.ts';
import { CHECKS } from '../../src/conformance/suite.ts';
import { ALL_MUTANTS } from '../mutants/all.ts';
import { findsOf } from '../mutants/matrix.ts';
import { QUICK } from '../mutants/quick.ts';
import { findings, laboratoryFor } from '../mutants/run-model.ts';

const PROOFS = CHECKS.filter(({ id, provesAlone }) => id === 'ACK-01' || provesAlone === true);
const REFUSING = ALL_MUTANTS.filter(
  ({ fails, refusesGenuine }) => refusesGenuine === true || fails.includes('ACK-01'),
);

test.each(REFUSING)(
  'of $id, which refuses genuine events, a run finds ACK-01 and what it accepts',
  async (mutant) => {
    await using receiver = await mutant.create().start();
    const suite = { ...laboratoryFor(receiver), ...QUICK };
    const results = await runSuite(PROOFS, suite);
    await suite.wire.close();
    expect(findings(results, 'fail').map((line) => line.split(':')[0])).toEqual(findsOf(mutant));
  },
);
