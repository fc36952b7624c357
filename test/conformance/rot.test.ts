import { describe, expect, test } from 'vitest';
import { ROT_CHECKS } from '../../src/conformance/checks/rot.ts';
import { ModelReceiver } from '../mutants/model-receiver.ts';
import { ROTATION_MUTANTS } from '../mutants/rotation.ts';
import { expectedOf, findings, runAgainst } from '../mutants/run-model.ts';

describe('ROT', () => {
  test('is passed by the correct receiver', async () => {
    const results = await runAgainst(new ModelReceiver(), ROT_CHECKS);
    expect(findings(results, 'fail', 'error', 'non-strict', 'needs-oracle', 'skipped')).toEqual([]);
  });

  test.each(ROTATION_MUTANTS)('$id fails exactly $fails', async ({ create, fails }) => {
    const results = await runAgainst(create(), ROT_CHECKS);
    expect(findings(results, 'fail').map((line) => line.split(':')[0])).toEqual(
      expectedOf(fails, ROT_CHECKS),
    );
  });
});
