import {
  closeSync,
  copyFileSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { JournalError } from '../errors.ts';
import {
  bytesOf,
  columns,
  existing,
  openForReading,
  orBroken,
  orJournalError,
  pragma,
  textOf,
  type Database,
  type Row,
} from './database.ts';
import { openDatabase } from './driver/choose.ts';
import type { SqlValue } from './driver/driver.ts';
import { errorCode } from './driver/error-code.ts';
import { createPrivately, takeLock } from './lock.ts';
import { removeDamaged } from './remove-damaged.ts';
import { APPLICATION_ID, SCHEMA, SCHEMA_VERSION } from './schema.ts';
import { prepareFile } from './write-rows.ts';

export interface Salvage {
  /** The damaged file under its new name. */
  readonly keptAt: string;
  readonly saved: number;
  /** Numbers of deliveries that could not be read; those behind the last readable one are not counted. */
  readonly lost: readonly number[];
  /** Tables that could not be read whole. */
  readonly damaged: readonly string[];
}

/** How far to look behind the last row that was found, where a table does not tell its last one. */
const BLIND_IDS = 4_096;

/** A damaged header can claim anything; zeros at the end take no room on disk. */
const LARGEST_BYTES = 2 ** 36;

const CHUNK = 512;

/** Is the file whole? @throws {JournalError} when it is not a journal at all */
export function isDamaged(path: string): boolean {
  const database = openUnlessCut(path);
  if (database === undefined) return true;
  try {
    const rows = database.prepareRaw('PRAGMA quick_check(1)').all() as [unknown][];
    return rows[0]?.[0] !== 'ok';
  } catch {
    return true;
  } finally {
    database.close();
  }
}

/** Undefined for a file that ends before its header says: SQLite opens none of those. */
function openUnlessCut(path: string): Database | undefined {
  try {
    return openForReading(path);
  } catch (error) {
    if (error instanceof JournalError && errorCode(error.cause).startsWith('SQLITE_CORRUPT'))
      return undefined;
    throw error;
  }
}

/** Salvages a damaged journal that nobody works on. @throws {JournalError | JournalHeldError} */
export function repairIfDamaged(path: string): Salvage | undefined {
  existing(path);
  const lock = orBroken(path, () => takeLock(path));
  try {
    return isDamaged(path) ? salvage(path) : undefined;
  } finally {
    lock.release();
  }
}

/**
 * Keeps a damaged journal under a new name, and makes a fresh one of all deliveries that can be read whole.
 * Call it only while the lock is held or nobody else is at work.
 * @throws {JournalError}
 */
export function salvage(path: string): Salvage {
  existing(path);
  const keptAt = freeName(path);
  return orJournalError(path, () => {
    for (const suffix of ['', '-wal', '-shm']) {
      if (existsSync(path + suffix)) renameSync(path + suffix, keptAt + suffix);
    }
    const copy = wholeCopyOf(keptAt);
    const from = openForReading(copy);
    createPrivately(path);
    const to = openDatabase(path);
    // Until it is whole nobody relies on it: the disk is waited for once, when it is closed.
    to.pragma('synchronous = off');
    const damaged = copyTables(from, to);
    const told = lastOf(from, 'deliveries') ?? 0;
    prepareFile(path, to);
    const result = { ...removeDamaged(to, told), damaged };
    to.pragma('synchronous = full');
    to.close();
    from.close();
    for (const suffix of ['', '-wal', '-shm']) rmSync(copy + suffix, { force: true });
    if (result.saved === 0)
      throw new JournalError(path, `nothing can be read of it; it is kept as ${keptAt}`);
    return { keptAt, ...result };
  });
}

/**
 * A copy as long as its header says, zeros where the file was cut: SQLite then reads what is there. A page that was cut
 * is left out whole: rows whose ends are zeros would pass for whole ones.
 */
function wholeCopyOf(path: string): string {
  const copy = `${path}.copy`;
  for (const suffix of ['', '-wal'])
    if (existsSync(path + suffix)) copyFileSync(path + suffix, copy + suffix);
  const file = openSync(copy, 'r+');
  const header = Buffer.alloc(100);
  readSync(file, header, 0, 100, 0);
  const pageSize = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16);
  const size = Math.min(pageSize * header.readUInt32BE(28), LARGEST_BYTES);
  const found = fstatSync(file).size;
  if (found < size) {
    ftruncateSync(file, found - (found % pageSize));
    ftruncateSync(file, size);
  }
  closeSync(file);
  return copy;
}

