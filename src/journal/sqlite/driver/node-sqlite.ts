import { pathToFileURL } from 'node:url';
import type { Database, Driver, OpenMode, Statement } from './driver.ts';

interface NodeStatement extends Statement {
  setReturnArrays(enabled: boolean): void;
}

interface NodeDatabase {
  exec(sql: string): void;
  prepare(sql: string): NodeStatement;
  close(): void;
}

interface NodeSqlite {
  readonly DatabaseSync: new (path: string | URL, options: { readOnly: boolean }) => NodeDatabase;
  readonly StatementSync: { readonly prototype: object };
}

/**
 * Node's own SQLite; undefined where this Node has none, or only behind a flag, or (before 22.16) one whose rows cannot
 * be arrays.
 */
export function nodeSqlite(): Driver | undefined {
  const sqlite = withoutWarning(() => process.getBuiltinModule('node:sqlite')) as NodeSqlite | undefined;
  if (sqlite === undefined || !('setReturnArrays' in sqlite.StatementSync.prototype)) return undefined;
  return { name: 'node:sqlite', open: (path, mode) => opened(sqlite, path, mode) };
}

/** Some versions call it an experiment, on stderr, when it is loaded. */
function withoutWarning<T>(load: () => T): T {
  const restore = Object.getOwnPropertyDescriptor(process, 'emitWarning');
  process.emitWarning = () => undefined;
  try {
    return load();
  } finally {
    if (restore !== undefined) Object.defineProperty(process, 'emitWarning', restore);
  }
}

function opened({ DatabaseSync }: NodeSqlite, path: string, mode: OpenMode): Database {
  const url = pathToFileURL(path);
  if (mode === 'immutable') url.searchParams.set('immutable', '1');
  const database = new DatabaseSync(url, { readOnly: mode !== 'read-write' });
  return {
    exec: (sql) => database.exec(sql),
    prepare: (sql) => database.prepare(sql),
    prepareRaw: (sql) => {
      const statement = database.prepare(sql);
      statement.setReturnArrays(true);
      return statement;
    },
    prepareList: (sql) => {
      const statement = database.prepare(sql);
      return (values) => void statement.run(...values);
    },
    pragma: (setting) => database.exec(`PRAGMA ${setting}`),
    close: () => database.close(),
  };
}
