import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from '../../src/journal/sqlite/driver/choose.ts';
import { openJournalStore } from '../../src/journal/sqlite/journal-store.ts';
import { repairIfDamaged, salvage } from '../../src/journal/sqlite/salvage.ts';
import { openJournal } from '../../src/journal/sqlite/open-journal.ts';
import type { StoredDelivery } from '../../src/journal/delivery-store.ts';
import { resumeJournal } from '../../src/simulator/resume.ts';
import { createSimulator } from '../../src/simulator/simulator.ts';
import { partOf } from '../helpers/sample.ts';
import { SEED } from '../helpers/seed.ts';
import { httpServer, type TestServer } from '../helpers/servers.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

/** Rejects the second request of all. */
function receiver(): Promise<TestServer> {
  let requests = 0;
  return httpServer((request, response) => {
    request.resume();
    void once(request, 'end').then(() => {
      requests += 1;
      response.writeHead(requests === 2 ? 500 : 200).end();
    });
  });
}

/** d2 waits for its second attempt, all others are completed. */
async function runLoad(path: string, { url, count }: { url: URL; count: number }): Promise<void> {
  const journal = openJournal(path, { durability: 'normal' });
  const simulator = createSimulator({ webhook: { url: url.href }, journal, seed: 1 });
  await simulator.emit({ mix: 'inquiry-session.*' }, { count, concurrency: 1, drain: false });
  journal.close();
}

/** With a digest of each body: to compare bodies byte by byte takes seconds. */
async function all(path: string) {
  const store = openJournalStore(path);
  const found: (Omit<StoredDelivery, 'body'> & { sha256: string })[] = [];
  for await (const { id } of store.list()) {
    const { body, ...delivery } = (await store.find(id))!;
    found.push({ ...delivery, sha256: createHash('sha256').update(body).digest('hex') });
  }
  await store.close();
  return found;
}

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
  let before: ReadonlyMap<string, Awaited<ReturnType<typeof all>>[number]>;

  beforeAll(async () => {
    await using folder = await temporaryFolder();
    const path = `${folder.path}/j.db`;
    hook = await receiver();
    await runLoad(path, { url: hook.url, count });
    before = new Map((await all(path)).map((delivery) => [delivery.id, delivery]));
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
    ...partOf(CUTS, { part: SEED, of: 9 }),
  ])('%s', async (_, damage) => {
    await using folder = await temporaryFolder();
    const path = await folder.write('j.db', damage(Buffer.from(whole)));

    const { saved, lost } = repairIfDamaged(path)!;

    const after = await all(path);
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
    expect((await all(path)).find(({ id }) => id === 'd2')?.state).toBe('completed');
  });
});

test.each([
  ['nothing is damaged', 'SELECT 1', [1, 2, 3, 4], []],
  ['an event id is damaged', `UPDATE deliveries SET event_id = 'evt_�' WHERE id = 3`, [1, 2, 4], [3]],
  ['a state is damaged', `UPDATE deliveries SET state = 'gone' WHERE id = 3`, [1, 2, 4], [3]],
  ['a row is missing', 'DELETE FROM deliveries WHERE id = 3', [1, 2, 4], [3]],
  ['a run is missing', 'UPDATE deliveries SET run_id = 99 WHERE id = 3', [1, 2, 4], [3]],
])('each delivery is saved once, and later runs get new ids: %s', async (_, sql, ids, lost) => {
  await using folder = await temporaryFolder();
  await using hook = await receiver();
  const path = `${folder.path}/j.db`;
  await runLoad(path, { url: hook.url, count: 4 });
  const database = openDatabase(path);
  database.exec(`PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; ${sql}`);
  database.close();

  expect(salvage(path)).toMatchObject({ saved: ids.length, lost, damaged: [] });

  await runLoad(path, { url: hook.url, count: 2 });
  const after: number[] = [];
  const store = openJournalStore(path);
  for await (const { id } of store.list()) after.push(Number(id.slice(1)));
  expect(store.unreadable).toBe(0);
  await store.close();
  const last = ids.at(-1)!;
  expect(after).toEqual([...ids, last + 1, last + 2]);
});

test('nothing is saved of a load run whose recipe is lost, since its bodies cannot be re-created', async () => {
  await using folder = await temporaryFolder();
  await using hook = await receiver();
  const path = `${folder.path}/j.db`;
  await runLoad(path, { url: hook.url, count: 3 });
  const database = openDatabase(path);
  database.exec(`UPDATE load_runs SET recipe = '{'`);
  database.close();
  expect(() => salvage(path)).toThrow('nothing can be read of it');
});

test.each(['v1', 'v2'])(
  'a journal of an older format is salvaged, then brought up to date: %s',
  async (version) => {
    await using folder = await temporaryFolder();
    const path = `${folder.path}/j.db`;
    const vector = new URL(`../vectors/journal-${version}.db.gz`, import.meta.url);
    await writeFile(path, gunzipSync(await readFile(vector)));
    const before = await all(path);
    expect(salvage(path)).toMatchObject({ saved: before.length, lost: [], damaged: [] });
    expect(await all(path)).toEqual(before);
  },
);
