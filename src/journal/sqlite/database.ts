import { statSync, type Stats } from 'node:fs';
import { pathToFileURL } from 'node:url';
import Libsql from 'libsql';
import { HookcastError } from '../../errors.ts';
import { JournalBrokenError, JournalError } from '../errors.ts';
import { APPLICATION_ID, SCHEMA_VERSION } from './schema.ts';

export type Database = InstanceType<typeof Libsql>;
export type Row = Readonly<Record<string, unknown>>;

/** What SQLite's codes mean for a journal. */
const REASONS: Readonly<Record<string, string>> = {
  SQLITE_NOTADB: 'not a hookcast journal',
  SQLITE_CORRUPT: 'the file is damaged; hookcast resume keeps it and saves what can be read',
  SQLITE_FULL: 'the disk is full',
  SQLITE_READONLY: 'no permission to write it',
  SQLITE_CANTOPEN: 'it cannot be opened: no permission, or a folder is in its place',
  SQLITE_BUSY: 'another program holds it locked',
  SQLITE_IOERR: 'the disk reports an error',
  EACCES: 'no permission to open it',
  EROFS: 'no permission to write it',
  ENOENT: 'its folder does not exist',
  EISDIR: 'this is a folder, not a file',
  ENOTDIR: 'a part of this path is a file, not a folder',
  ENOSPC: 'the disk is full',
};

/** A sentence for whatever SQLite or the disk threw. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const general = /^SQLITE_[A-Z]+/.exec(code)?.[0] ?? code;
  return REASONS[general] ?? `it cannot be used (${error instanceof Error ? error.message : String(error)})`;
}

/** Runs `work`; whatever SQLite throws becomes a JournalError. */
export function orJournalError<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof HookcastError) throw error;
    throw new JournalError(path, reasonOf(error), { cause: error });
  }
}

/** What keeps a journal from being written that may well be there, and ours. */
const UNWRITABLE = /^(SQLITE_(FULL|READONLY|IOERR).*|EACCES|EPERM|EROFS|ENOSPC|EIO)$/;

/** As `orJournalError`, for who wants to write: what the disk refuses is no mistake of the user's. */
export function orBroken<T>(path: string, work: () => T): T {
  try {
    return orJournalError(path, work);
  } catch (error) {
    const { code } = ((error as Error).cause ?? {}) as { code?: unknown };
    if (!(error instanceof JournalError) || !UNWRITABLE.test(String(code))) throw error;
    throw new JournalBrokenError(path, reasonOf(error.cause), { cause: error.cause });
  }
}

/** Undefined where there is no such file, or the path cannot be one. */
function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** @throws {JournalError} when there is no such file */
export function existing(path: string): Stats {
  const stats = statsOf(path);
  if (stats?.isFile() === true) return stats;
  if (stats !== undefined) throw new JournalError(path, 'this is a folder, not a journal');
  throw new JournalError(path, 'there is no such file; a run with `journal` makes one');
}

/** Opens a journal that is there, for reading alone; a run may be writing it meanwhile. */
export function openForReading(path: string): Database {
  existing(path);
  return orJournalError(path, () => {
    try {
      return checked(path, `${pathToFileURL(path).href}?mode=ro`);
    } catch (error) {
      // A folder that cannot be written has no place for the shared memory that SQLite wants beside the file.
      if (!/CANTOPEN|READONLY/.test(String((error as { code?: unknown }).code))) throw error;
      return checked(path, `${pathToFileURL(path).href}?mode=ro&immutable=1`);
    }
  });
}

function checked(path: string, uri: string): Database {
  const database = new Libsql(uri);
  database.pragma('busy_timeout = 2000');
  checkFormat(path, database);
  return database;
}

/** @throws {JournalError} when it is not a journal, or one of a newer hookcast */
export function checkFormat(path: string, database: Database): void {
  if (pragma(database, 'application_id') !== APPLICATION_ID) {
    throw new JournalError(path, 'not a hookcast journal');
  }
  const version = pragma(database, 'user_version');
  if (version > SCHEMA_VERSION) {
    const versions = `format ${version}, this hookcast reads up to ${SCHEMA_VERSION}`;
    throw new JournalError(path, `written by a newer hookcast (${versions}); update hookcast`);
  }
}

/** libsql's own `simple` option does not do what it says. */
export function pragma(database: Database, name: string): number {
  const [value] = database.prepare(`PRAGMA ${name}`).raw().get() as [number];
  return value;
}

/**
 * A list of columns to select. Each is cast: a damaged record can hold a value of any type, and libsql ends the
 * process on text that is not UTF-8.
 */
export function columns(numbers: readonly string[], texts: readonly string[]): string {
  const cast = (names: readonly string[], type: string) =>
    names.map((name) => `CAST(${name} AS ${type}) AS ${name.split('.').at(-1) ?? name}`);
  return [...cast(numbers, 'REAL'), ...cast(texts, 'BLOB')].join(', ');
}

/** libsql gives blobs as either. */
export function bytesOf(value: unknown): Buffer | undefined {
  if (value instanceof ArrayBuffer) return Buffer.from(value);
  return value instanceof Uint8Array ? Buffer.from(value) : undefined;
}

export function textOf(value: unknown): string | undefined {
  return bytesOf(value)?.toString('utf8');
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
