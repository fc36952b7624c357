/** What SQLite stores, as it is passed in. */
export type SqlValue = string | number | null | Uint8Array;

/** What SQLite gives back: blobs as the driver likes. */
export type Row = Readonly<Record<string, unknown>>;

export interface RunResult {
  readonly changes: number | bigint;
  readonly lastInsertRowid: number | bigint;
}

export interface Statement {
  run(...values: (SqlValue | Readonly<Record<string, SqlValue>>)[]): RunResult;
  get(...values: SqlValue[]): unknown;
  all(...values: SqlValue[]): unknown[];
}

export interface Database {
  exec(sql: string): void;
  /** Rows are objects. */
  prepare(sql: string): Statement;
  /** Rows are arrays. */
  prepareRaw(sql: string): Statement;
  /** For a statement of many values: they are passed on as they are, where to spread them costs as much as to run it. */
  prepareList(sql: string): (values: SqlValue[]) => void;
  /** Changes a setting: `busy_timeout = 100`. */
  pragma(setting: string): void;
  close(): void;
}

/** `immutable`: nobody writes the file, and nothing may be written beside it. */
export type OpenMode = 'read-write' | 'read-only' | 'immutable';

/** An implementation of SQLite, as far as a journal needs one. */
export interface Driver {
  readonly name: 'node:sqlite' | 'libsql';
  /** A file that does not exist is made, but for reading. */
  open(path: string, mode: OpenMode): Database;
}
