import { describe, expect, test } from 'vitest';
import { partOf } from '../helpers/sample.ts';
import { SEED } from '../helpers/seed.ts';
import { faultsFound } from './judge.ts';
import { REALISTIC } from './realistic.ts';

const CASES = partOf(Object.entries(REALISTIC), { part: SEED, of: 15 });

describe('a receiver that', { timeout: 600_000 }, () => {
  test.each(CASES)('%s gets no failure', async (_, { create, notStrict = [] }) => {
    await using receiver = await create().start();
    const faults = await faultsFound(receiver, 'soak');
    const isExpected = (fault: string) => notStrict.some((id) => fault.startsWith(`${id}: non-strict`));
    expect(faults.filter((fault) => !isExpected(fault))).toEqual([]);
  });
});
