import type { Database } from './database.ts';
import type { GroupCommit } from './group-commit.ts';
import type { GatheredRows, Statements } from './statements.ts';

/** A journal's file that is open for writing, and what its rows are written with. */
export interface JournalFile {
  readonly path: string;
  readonly database: Database;
  readonly statements: Statements;
  readonly rows: GatheredRows;
  readonly group: GroupCommit;
}
