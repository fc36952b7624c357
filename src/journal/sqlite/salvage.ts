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
import Libsql from 'libsql';
import { JournalError } from '../errors.ts';
import type { EventRecipe } from '../load-ledger.ts';
import { createPrivately, takeLock } from './lock.ts';
import {
  bytesOf,
  columns,
  existing,
  numberOf,
  openForReading,
  orBroken,
  orJournalError,
  textOf,
} from './database.ts';
import type { Database, Row } from './database.ts';
import { attemptOf, bodyOf, summaryOf } from './read-rows.ts';
import { copyLoadRuns, copyUnderWay, keysOf, lastOf } from './salvage-load.ts';
import { prepareFile } from './write-rows.ts';

export interface Salvage {
  /** The damaged file under its new name. */
  readonly keptAt: string;
  readonly saved: number;
  /** Numbers of deliveries that could not be read; those behind the last readable one are not counted. */
  readonly lost: readonly number[];
}

/** How far to look behind the last row that a damaged file tells of. */
const BLIND_IDS = 2_000;

/** A damaged header can claim anything; zeros at the end take no room on disk. */
const LARGEST_BYTES = 2 ** 36;

const TABLES = {
  webhooks: { numbers: ['id'], texts: ['url', 'configuration'], blobs: [] },
  bodies: { numbers: ['id'], texts: ['recipe'], blobs: ['bytes', 'sha256'] },
  deliveries: {
    numbers: [
      ...['id', 'webhook_id', 'body_id', 'resend_of', 'created_at_ms', 'settled_at_ms', 'attempts_made'],
      ...['attempts_total', 'next_attempt_at_ms', 'first_attempt_at_ms', 'wait_began_at_ms'],
      ...['wait_simulated_ms', 'time_scale', 'skipped_before_ms', 'skipped_ms'],
    ],
    texts: ['event_id', 'event_name', 'state'],
    blobs: [],
  },
  attempts: {
    numbers: [
      ...['id', 'delivery_id', 'attempt', 'started_at_ms', 'simulated_at_ms', 'status'],
      ...['response_truncated', 'connect_ms', 'first_byte_ms', 'total_ms'],
    ],
    texts: ['request_headers', 'outcome', 'detail', 'response_headers'],
    blobs: ['response_body'],
  },
} as const;
type Table = keyof typeof TABLES;

/** Is the file whole? @throws {JournalError} when it is no journal at all */
export function isDamaged(path: string): boolean {
  const database = openUnlessCut(path);
  if (database === undefined) return true;
  try {
    const rows = database.prepare('PRAGMA quick_check(1)').raw().all() as [unknown][];
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
    const cause = error instanceof JournalError ? (error.cause as { code?: unknown } | undefined) : undefined;
    if (cause?.code === 'SQLITE_CORRUPT') return undefined;
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
    const to = new Libsql(path);
    prepareFile(path, to, 'full');
    to.exec('BEGIN');
    const result = copyAll(from, to);
    to.exec('COMMIT');
    to.close();
    from.close();
    for (const suffix of ['', '-wal', '-shm']) rmSync(copy + suffix, { force: true });
    if (result.saved === 0)
      throw new JournalError(path, `nothing can be read of it; it is kept as ${keptAt}`);
    return { keptAt, ...result };
  });
}

/** A copy as long as its header says, zeros where the file was cut: SQLite then reads what is there. */
function wholeCopyOf(path: string): string {
  const copy = `${path}.copy`;
  for (const suffix of ['', '-wal'])
    if (existsSync(path + suffix)) copyFileSync(path + suffix, copy + suffix);
  const file = openSync(copy, 'r+');
  const header = Buffer.alloc(100);
  readSync(file, header, 0, 100, 0);
  const pageSize = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16);
  const size = Math.min(pageSize * header.readUInt32BE(28), LARGEST_BYTES);
  if (fstatSync(file).size < size) ftruncateSync(file, size);
  closeSync(file);
  return copy;
}

function freeName(path: string): string {
  for (let n = 1; ; n += 1) if (!existsSync(`${path}.damaged-${n}`)) return `${path}.damaged-${n}`;
}

function copyAll(from: Database, to: Database): { saved: number; lost: number[] } {
  copySettings(from, to);
  copyWebhooks(from, to);
  const saved = copyLoadRuns(from, to);
  const last = copyDeliveries(saved, lastTold(from, saved), {
    from,
    to,
    runs: new Set(keysOf(to, 'load_runs')),
  });
  for (const id of copyUnderWay(from, to, saved)) saved.add(id);
  const ids = Array.from({ length: last }, (_, nth) => nth + 1);
  return { saved: saved.size, lost: ids.filter((id) => !saved.has(id)) };
}

