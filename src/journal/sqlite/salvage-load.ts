import type { UnderWayRecord } from './after-crash.ts';
import { columns, numberOf, textOf, type Database, type Row } from './database.ts';

const TABLES = {
  load_event_names: { numbers: ['id'], texts: ['name'] },
  load_runs: { numbers: ['id', 'webhook_id', 'attempts_total'], texts: ['recipe'] },
  load_deliveries: {
    numbers: [
      ...['id', 'run_id', 'event_number', 'event_name_id'],
      ...['happened_at_ms', 'started_at_ms', 'total_us', 'status'],
    ],
    texts: ['event_id'],
  },
} as const;
type Table = keyof typeof TABLES;

const PAGE = 500;

/** How far to look behind the last row that a damaged file tells of: about as far as an inner page of SQLite's reaches. */
const BLIND_KEYS = 20_000;

/** More slots than these pages hold has no run. */
const LAST_PAGE = 1_000;
const EVENT_ID_AT = 4;

/** Copies load runs, and their deliveries whose first attempt was accepted. @returns the ids of those deliveries */
export function copyLoadRuns(from: Database, to: Database): Set<number> {
  copyTable('load_event_names', from, to);
  copyTable('load_runs', from, to);
  return copyTable('load_deliveries', from, to);
}

/**
 * Copies what was under way. What stands in `saved`, too, has gone further since.
 * @returns the ids of what was copied
 */
export function copyUnderWay(from: Database, to: Database, saved: ReadonlySet<number>): Set<number> {
  const ids = new Set<number>();
  const names = new Set(keysOf(to, 'load_event_names'));
  const insert = to.prepare('INSERT INTO load_under_way VALUES (?, ?, ?)');
  const isNews = ([id, , , , , nameId]: UnderWayRecord) => {
    if (saved.has(id) || ids.has(id) || !names.has(nameId)) return false;
    ids.add(id);
    return true;
  };
  for (const run of keysOf(to, 'load_runs'))
    for (const [page, records] of underWayOf(from, run).entries())
      insert.run(run, page, JSON.stringify(records.filter(isNews)));
  return ids;
}

/** The largest id that a table tells of; undefined when it is empty, missing or damaged. */
export function lastOf(database: Database, table: Table | 'webhooks' | 'deliveries'): number | undefined {
  const sql = `SELECT CAST(max(id) AS REAL) FROM ${table}`;
  const rows = tolerant(() => database.prepare(sql).raw().all() as [number | null][]);
  const last = rows?.[0]?.[0] ?? undefined;
  return last === undefined || !(last < 1e9) ? undefined : last;
}

/** Rows that refer to what was lost are not taken. */
function copyTable(table: Table, from: Database, to: Database): Set<number> {
  const { numbers, texts } = TABLES[table];
  const names = [...numbers, ...texts];
  const marks = names.map(() => '?').join(', ');
  const insert = to.prepare(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${marks})`);
  const ids = new Set<number>();
  for (const row of rowsOf(from, table)) {
    const values = [
      ...numbers.map((name) => numberOf(row[name]) ?? null),
      ...texts.map((name) => textOf(row[name]) ?? null),
    ];
    if (isSane(table, row) && tolerant(() => insert.run(...values)) !== undefined) ids.add(Number(row['id']));
  }
  return ids;
}

/** Damage inside a row can leave text that is none of ours. */
function isSane(table: Table, row: Row): boolean {
  if (table === 'load_deliveries') return isEventId(textOf(row['event_id']));
  return (
    table !== 'load_runs' || tolerant(() => JSON.parse(textOf(row['recipe']) ?? '') as unknown) !== undefined
  );
}

/** Page by page; where the file is damaged, row by row. */
function* rowsOf(from: Database, table: Table): Iterable<Row> {
  const { numbers, texts } = TABLES[table];
  const sql = `SELECT ${columns(numbers, texts)} FROM ${table} WHERE id BETWEEN ? AND ?`;
  const between = tolerant(() => from.prepare(sql));
  if (between === undefined) return; // A file of before load runs.
  const read = (first: number, last: number) => tolerant(() => between.all(first, last) as Row[]);
  const last = lastOf(from, table);
  for (let first = 1, found = 0; first <= (last ?? found + BLIND_KEYS); first += PAGE) {
    const oneByOne = () => upTo(PAGE - 1).flatMap((nth) => read(first + nth, first + nth) ?? []);
    const rows = read(first, first + PAGE - 1) ?? oneByOne();
    if (rows.length > 0) found = first + PAGE;
    yield* rows;
  }
}

/** The pages of a run; of one that is damaged nothing. */
function underWayOf(from: Database, run: number): UnderWayRecord[][] {
  const sql = `SELECT CAST(deliveries AS BLOB) AS deliveries FROM load_under_way
    WHERE run_id = ? AND page BETWEEN ? AND ?`;
  const between = tolerant(() => from.prepare(sql));
  if (between === undefined) return []; // A file of before load runs.
  const read = (first: number, last: number) => tolerant(() => between.all(run, first, last) as Row[]);
  const rows = read(0, LAST_PAGE) ?? upTo(LAST_PAGE).flatMap((page) => read(page, page) ?? []);
  return rows.map((row) => recordsOf(textOf(row['deliveries'])));
}

function upTo(last: number): number[] {
  return Array.from({ length: last + 1 }, (_, nth) => nth);
}

function recordsOf(page: string | undefined): UnderWayRecord[] {
  const records = tolerant(() => JSON.parse(page ?? '[]') as unknown);
  return Array.isArray(records) ? records.filter(isRecord) : [];
}

function isRecord(value: unknown): value is UnderWayRecord {
  if (!Array.isArray(value) || value.length !== 6) return false;
  const isRight = (part: unknown, at: number) =>
    at === EVENT_ID_AT ? isEventId(part) : Number.isSafeInteger(part);
  return value.every(isRight);
}

function isEventId(value: unknown): boolean {
  return typeof value === 'string' && /^\w+$/.test(value);
}

export function keysOf(database: Database, table: Table): number[] {
  return (database.prepare(`SELECT id FROM ${table}`).raw().all() as [number][]).map(([id]) => id);
}

function tolerant<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
