import { existsSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { openDatabase, sqlite, useDriver } from '../../src/journal/sqlite/driver/choose.ts';
import type { Driver } from '../../src/journal/sqlite/driver/driver.ts';
import { errorCode } from '../../src/journal/sqlite/driver/error-code.ts';
import { libsql } from '../../src/journal/sqlite/driver/libsql.ts';
import { nodeSqlite } from '../../src/journal/sqlite/driver/node-sqlite.ts';
import { openJournalStore } from '../../src/journal/sqlite/journal-store.ts';
import { openJournal } from '../../src/journal/sqlite/open-journal.ts';
import { createSimulator } from '../../src/simulator/simulator.ts';
import { httpServer } from '../helpers/servers.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const drivers = [nodeSqlite(), libsql()].filter((driver) => driver !== undefined);

afterEach(() => useDriver(undefined));

const codeOf = (work: () => unknown): string => {
  try {
    work();
    return 'nothing was thrown';
  } catch (error) {
    return errorCode(error);
  }
};

test('the SQLite of Node is preferred to the package', () => {
  expect(drivers.length).toBeGreaterThan(0);
  expect(sqlite().name).toBe(drivers[0]!.name);
});

test('loading it prints no warning, and keeps the warnings of others', () => {
  const emitWarning = vi.spyOn(process, 'emitWarning');
  nodeSqlite();
  expect(emitWarning).not.toHaveBeenCalled();
  expect(process).toHaveProperty('emitWarning', emitWarning);
  emitWarning.mockRestore();
});

describe.each(drivers)('$name', (driver) => {
  test.each(['beside the journal', 'named after its inode'])(
    'a lock file %s that its holder removes while it is opened is made again',
    async (where) => {
      await using folder = await temporaryFolder();
      const path = `${folder.path}/j.db`;
      openJournal(path).close();
      const removed: string[] = [];
      useDriver({
        ...driver,
        open: (file, mode) => {
          const database = driver.open(file, mode);
          const isLock = where === 'beside the journal' ? file === `${path}-lock` : file.endsWith('.lock');
          if (isLock && removed.length === 0) {
            rmSync(file);
            removed.push(file);
          }
          return database;
        },
      });
      openJournal(path).close();
      expect(removed).toHaveLength(1);
    },
  );

  test('keeps numbers, text and bytes', async () => {
    await using folder = await temporaryFolder();
    const database = driver.open(`${folder.path}/a #?%.db`, 'read-write');
    database.exec('CREATE TABLE t (a INTEGER PRIMARY KEY, b REAL, c TEXT, d BLOB)');
    const insert = database.prepare('INSERT INTO t VALUES (@a, @b, @c, @d)');
    expect(insert.run({ a: 1, b: 0.5, c: 'é山', d: Buffer.from([0, 255]) }).changes).toBe(1);
    expect(database.prepare('INSERT INTO t VALUES (?, ?, ?, ?)').run(2, null, null, null).changes).toBe(1);
    const [first, ...others] = database.prepare('SELECT * FROM t ORDER BY a').all() as Record<
      string,
      unknown
    >[];
    expect({ ...first, d: [...new Uint8Array(first!['d'] as ArrayBuffer)] }).toEqual({
      ...{ a: 1, b: 0.5, c: 'é山', d: [0, 255] },
    });
    expect(database.prepareRaw('SELECT a, a, c FROM t WHERE a > ?').all(1)).toEqual([[2, 2, null]]);
    expect(database.prepareRaw('SELECT max(a) FROM t').get()).toEqual([2]);
    expect(others).toHaveLength(1);
    database.close();
  });

  test('takes the values of many rows as one list', async () => {
    await using folder = await temporaryFolder();
    const database = driver.open(`${folder.path}/a.db`, 'read-write');
    database.exec('CREATE TABLE t (a INTEGER, b REAL, c TEXT, d BLOB)');
    const insert = database.prepareList('INSERT INTO t VALUES (?, ?, ?, ?), (?, ?, ?, ?)');
    insert([1, 1_795_957_807_638.4226, 'é山', Buffer.from([0, 255]), 2, null, null, null]);
    expect(database.prepareRaw('SELECT a, b, c, hex(d) FROM t ORDER BY a').all()).toEqual([
      [1, 1_795_957_807_638.4226, 'é山', '00FF'],
      [2, null, null, ''],
    ]);
    database.prepareList('DELETE FROM t WHERE a = ?')([2]);
    expect(database.prepareRaw('SELECT a FROM t').all()).toEqual([[1]]);
    database.close();
  });

  test('opens a file for reading only', async () => {
    await using folder = await temporaryFolder();
    const path = `${folder.path}/a #?%.db`;
    expect(() => driver.open(path, 'read-only').prepare('PRAGMA user_version').get()).toThrow();
    expect(existsSync(path)).toBe(false);
    const database = driver.open(path, 'read-write');
    database.exec('CREATE TABLE t (a)');
    database.close();
    for (const mode of ['read-only', 'immutable'] as const) {
      const reader = driver.open(path, mode);
      expect(reader.prepare('SELECT * FROM t').all()).toEqual([]);
      expect(codeOf(() => reader.exec('INSERT INTO t VALUES (1)'))).toMatch(/^SQLITE_READONLY/);
      reader.close();
    }
  });

  test('reports what is wrong with a file', async () => {
    await using folder = await temporaryFolder();
    const path = `${folder.path}/a.db`;
    const [holder, other] = [driver.open(path, 'read-write'), driver.open(path, 'read-write')];
    holder.exec('BEGIN EXCLUSIVE');
    other.pragma('busy_timeout = 1');
    expect(codeOf(() => other.exec('BEGIN EXCLUSIVE'))).toMatch(/^SQLITE_BUSY/);
    holder.exec('ROLLBACK');
    for (const database of [holder, other]) database.close();
    await writeFile(path, 'not a database, but long enough to hold a header of one hundred bytes'.repeat(9));
    const read = () => driver.open(path, 'read-only').prepare('PRAGMA user_version').get();
    expect(codeOf(read)).toMatch(/^SQLITE_NOTADB/);
  });
});

/** One accepted and one pending delivery more. */
async function fill(path: string, url: string): Promise<void> {
  const journal = openJournal(path);
  const simulator = createSimulator({ webhook: { url }, journal, timeScale: Infinity });
  await simulator.deliver('inquiry.approved');
  simulator.takeOn([await simulator.build('inquiry.declined')]);
  journal.close();
}

// With one SQLite there is nothing to hold against each other.
test.runIf(drivers.length > 1)('a journal written by one driver is read by the other', async () => {
  await using folder = await temporaryFolder();
  await using hook = await httpServer((request, response) => {
    request.resume();
    response.end();
  });
  const path = `${folder.path}/j.db`;
  const [first, second] = drivers as [Driver, Driver];
  for (const [index, driver] of [first, second, first].entries()) {
    useDriver(driver);
    await fill(path, hook.url.href);
    const seen: unknown[][] = [];
    for (const reader of drivers) {
      useDriver(reader);
      const store = openJournalStore(path);
      const rows: unknown[] = [];
      for await (const { id } of store.list()) rows.push(await store.find(id));
      await store.close();
      seen.push(rows);
    }
    expect(seen[0]).toHaveLength(2 * (index + 1));
    expect(seen[1]).toEqual(seen[0]);
  }
  useDriver(undefined);
  expect(openDatabase(path, 'read-only').prepareRaw('PRAGMA integrity_check').get()).toEqual(['ok']);
});
