import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { RTY_CHECKS } from '../../src/conformance/checks/rty.ts';
import { DUPLICATE_MUTANTS } from '../mutants/duplicates.ts';
import { RETRY_MUTANTS } from '../mutants/retries.ts';
import { testFamily } from '../mutants/family-tests.ts';
import { ModelReceiver } from '../mutants/model-receiver.ts';
import { findings, runAgainst } from '../mutants/run-model.ts';

testFamily('RTY', {
  checks: RTY_CHECKS,
  mutants: [...DUPLICATE_MUTANTS, ...RETRY_MUTANTS],
  areSideBySide: true,
});

class AsksForPatience extends ModelReceiver {
  override fail(response: ServerResponse, error: unknown) {
    response.setHeader('Retry-After', '120');
    super.fail(response, error);
  }
}

test('RTY reports a back-channel that Persona does not have', async () => {
  const results = await runAgainst(new AsksForPatience(), RTY_CHECKS);
  expect(findings(results, 'info')).toEqual([
    'RTY-04: info (will be ignored: Retry-After: 120, Retry-After: 120)',
  ]);
});
