import { describe, expect, test } from 'vitest';
import { runSuite } from '../../src/conformance/run-suite.ts';
import { CHECKS } from '../../src/conformance/suite.ts';
import { ALL_MUTANTS } from './all.ts';
import { ModelReceiver } from './model-receiver.ts';
import type { Mutant } from './mutant.ts';
import { laboratoryFor } from './run-model.ts';

/** Each of these takes seconds even in scaled time; the tests of their families prove them. */
const SLOW: ReadonlySet<string> = new Set(['RTY-03', 'LOAD-01', 'LOAD-02', 'LOAD-03']);
const MATRIX_CHECKS = CHECKS.filter(({ id }) => !SLOW.has(id));

/** What a whole run finds of a mutant: its list; of one that refuses genuine events, that and what proves itself. */
export function findsOf({ fails, refusesGenuine, proves = [] }: Mutant): readonly string[] {
  return refusesGenuine === true || fails.includes('ACK-01') ? ['ACK-01', ...proves] : fails;
}

/** Runs the whole suite against the correct receiver and half of the mutants. */
export function testMutants(half: 'even' | 'odd'): void {
  const rest = half === 'even' ? 0 : 1;

  describe(`the suite finds in each receiver exactly its bug (${half})`, () => {
    test('nothing in the correct one', async () => {
      const found = await failuresIn(new ModelReceiver());
      expect(found).toEqual([]);
    });

    // A mutant that only the slow checks can find is slow itself.
    const quick = ALL_MUTANTS.filter(
      (mutant) => !findsOf(mutant).every((id) => SLOW.has(id)) || findsOf(mutant).length === 0,
    );
    test.each(quick.filter((_, index) => index % 2 === rest))('$id', async (mutant) => {
      const expected = findsOf(mutant).filter((id) => !SLOW.has(id));
      expect(await failuresIn(mutant.create())).toEqual(inOrder(expected));
    });
  });
}

async function failuresIn(model: ModelReceiver): Promise<string[]> {
  await using receiver = await model.start();
  const suiteContext = laboratoryFor(receiver);
  const results = await runSuite(MATRIX_CHECKS, suiteContext);
  await suiteContext.wire.close();
  return results.filter(({ verdict }) => verdict.kind === 'fail').map(({ check }) => check.id);
}

function inOrder(ids: readonly string[]): string[] {
  return CHECKS.map(({ id }) => id as string).filter((id) => ids.includes(id));
}
