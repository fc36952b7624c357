import type { LoadDelivery } from '../load-ledger.ts';
import { numberOf, textOf, type Database, type Row } from './database.ts';
import { namesOf, takingOn } from './load-rows.ts';

/** One of a page: its id, event number, happened at, started at, event id, id of the event's name. */
export type UnderWayRecord = readonly [number, number, number, number, string, number];

/** Deliveries that were under way when a load run was ended from outside are pending; nobody knows their outcome. */
export function takeOnUnderWay(database: Database): void {
  const rows = database
    .prepare(
      `SELECT CAST(run_id AS REAL) AS id, CAST(webhook_id AS REAL) AS webhook,
         CAST(attempts_total AS REAL) AS total, CAST(deliveries AS BLOB) AS deliveries
       FROM load_under_way JOIN load_runs ON load_runs.id = run_id`,
    )
    .all() as Row[];
  if (rows.length === 0) return;
  database.exec('BEGIN IMMEDIATE');
  for (const row of rows) takeOnPage(row, database);
  database.exec('DELETE FROM load_under_way; COMMIT');
}

function takeOnPage(row: Row, database: Database): void {
  const number = (name: string) => numberOf(row[name]) ?? 0;
  const run = { id: number('id'), webhook: number('webhook'), attemptsTotal: number('total'), recipe: '' };
  const takeOn = takingOn(run, database);
  const names = new Map([...namesOf(database)].map(([name, id]) => [id, name]));
  const begin = database.prepare(
    'UPDATE deliveries SET first_attempt_at_ms = ?1, next_attempt_at_ms = NULL WHERE id = ?2',
  );
  const addAttempt = database.prepare(`INSERT INTO attempts
    (delivery_id, attempt, started_at_ms, simulated_at_ms, request_headers) VALUES (?, 1, ?, ?, '{}')`);
  const elsewhere = database.prepare(
    'SELECT 1 FROM load_deliveries WHERE id = ?1 UNION ALL SELECT 1 FROM deliveries WHERE id = ?1',
  );
  for (const [id, delivery] of deliveriesOf(textOf(row['deliveries']) ?? '[]', names)) {
    if (elsewhere.all(id).length > 0) continue; // It has gone further since.
    const { startedAtMs } = delivery;
    takeOn(id, delivery, startedAtMs);
    begin.run(startedAtMs, id);
    addAttempt.run(id, startedAtMs, startedAtMs);
  }
}

/** A page of `load_under_way`. */
function deliveriesOf(page: string, names: ReadonlyMap<number, string>): (readonly [number, LoadDelivery])[] {
  return (JSON.parse(page) as UnderWayRecord[]).map(
    ([id, eventNumber, happenedAtMs, startedAtMs, eventId, nameId]) => [
      id,
      { eventNumber, happenedAtMs, startedAtMs, eventId, eventName: names.get(nameId) ?? '' },
    ],
  );
}
