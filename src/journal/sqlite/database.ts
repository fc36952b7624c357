import { statSync, type Stats } from 'node:fs';
import { HookcastError } from '../../errors.ts';
import { JournalBrokenError, JournalError } from '../errors.ts';
import { openDatabase } from './driver/choose.ts';
import type { Database, OpenMode, Row } from './driver/driver.ts';
import { errorCode } from './driver/error-code.ts';
import { APPLICATION_ID, SCHEMA_VERSION } from './schema.ts';

export type { Database, Row };

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
  const code = errorCode(error);
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

/** As `orJournalError`, for who wants to write: what the disk refuses is not a mistake of the user's. */
export function orBroken<T>(path: string, work: () => T): T {
  try {
    return orJournalError(path, work);
  } catch (error) {
    if (!(error instanceof JournalError) || !UNWRITABLE.test(errorCode(error.cause))) throw error;
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
      return checked(path, 'read-only');
    } catch (error) {
      // A folder that cannot be written has no place for the shared memory that SQLite wants beside the file.
      if (!/CANTOPEN|READONLY/.test(errorCode(error))) throw error;
      return checked(path, 'immutable');
    }
  });
}

function checked(path: string, mode: OpenMode): Database {
  const database = openDatabase(path, mode);
  try {
    database.pragma('busy_timeout = 2000');
    checkFormat(path, database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
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

export function pragma(database: Database, name: string): number {
  const [value] = database.prepareRaw(`PRAGMA ${name}`).get() as [number];
  return value;
}

/**
 * A list of columns to select. Each is cast: a damaged record can hold a value of any type; libsql ends the process on
 * text that is not UTF-8, and node:sqlite throws on integers that a number cannot hold.
 */
export function columns(numbers: readonly string[], texts: readonly string[]): string {
  const cast = (names: readonly string[], type: string) =>
    names.map((name) => `CAST(${name} AS ${type}) AS ${name.split('.').at(-1) ?? name}`);
  return [...cast(numbers, 'REAL'), ...cast(texts, 'BLOB')].join(', ');
}

/** Drivers give blobs as any of these. */
export function bytesOf(value: unknown): Buffer | undefined {
  if (value instanceof ArrayBuffer) return Buffer.from(value);
  if (Buffer.isBuffer(value)) return value;
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.length) : undefined;
}

export function textOf(value: unknown): string | undefined {
  return bytesOf(value)?.toString('utf8');
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
