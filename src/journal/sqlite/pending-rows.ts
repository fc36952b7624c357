import { JournalError } from '../errors.ts';
import type { Due, Journal, PendingDelivery } from '../journal.ts';
import { orJournalError, type Row } from './database.ts';
import type { JournalFile } from './journal-file.ts';
import { loadRunOf } from './load-run.ts';
import { pendingLoadOfRow } from './pending-loads.ts';
import { pendingOfRow } from './write-rows.ts';

/** What a journal that is open for writing tells of its deliveries. */
export function pendingRows({ path, database, statements, group }: JournalFile) {
  /** Recipes of load runs, read once. */
  const loadRuns = new Map<number, string>();
  const read = <T>(look: () => T): T => group.read(() => orJournalError(path, look));
  return {
    pendingCount: () => {
      const sql = `SELECT count(*) FROM deliveries WHERE state = 'pending'`;
      return (read(() => database.prepareRaw(sql).get()) as [number])[0];
    },
    due: (afterId, limit) => read(() => statements.due.all(afterId, limit)).map(dueOfRow),
    dueOf: (ids) => read(() => statements.dueOf.all(JSON.stringify(ids))).map(dueOfRow),
    /** @throws {JournalError} when its body is damaged */
    pending: (id) => {
      const row = read(() => statements.pending.all(id)[0]) as Row | undefined;
      const pending = row && orUnreadable(path, id, () => pendingOfRow(row));
      if (pending?.body !== null || pending.recipe !== undefined) return pending;
      throw new JournalError(path, `the body of d${id} is damaged; hookcast cancel d${id} gives it up`);
    },
    pendingLoads: (ids) => {
      const rows = read(() => statements.pendingLoads.all(JSON.stringify(ids))) as unknown[][];
      const names = new Map<string, string>();
      const found = new Map<number, PendingDelivery>();
      for (const row of rows) {
        const pending = pendingLoadOfRow(row, names);
        found.set(pending.id, pending);
      }
      return found;
    },
    pendingOf: (webhooks) => {
      const sql = `SELECT id FROM deliveries WHERE state = 'pending' AND webhook_id = ? ORDER BY id`;
      const select = (webhook: number) => database.prepareRaw(sql).all(webhook) as [number][];
      return webhooks.flatMap((webhook) => read(() => select(webhook)).map(([id]) => id));
    },
    webhookOf: (delivery) => {
      const rows = group.read(() => statements.webhookOf.all(delivery));
      return (rows[0] as [number] | undefined)?.[0];
    },
    loadRun: (id) => {
      const recipe = loadRuns.get(id) ?? read(() => loadRunOf(database, id));
      if (recipe !== undefined) loadRuns.set(id, recipe);
      return recipe;
    },
  } satisfies Partial<Journal>;
}

/** Without its extras a delivery would be sent otherwise than it was asked for. */
function orUnreadable<T>(path: string, id: number, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const reason = `how d${id} is to be sent cannot be read; hookcast cancel d${id} gives it up`;
    throw new JournalError(path, reason, { cause: error });
  }
}

function dueOfRow(row: unknown): Due {
  const [id, dueAtMs, timeScale, delayMs, sinceMs] = row as [number, number, number, ...(number | null)[]];
  if (delayMs == null || sinceMs == null) return { id, dueAtMs, timeScale };
  return { id, dueAtMs, timeScale, wait: { delayMs, sinceMs } };
}
