import { readFile, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HookcastError } from '../../src/errors.ts';
import { openJournalStore } from '../../src/journal/sqlite/journal-store.ts';
import { openJournal } from '../../src/journal/sqlite/open-journal.ts';
import { repairIfDamaged } from '../../src/journal/sqlite/salvage.ts';
import { resumeJournal } from '../../src/simulator/resume.ts';
import { allOf, makeJournal, rejectsSecond, runLoad } from '../helpers/journals.ts';
import type { TestServer } from '../helpers/servers.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

type Damage = [what: string, damage: (file: Buffer) => Buffer];

// Of a page that is cut SQLite reads the rest as zeros: rows that look whole, and are not.
const CUTS = [0, 1, 1_000, 2_000, 2_500, 3_000, 3_500, 4_000, 4_095].map((bytes): Damage => [
  `the end is cut off, ${bytes} bytes into a page`,
  (file) => file.subarray(0, Math.floor((file.length * 0.8) / 4096) * 4096 + bytes),
]);

describe('salvage saves the readable rest of a journal, which can be resumed', () => {
  const count = 300;
  let hook: TestServer;
  let whole: Buffer;
  let before: ReadonlyMap<string, Awaited<ReturnType<typeof allOf>>[number]>;

  beforeAll(async () => {
    await using folder = await temporaryFolder();
    const path = `${folder.path}/j.db`;
    hook = await rejectsSecond();
    await runLoad(path, { url: hook.url, count });
    before = new Map((await allOf(path)).map((delivery) => [delivery.id, delivery]));
    whole = await readFile(path);
  });
  afterAll(() => hook[Symbol.asyncDispose]());

  test.each<Damage>([
    [
      'pages in the middle of the run are overwritten',
      (file: Buffer) => {
        const start = Math.floor((file.length * 0.66) / 4096) * 4096;
        return file.fill(0xff, start, start + 2 * 4096);
      },
    ],
    ...CUTS,
  ])('%s', async (_, damage) => {
    await using folder = await temporaryFolder();
    const path = await folder.write('j.db', damage(Buffer.from(whole)));

    const { saved, lost } = repairIfDamaged(path)!;

    const after = await allOf(path);
    const ids = after.map(({ id }) => id);
    expect(after).toHaveLength(saved);
    // Nobody can tell what was behind the last one that is there.
    const known = Array.from({ length: Number(ids.at(-1)!.slice(1)) }, (_, nth) => `d${nth + 1}`);
    expect([...ids, ...lost.map((id) => `d${id}`)].sort()).toEqual(known.sort());
    expect(saved).toBeLessThan(count);
    expect(saved).toBeGreaterThan(count / 4);
    for (const delivery of after) expect(delivery).toEqual(before.get(delivery.id));
    const journal = openJournal(path);
    await resumeJournal({ journal, timeScale: Infinity });
    journal.close();
    expect((await allOf(path)).find(({ id }) => id === 'd2')?.state).toBe('completed');
  });
});

test(
  'reading and saving a damaged journal end with a result or a HookcastError',
  { timeout: 600_000 },
  async () => {
    await using folder = await temporaryFolder();
    const good = `${folder.path}/good.db`;
    await makeJournal(good, 4);
    const bytes = await readFile(good);
    const damage = fc.record({
      cutAt: fc.option(fc.nat(bytes.length - 1), { nil: bytes.length }),
      flips: fc.array(fc.nat(bytes.length * 8 - 1), { maxLength: 50 }),
    });
    let number = 0;
    await fc.assert(
      fc.asyncProperty(damage, async ({ cutAt, flips }) => {
        const path = `${folder.path}/bad-${++number}.db`;
        const bad = Buffer.from(bytes);
        for (const bit of flips) bad[bit >> 3] = bad[bit >> 3]! ^ (1 << (bit & 7));
        await writeFile(path, bad.subarray(0, cutAt));
        for (const use of [readAll, repair]) {
          await use(path).catch((error: unknown) => expect(error).toBeInstanceOf(HookcastError));
        }
      }),
      { numRuns: 60 },
    );
  },
);

async function readAll(path: string): Promise<void> {
  const store = openJournalStore(path);
  for await (const { id } of store.list()) await store.find(id);
  await store.close();
}

// eslint-disable-next-line @typescript-eslint/require-await -- as one that rejects
async function repair(path: string): Promise<void> {
  repairIfDamaged(path);
}
