import { describe, expect, test } from 'vitest';
import { faultsFound, MODEL_PROFILES } from './judge.ts';
import { hasPython, startPythonReceiver } from './python-receiver.ts';
import { CORRECT_RECEIVERS, type CorrectReceiver } from './receivers.ts';

/** More with HOOKCAST_MODEL_RUNS: twenty of each take a quarter of an hour. */
const RUNS = Number(process.env['HOOKCAST_MODEL_RUNS'] ?? 1);
const LIMIT_MS = 60_000 * (RUNS + 1);
const CASES = (Object.keys(CORRECT_RECEIVERS) as CorrectReceiver[]).flatMap((kind) =>
  MODEL_PROFILES.map((profile) => [kind, profile] as const),
);

describe(`${RUNS} runs, one after the other, of a correct receiver that`, { timeout: LIMIT_MS }, () => {
  test.each(CASES)('%s, profile %s (Node)', async (kind, profile) => {
    await using receiver = await CORRECT_RECEIVERS[kind]().start();
    for (let run = 0; run < RUNS; run += 1) expect(await faultsFound(receiver, profile)).toEqual([]);
  });

  test.skipIf(!hasPython).each(CASES)('%s, profile %s (Python)', async (kind, profile) => {
    await using receiver = await startPythonReceiver(kind);
    for (let run = 0; run < RUNS; run += 1) expect(await faultsFound(receiver, profile)).toEqual([]);
  });
});
