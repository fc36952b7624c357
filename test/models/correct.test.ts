import { describe, expect, test } from 'vitest';
import { partOf } from '../helpers/sample.ts';
import { SEED } from '../helpers/seed.ts';
import { faultsFound } from './judge.ts';
import { hasPython, startPythonReceiver } from './python-receiver.ts';
import { CORRECT_RECEIVERS, type CorrectReceiver } from './receivers.ts';

const KINDS = Object.keys(CORRECT_RECEIVERS) as CorrectReceiver[];

/** Soak asks all that core, strict and probe ask; those alone, and many runs of each: correct-repeatedly.test.ts. */
describe('a correct receiver that', { timeout: 600_000 }, () => {
  test.each(KINDS)('%s gets no failure (Node)', async (kind) => {
    await using receiver = await CORRECT_RECEIVERS[kind]().start();
    expect(await faultsFound(receiver, 'soak')).toEqual([]);
  });

  const sampled = partOf(KINDS, { part: SEED, of: KINDS.length });
  test.skipIf(!hasPython).each(sampled)('%s gets no failure (Python)', async (kind) => {
    await using receiver = await startPythonReceiver(kind);
    expect(await faultsFound(receiver, 'soak')).toEqual([]);
  });
});
