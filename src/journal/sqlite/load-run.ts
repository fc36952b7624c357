import type { LoadDelivery, LoadLedger, NewLoadRun } from '../load-ledger.ts';
import { textOf, type Database, type Row } from './database.ts';
import type { JournalFile } from './journal-file.ts';

/** The recipe of a load run; undefined where it is lost. */
export function loadRunOf(database: Database, run: number): string | undefined {
  const sql = 'SELECT CAST(recipe AS BLOB) AS recipe FROM load_runs WHERE id = ?';
  return textOf((database.prepare(sql).all(run)[0] as Row | undefined)?.['recipe']);
}

/** Adds a load run to the journal. Each of its deliveries is one row, from its beginning to its end. */
export function startLoadRun(
  run: NewLoadRun,
  { database, statements, rows, group }: JournalFile,
  nextId: () => number,
): LoadLedger {
  const { webhook, attemptsTotal, recipe } = run;
  const [last] = database.prepareRaw('SELECT max(id) FROM load_runs').get() as [number | null];
  const runId = (last ?? 0) + 1;
  group.write(() =>
    database.prepare('INSERT INTO load_runs VALUES (?, ?, ?, ?)').run(runId, webhook, attemptsTotal, recipe),
  );
  const add = (delivery: LoadDelivery, dueAtMs: number | null, firstAtMs: number | null): number => {
    const id = nextId();
    const { eventId, eventName, eventNumber, happenedAtMs, startedAtMs } = delivery;
    const event = [id, eventId, eventName, webhook, runId, eventNumber, happenedAtMs] as const;
    // Where nothing can be written any more, the commit that it waits for says so.
    if (!group.broken.aborted)
      group.gather(rows.addLoad, ...event, attemptsTotal, startedAtMs, dueAtMs, firstAtMs);
    return id;
  };
  // An outcome that nothing waits for shares a commit with others.
  let accepted: [startedAtMs: number, endedAtMs: number, status: number, id: number][] = [];
  const forget = group.beforeCommit(() => {
    for (const values of accepted) group.gather(rows.acceptFirst, ...values);
    accepted = [];
  });
  return {
    begin: (delivery) => add(delivery, null, delivery.startedAtMs),
    add: (delivery, dueAtMs) => add(delivery, dueAtMs, null),
    complete: (id, { startedAtMs, totalMs, status }) => {
      accepted.push([startedAtMs, startedAtMs + totalMs, status, id]);
      group.commitSoon();
    },
    // Where nothing can be written any more it stays, as an attempt whose outcome is unknown.
    withdraw: (id) => {
      if (!group.broken.aborted) group.write(() => statements.remove.run(id));
    },
    end: () => {
      group.commitNow();
      forget();
    },
  };
}
