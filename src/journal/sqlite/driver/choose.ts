import { UsageError } from '../../../errors.ts';
import type { Database, Driver, OpenMode } from './driver.ts';
import { libsql } from './libsql.ts';
import { nodeSqlite } from './node-sqlite.ts';

let chosen: Driver | undefined;

/** Node's own SQLite where there is one: nothing to install. @throws {UsageError} where there is none at all */
export function sqlite(): Driver {
  chosen ??= nodeSqlite() ?? libsql();
  if (chosen !== undefined) return chosen;
  throw new UsageError(
    `a journal needs SQLite, which Node ${process.versions.node} does not have: ` +
      'use Node 22.16 or later, or npm install libsql',
  );
}

/** For tests and measurements of one of them. Undefined lets `sqlite` choose again. */
export function useDriver(driver: Driver | undefined): void {
  chosen = driver;
}

export function openDatabase(path: string, mode: OpenMode = 'read-write'): Database {
  return sqlite().open(path, mode);
}