function freeName(path: string): string {
  for (let n = 1; ; n += 1) if (!existsSync(`${path}.damaged-${n}`)) return `${path}.damaged-${n}`;
}

/** @returns the tables that could not be read whole */
function copyTables(from: Database, to: Database): string[] {
  const version = pragma(from, 'user_version');
  to.pragma('foreign_keys = OFF');
  const [tables, others] = version === SCHEMA_VERSION ? [SCHEMA, ''] : schemaOf(from);
  to.exec(`BEGIN; ${tables}`);
  const names = to.prepareRaw(`SELECT name FROM sqlite_master WHERE type = 'table'`).all() as [string][];
  const damaged = names.map(([name]) => name).filter((name) => !copyTable(name, from, to));
  to.exec(`${others}
    PRAGMA application_id = ${APPLICATION_ID};
    PRAGMA user_version = ${version};
    COMMIT;`);
  return damaged;
}

/** The statements that made an older file: its tables, and what is built on them. */
function schemaOf(database: Database): [tables: string, others: string] {
  const sql = `SELECT CAST(type AS BLOB) AS type, CAST(sql AS BLOB) AS sql FROM sqlite_master WHERE sql IS NOT NULL`;
  const rows = (database.prepare(sql).all() as Row[]).map((row) => [textOf(row['type']), textOf(row['sql'])]);
  const statements = (areTables: boolean) =>
    rows.flatMap(([type, made]) => ((type === 'table') === areTables ? [`${made ?? ''};`] : [])).join('\n');
  return [statements(true), statements(false)];
}

/** Copies the rows that can be read. @returns false when there are others */
function copyTable(table: string, from: Database, to: Database): boolean {
  const columnsOfTable = to.prepare(`PRAGMA table_info(${table})`).all() as { name: string; type: string }[];
  const isNumber = (type: string) => type === 'INTEGER' || type === 'REAL';
  const numbers = columnsOfTable.filter(({ type }) => isNumber(type)).map(({ name }) => name);
  const texts = columnsOfTable.filter(({ type }) => !isNumber(type)).map(({ name }) => name);
  const values = columnsOfTable.map(({ name, type }) => `CAST(@${name} AS ${type})`);
  const insert = to.prepare(`INSERT OR REPLACE INTO ${table} VALUES (${values.join(', ')})`);
  const hasId = columnsOfTable.some(({ name }) => name === 'id');
  const sql = `SELECT ${columns(numbers, texts)} FROM ${table}${hasId ? ' WHERE id BETWEEN ? AND ?' : ''}`;
  const select = tolerant(() => from.prepare(sql));
  if (select === undefined) return false;
  const read = (...range: number[]) => tolerant(() => select.all(...range) as Row[]);
  let isWhole = true;
  const rows = hasId ? byId(read, lastOf(from, table)) : [read()];
  for (const some of rows) {
    isWhole &&= some !== undefined;
    for (const row of some ?? [])
      isWhole = tolerant(() => insert.run(bindable(row))) !== undefined && isWhole;
  }
  return isWhole;
}

/** Chunk by chunk; a chunk that cannot be read is halved until one row is left. Undefined stands for that one. */
function* byId(
  read: (first: number, last: number) => Row[] | undefined,
  last: number | undefined,
): Generator<Row[] | undefined> {
  for (let first = 1, found = 0; first <= (last ?? found + BLIND_IDS); first += CHUNK) {
    for (const rows of halved(first, first + CHUNK - 1)) {
      if (rows !== undefined && rows.length > 0) found = first + CHUNK;
      yield rows;
    }
  }

  function* halved(from: number, to: number): Generator<Row[] | undefined> {
    const rows = read(from, to);
    if (rows !== undefined || from === to) {
      yield rows;
      return;
    }
    const middle = Math.floor((from + to) / 2);
    yield* halved(from, middle);
    yield* halved(middle + 1, to);
  }
}

/** The largest id that a table tells of; undefined when it is empty, damaged, or the file has no room for as many. */
function lastOf(database: Database, table: string): number | undefined {
  const sql = `SELECT CAST(max(id) AS REAL) FROM ${table}`;
  const last = tolerant(() => database.prepareRaw(sql).all() as [number | null][])?.[0]?.[0] ?? undefined;
  const bytes = tolerant(() => pragma(database, 'page_count') * pragma(database, 'page_size')) ?? 0;
  return last === undefined || !(last < bytes) ? undefined : last;
}

function bindable(row: Row): Record<string, SqlValue> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      bytesOf(value) ?? (value as SqlValue | undefined) ?? null,
    ]),
  );
}

function tolerant<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
