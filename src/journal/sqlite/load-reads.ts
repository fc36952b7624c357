import type { StoredAttempt } from '../delivery-store.ts';
import type { EventRecipe } from '../load-ledger.ts';
import { columns, numberOf, pragma, textOf, type Database, type Row } from './database.ts';

/** The last id of all deliveries, those of load runs included; 0 when there is none. */
export function lastId(database: Database): number {
  const sql = `SELECT max(coalesce((SELECT max(id) FROM deliveries), 0),
    coalesce((SELECT max(id) FROM load_deliveries), 0))`;
  return (database.prepare(sql).raw().get() as [number])[0];
}

export function loadRunOf(database: Database, run: number): string | undefined {
  const sql = 'SELECT CAST(recipe AS BLOB) AS recipe FROM load_runs WHERE id = ?';
  return textOf((database.prepare(sql).all(run)[0] as Row | undefined)?.['recipe']);
}

const FIRST_ATTEMPT = `SELECT ${columns(
  ['run_id', 'event_number', 'happened_at_ms', 'started_at_ms', 'total_us', 'status'],
  [],
)} FROM load_deliveries WHERE id = ?`;

/** The row of a delivery of a load run whose first attempt was accepted. */
function completedRow(database: Database, id: number): Row | undefined {
  if (pragma(database, 'user_version') < 2) return undefined;
  return database.prepare(FIRST_ATTEMPT).all(id)[0] as Row | undefined;
}

/** That attempt. The answer's headers and body are not kept. */
export function firstAttemptOf(database: Database, id: number): StoredAttempt | undefined {
  const row = completedRow(database, id);
  if (row === undefined) return undefined;
  const number = (name: string) => numberOf(row[name]) ?? 0;
  const status = number('status');
  const startedAtMs = number('started_at_ms');
  const response = { status, headers: {}, body: Buffer.alloc(0), truncated: false };
  return {
    ...{ attempt: 1, startedAtMs, simulatedAtMs: startedAtMs, requestHeaders: {} },
    outcome: { kind: 'accepted', status, response },
    timings: { totalMs: number('total_us') / 1e3 },
  };
}

/** How the body is made again; undefined where it is kept, or nothing is known. */
export function recipeOf(database: Database, id: number): EventRecipe | undefined {
  const row = completedRow(database, id);
  if (row !== undefined) {
    const number = (name: string) => numberOf(row[name]) ?? 0;
    return { run: number('run_id'), event: number('event_number'), atMs: number('happened_at_ms') };
  }
  const sql = `SELECT CAST(recipe AS BLOB) AS recipe FROM bodies
    WHERE id = (SELECT body_id FROM deliveries WHERE id = ?)`;
  const recipe = textOf((database.prepare(sql).all(id)[0] as Row | undefined)?.['recipe']);
  return recipe === undefined ? underWayOf(database, id) : (JSON.parse(recipe) as EventRecipe);
}

function underWayOf(database: Database, id: number): EventRecipe | undefined {
  if (pragma(database, 'user_version') < 2) return undefined;
  const sql = `SELECT CAST(run_id AS REAL) AS run, CAST(value ->> 1 AS REAL) AS event,
    CAST(value ->> 2 AS REAL) AS at_ms FROM load_under_way, json_each(deliveries) WHERE value ->> 0 = ?`;
  const row = database.prepare(sql).all(id)[0] as Row | undefined;
  if (row === undefined) return undefined;
  const number = (name: string) => numberOf(row[name]) ?? 0;
  return { run: number('run'), event: number('event'), atMs: number('at_ms') };
}

/** Turns a delivery that one row tells of into one like all others. */
export function makeOrdinary(database: Database, id: number): void {
  const recipe = recipeOf(database, id);
  if (completedRow(database, id) === undefined || recipe === undefined) return;
  database.prepare('INSERT INTO bodies (id, recipe) VALUES (?, ?)').run(id, JSON.stringify(recipe));
  database
    .prepare(
      `INSERT INTO deliveries (id, event_id, event_name, webhook_id, body_id, state, created_at_ms, settled_at_ms,
         attempts_made, attempts_total, first_attempt_at_ms)
       SELECT id, event_id, event_name, webhook_id, id, state, created_at_ms, settled_at_ms, 1, attempts_total,
         created_at_ms FROM all_deliveries WHERE id = ?`,
    )
    .run(id);
  database
    .prepare(
      `INSERT INTO attempts (delivery_id, attempt, started_at_ms, simulated_at_ms, request_headers, outcome,
         status, total_ms)
       SELECT id, 1, started_at_ms, started_at_ms, '{}', 'accepted', status, total_us / 1e3
       FROM load_deliveries WHERE id = ?`,
    )
    .run(id);
  database.prepare('DELETE FROM load_deliveries WHERE id = ?').run(id);
}
