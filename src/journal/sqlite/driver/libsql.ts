import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { Database, Driver, OpenMode, RunResult, SqlValue, Statement } from './driver.ts';

interface LibsqlStatement extends Statement {
  run(...values: Parameters<Statement['run']>): RunResult;
  run(values: SqlValue[]): RunResult;
  raw(): LibsqlStatement;
}

interface LibsqlDatabase {
  exec(sql: string): void;
  prepare(sql: string): LibsqlStatement;
  pragma(setting: string): unknown;
  close(): void;
}

type Libsql = new (path: string) => LibsqlDatabase;

const require = createRequire(import.meta.url);

/** The package, for a Node without an SQLite of its own; undefined where it is not installed. */
export function libsql(): Driver | undefined {
  const Package = loaded();
  return Package === undefined
    ? undefined
    : { name: 'libsql', open: (path, mode) => opened(new Package(nameOf(path, mode))) };
}

function loaded(): Libsql | undefined {
  try {
    return require('libsql') as Libsql;
  } catch (error) {
    // It is there, and its native part is not: `npm install` was told to leave optional packages out.
    if ((error as { code?: unknown }).code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

function nameOf(path: string, mode: OpenMode): string {
  if (mode === 'read-write') return path;
  return `${pathToFileURL(path).href}?mode=ro${mode === 'immutable' ? '&immutable=1' : ''}`;
}

function opened(database: LibsqlDatabase): Database {
  return {
    exec: (sql) => database.exec(sql),
    prepare: (sql) => database.prepare(sql),
    prepareRaw: (sql) => database.prepare(sql).raw(),
    prepareList: (sql) => {
      const statement = database.prepare(sql);
      return (values) => void statement.run(values);
    },
    pragma: (setting) => void database.pragma(setting),
    close: () => database.close(),
  };
}
