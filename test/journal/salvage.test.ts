import { readFile, writeFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { openDatabase } from '../../src/journal/sqlite/driver/choose.ts';
import { openJournalStore } from '../../src/journal/sqlite/journal-store.ts';
import { salvage } from '../../src/journal/sqlite/salvage.ts';
import { allOf, rejectsSecond, runLoad } from '../helpers/journals.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

test.each([
  ['nothing is damaged', 'SELECT 1', [1, 2, 3, 4], []],
  ['an event id is damaged', `UPDATE deliveries SET event_id = 'evt_�' WHERE id = 3`, [1, 2, 4], [3]],
  ['a state is damaged', `UPDATE deliveries SET state = 'gone' WHERE id = 3`, [1, 2, 4], [3]],
  ['a row is missing', 'DELETE FROM deliveries WHERE id = 3', [1, 2, 4], [3]],
  ['a run is missing', 'UPDATE deliveries SET run_id = 99 WHERE id = 3', [1, 2, 4], [3]],
])('each delivery is saved once, and later runs get new ids: %s', async (_, sql, ids, lost) => {
  await using folder = await temporaryFolder();
  await using hook = await rejectsSecond();
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
  await using hook = await rejectsSecond();
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
    const before = await allOf(path);
    expect(salvage(path)).toMatchObject({ saved: before.length, lost: [], damaged: [] });
    expect(await allOf(path)).toEqual(before);
  },
);
