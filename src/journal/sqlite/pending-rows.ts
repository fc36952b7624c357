import { JournalError } from '../errors.ts';
import type { Due, PendingDelivery } from '../journal.ts';
import { numberOf, orJournalError, type Database, type Row } from './database.ts';
import type { GroupCommit } from './group-commit.ts';
import type { Statements } from './statements.ts';
import { pendingOfRow } from './write-rows.ts';

export interface PendingRowsOptions {
  readonly path: string;
  readonly database: Database;
  readonly statements: Statements;
  readonly group: GroupCommit;
}

/** What is pending in a journal that is open for writing. */
export class PendingRows {
  readonly #options: PendingRowsOptions;

  constructor(options: PendingRowsOptions) {
    this.#options = options;
  }

  count(): number {
    const sql = `SELECT count(*) FROM deliveries WHERE state = 'pending'`;
    return (this.read((database) => database.prepareRaw(sql).get()) as [number])[0];
  }

  due(afterId: number, limit: number): Due[] {
    const { due } = this.#options.statements;
    return this.read(() => due.all(afterId, limit)).map(dueOfRow);
  }

  dueOf(ids: readonly number[]): Due[] {
    const { dueOf } = this.#options.statements;
    return this.read(() => dueOf.all(JSON.stringify(ids))).map(dueOfRow);
  }

  /** @throws {JournalError} when its body is damaged */
  find(id: number): PendingDelivery | undefined {
    const { path, statements } = this.#options;
    const row = this.read(() => statements.pending.all(id)[0]) as Row | undefined;
    const pending = row === undefined ? undefined : this.#pendingOf(id, row);
    if (pending?.body !== null || pending.recipe !== undefined) return pending;
    throw new JournalError(path, `the body of d${id} is damaged; hookcast cancel d${id} gives it up`);
  }

  /** Without its extras it would be sent otherwise than it was asked for. */
  #pendingOf(id: number, row: Row): PendingDelivery {
    try {
      return pendingOfRow(id, row);
    } catch (error) {
      const reason = `how d${id} is to be sent cannot be read; hookcast cancel d${id} gives it up`;
      throw new JournalError(this.#options.path, reason, { cause: error });
    }
  }

  loads(ids: readonly number[]): Map<number, PendingDelivery> {
    const { pendingLoads } = this.#options.statements;
    const rows = this.read(() => pendingLoads.all(JSON.stringify(ids))) as Row[];
    return new Map(
      rows.map((row) => {
        const id = numberOf(row['id']) ?? 0;
        return [id, pendingOfRow(id, row)];
      }),
    );
  }

  of(webhooks: readonly number[]): number[] {
    const sql = `SELECT id FROM deliveries WHERE state = 'pending' AND webhook_id = ? ORDER BY id`;
    return webhooks.flatMap((webhook) =>
      (this.read((database) => database.prepareRaw(sql).all(webhook)) as [number][]).map(([id]) => id),
    );
  }

  read<T>(read: (database: Database) => T): T {
    const { path, database, group } = this.#options;
    return group.read(() => orJournalError(path, () => read(database)));
  }
}

function dueOfRow(row: unknown): Due {
  const [id, dueAtMs, timeScale] = row as [number, number, number];
  return { id, dueAtMs, timeScale };
}