function copyWebhooks(from: Database, to: Database): void {
  for (let id = 1; id <= (lastOf(from, 'webhooks') ?? 100); id += 1) {
    const [webhook] = read(from, 'webhooks', { where: 'id', id }) ?? [];
    if (webhook !== undefined) insert(to, 'webhooks', webhook);
  }
}

/** The last delivery that the file tells of, or that was saved. */
function lastTold(from: Database, saved: ReadonlySet<number>): number {
  const told = Math.max(lastOf(from, 'deliveries') ?? 0, lastOf(from, 'load_deliveries') ?? 0);
  return [...saved].reduce((last, id) => Math.max(last, id), told);
}

interface Copying {
  readonly from: Database;
  readonly to: Database;
  /** The load runs that were saved. */
  readonly runs: ReadonlySet<number>;
}

/** Adds to `saved`. @returns the last id of all, at least `told` */
function copyDeliveries(saved: Set<number>, told: number, copying: Copying): number {
  let last = told;
  for (let id = 1; id <= last + BLIND_IDS; id += 1) {
    if (saved.has(id) || !copyDelivery(id, copying)) continue;
    saved.add(id);
    last = Math.max(last, id);
  }
  return last;
}

/** False when a part of it cannot be read. */
function copyDelivery(id: number, { from, to, runs }: Copying): boolean {
  const delivery = read(from, 'deliveries', { where: 'id', id })?.[0];
  if (delivery?.['id'] !== id || summaryOf(delivery) === undefined) return false;
  const body = readBody(from, numberOf(delivery['body_id']), runs);
  const attempts = read(from, 'attempts', { where: 'delivery_id', id });
  if (body === undefined || attempts === undefined) return false;
  try {
    to.exec('SAVEPOINT one');
    insert(to, 'bodies', body);
    insert(to, 'deliveries', delivery);
    for (const attempt of attempts.filter(isWhole)) insert(to, 'attempts', attempt);
    to.exec('RELEASE one');
    return true;
  } catch {
    to.exec('ROLLBACK TO one; RELEASE one');
    return false;
  }
}

/** Undefined when neither the body is there, nor what it is made of. */
function readBody(from: Database, id: number | undefined, runs: ReadonlySet<number>): Row | undefined {
  const body = read(from, 'bodies', { where: 'id', id: id ?? 0 })?.[0];
  return body !== undefined && (bodyOf(body) !== undefined || isRecipe(body, runs)) ? body : undefined;
}

function isRecipe(body: Row, runs: ReadonlySet<number>): boolean {
  try {
    const { run } = JSON.parse(textOf(body['recipe']) ?? '{}') as Partial<EventRecipe>;
    return runs.has(run ?? 0);
  } catch {
    return false;
  }
}

function isWhole(attempt: Row): boolean {
  try {
    attemptOf(attempt);
    return true;
  } catch {
    return false;
  }
}

/** Undefined where the file is damaged. */
function read(
  database: Database,
  table: Table,
  { where, id }: { where: string; id: number },
): Row[] | undefined {
  const { numbers, texts, blobs } = TABLES[table];
  try {
    const sql = `SELECT ${columns(numbers, [...texts, ...blobs])} FROM ${table} WHERE ${where} = ? ORDER BY id`;
    return database.prepare(sql).all(id) as Row[];
  } catch {
    return undefined;
  }
}

function insert(database: Database, table: Table, row: Row): void {
  const { numbers, texts, blobs } = TABLES[table];
  const names = [...numbers, ...texts, ...blobs];
  const values = [
    ...numbers.map((name) => numberOf(row[name]) ?? null),
    ...texts.map((name) => textOf(row[name]) ?? null),
    ...blobs.map((name) => bytesOf(row[name]) ?? null),
  ];
  const marks = names.map(() => '?').join(', ');
  const sql = `INSERT OR REPLACE INTO ${table} (${names.join(', ')}) VALUES (${marks})`;
  database.prepare(sql).run(...values);
}

/** The salt tells whether a secret is the same one. */
function copySettings(from: Database, to: Database): void {
  try {
    const sql = `SELECT CAST(value AS BLOB) AS value FROM settings WHERE name = 'salt'`;
    const salt = textOf((from.prepare(sql).all()[0] as Row | undefined)?.['value']);
    if (salt !== undefined) to.prepare(`INSERT INTO settings VALUES ('salt', ?)`).run(salt);
  } catch {
    // A new one is made; every secret then looks new.
  }
}
