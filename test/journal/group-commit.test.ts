import { expect, test } from 'vitest';
import type { Database } from '../../src/journal/sqlite/database.ts';
import { GroupCommit } from '../../src/journal/sqlite/group-commit.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

/** A database that fails at one statement. */
function failingAt(statement: string, code: string): Database {
  const exec = (sql: string) => {
    if (sql.startsWith(statement)) throw Object.assign(new Error(code), { code });
  };
  return { exec } as unknown as Database;
}

test.each(
  ['BEGIN', 'INSERT', 'COMMIT'].flatMap((statement) =>
    [
      ['SQLITE_FULL', 'the disk is full'],
      ['SQLITE_IOERR_WRITE', 'the disk reports an error'],
      ['SQLITE_READONLY_DBMOVED', 'no permission to write it'],
      ['SQLITE_BUSY', 'another program holds it locked'],
      ['SQLITE_CORRUPT', 'the file is damaged'],
    ].map(([code = '', reason = '']) => [statement, code, reason] as const),
  ),
)('nothing more is written after %s fails with %s', async (statement, code, reason) => {
  await using folder = await temporaryFolder();
  const path = await folder.write('j.db', '');
  const database = failingAt(statement, code);
  const group = new GroupCommit(path, database);
  const work = async () => {
    group.write(() => database.exec('INSERT'));
    await group.commit();
  };
  for (let time = 0; time < 2; time += 1) {
    const error = await work().catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'JOURNAL_BROKEN' });
    expect(String(error)).toContain(reason);
  }
  expect(group.broken.aborted).toBe(true);
});
