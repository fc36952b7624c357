import { describe, expect, test } from 'vitest';
import { faultsFound } from './judge.ts';
import { REALISTIC } from './realistic.ts';

describe('a receiver that', { timeout: 600_000 }, () => {
  test.each(Object.entries(REALISTIC))('%s gets no failure', async (_, { create, notStrict = [] }) => {
    await using receiver = await create().start();
    const faults = await faultsFound(receiver, 'soak');
    const isExpected = (fault: string) => notStrict.some((id) => fault.startsWith(`${id}: non-strict`));
    expect(faults.filter((fault) => !isExpected(fault))).toEqual([]);
  });
});
