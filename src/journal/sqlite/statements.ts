import { columns, type Database } from './database.ts';
import type { Statement } from './driver/driver.ts';
import { EXTRAS_COLUMN } from './notes.ts';
import { PENDING_LOAD_COLUMNS } from './pending-loads.ts';
import { RECIPE_NUMBERS } from './read-rows.ts';
import { RowBatch, type RowsSql } from './row-batch.ts';

const PENDING_NUMBERS = [
  ...['deliveries.id', 'webhook_id', 'attempts_made', 'first_attempt_at_ms', 'skipped_before_ms'],
  ...['skipped_ms', 'wait_began_at_ms', 'wait_simulated_ms', ...RECIPE_NUMBERS],
];

/**
 * Simulated milliseconds until the next attempt, at the time ?2. A wait that began later, while the clock stood still
 * (?6), is whole, and at a scale without waits there are no others.
 */
const LEFT_MS = `CASE WHEN ?6 AND wait_began_at_ms > ?2 THEN wait_simulated_ms
           WHEN time_scale > 1e300 THEN iif(?6, coalesce(wait_simulated_ms, 0), 0)
           ELSE (next_attempt_at_ms - ?2) * time_scale END`;

const DUE_COLUMNS = `id, CAST(coalesce(next_attempt_at_ms, first_attempt_at_ms, created_at_ms) AS REAL),
         CAST(time_scale AS REAL), CAST(wait_simulated_ms AS REAL), CAST(wait_began_at_ms AS REAL)`;

const SQL = {
  set: 'INSERT INTO settings VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
  note: `INSERT INTO settings VALUES (?, ?)
       ON CONFLICT DO UPDATE SET value = json_patch(value, excluded.value)`,
  removeNote: 'DELETE FROM settings WHERE name = ?',
  notes: `SELECT CAST(substr(name, ?1) AS BLOB) AS rest, CAST(value AS BLOB) AS value FROM settings
       WHERE substr(name, 1, ?1 - 1) = ?2`,
  addWebhook: 'INSERT INTO webhooks VALUES (?, ?, ?)',
  addBody: 'INSERT INTO bodies VALUES (?, ?, ?)',
  addDelivery: `INSERT INTO deliveries (id, event_id, event_name, webhook_id, body_id, resend_of, state, attempts_total,
         created_at_ms, settled_at_ms, next_attempt_at_ms, wait_began_at_ms, wait_simulated_ms, time_scale)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  remove: 'DELETE FROM deliveries WHERE id = ?',
  resend: `INSERT INTO deliveries (id, event_id, event_name, webhook_id, body_id, run_id, event_number, happened_at_ms,
         resend_of, state, attempts_total, created_at_ms, next_attempt_at_ms)
       SELECT ?, event_id, event_name, webhook_id, body_id, run_id, event_number, happened_at_ms, id, 'pending',
         attempts_total, ?, ?
       FROM deliveries WHERE id = ?`,
  begin: `UPDATE deliveries SET first_attempt_at_ms = coalesce(first_attempt_at_ms, ?), skipped_before_ms = ?,
         skipped_ms = ?, next_attempt_at_ms = NULL, wait_began_at_ms = NULL, wait_simulated_ms = NULL WHERE id = ?`,
  endAttempt: `UPDATE attempts SET outcome = ?, detail = ?, status = ?, response_headers = ?, response_body = ?,
         response_truncated = ?, connect_ms = ?, first_byte_ms = ?, total_ms = ? WHERE id = ?`,
  count: 'UPDATE deliveries SET attempts_made = ? WHERE id = ?',
  wait: `UPDATE deliveries SET attempts_made = ?, wait_began_at_ms = ?, wait_simulated_ms = ?,
         next_attempt_at_ms = ?, time_scale = ? WHERE id = ?`,
  place: `UPDATE deliveries SET attempts_made = ?, first_attempt_at_ms = ?, wait_began_at_ms = ?,
         wait_simulated_ms = ?, next_attempt_at_ms = ?, time_scale = ? WHERE id = ?`,
  limitWaits: `UPDATE deliveries SET next_attempt_at_ms = ?1 + coalesce(wait_simulated_ms, 0) / time_scale
       WHERE state = 'pending' AND next_attempt_at_ms > ?1 + coalesce(wait_simulated_ms, 0) / time_scale`,
  settle: `UPDATE deliveries SET state = ?, settled_at_ms = ?, next_attempt_at_ms = NULL WHERE id = ? AND state = 'pending'`,
  // What is overdue at this scale already stays as it is.
  reschedule: `UPDATE deliveries SET time_scale = ?1, next_attempt_at_ms =
         CASE WHEN (${LEFT_MS}) > ?3 THEN ?4 + ((${LEFT_MS}) - ?3) / ?1 ELSE min(next_attempt_at_ms, ?4) END
       WHERE state = 'pending' AND next_attempt_at_ms IS NOT NULL
         AND (?5 IS NULL OR id IN (SELECT value FROM json_each(?5)))
         AND (time_scale <> ?1 OR next_attempt_at_ms > ?2)`,
  webhookOf: 'SELECT webhook_id FROM deliveries WHERE id = ?',
  due: `SELECT ${DUE_COLUMNS} FROM deliveries WHERE state = 'pending' AND id > ? ORDER BY id LIMIT ?`,
  dueOf: `SELECT ${DUE_COLUMNS} FROM deliveries WHERE id IN (SELECT value FROM json_each(?)) AND state = 'pending' ORDER BY id`,
  pending: `SELECT ${columns(PENDING_NUMBERS, ['event_id', 'event_name', 'bytes', 'sha256'])}, ${EXTRAS_COLUMN}
         FROM deliveries LEFT JOIN bodies ON bodies.id = body_id WHERE deliveries.id = ? AND state = 'pending'`,
  pendingLoads: `SELECT ${PENDING_LOAD_COLUMNS} FROM deliveries
         WHERE id IN (SELECT value FROM json_each(?)) AND state = 'pending' AND run_id IS NOT NULL`,
} as const;

/**
 * What is written so often that rows of a kind are gathered, in the order in which they are written: none of them may
 * need one that follows.
 */
const ROWS = {
  addLoad: [
    `INSERT INTO deliveries (id, event_id, event_name, webhook_id, run_id, event_number, happened_at_ms, state,
       attempts_total, created_at_ms, next_attempt_at_ms, first_attempt_at_ms) VALUES`,
    `(?, ?, ?, ?, ?, ?, ?, 'pending', ?, ?, ?, ?)`,
    '',
  ],
  acceptFirst: [
    `UPDATE deliveries SET state = 'completed', attempts_made = 1, first_attempt_at_ms = column1,
       settled_at_ms = column2, first_status = column3 FROM (VALUES`,
    '(?, ?, ?, ?)',
    ') WHERE id = column4',
  ],
  addAttempt: [
    'INSERT INTO attempts (id, delivery_id, attempt, started_at_ms, simulated_at_ms, request_headers) VALUES',
    '(?, ?, ?, ?, ?, ?)',
    '',
  ],
  /** As `endAttempt`, for an answer of which only the status is kept. */
  endWithStatus: [
    `UPDATE attempts SET outcome = column1, status = column2, response_headers = '{}', response_body = x'',
       response_truncated = 0, total_ms = column3 FROM (VALUES`,
    '(?, ?, ?, ?)',
    ') WHERE id = column4',
  ],
  /** What another process has settled meanwhile stays so. */
  endLast: [
    `UPDATE deliveries SET attempts_made = column1, state = iif(state = 'pending', column2, state),
       settled_at_ms = iif(state = 'pending', column3, settled_at_ms), next_attempt_at_ms = NULL,
       wait_began_at_ms = NULL, wait_simulated_ms = NULL FROM (VALUES`,
    '(?, ?, ?, ?)',
    ') WHERE id = column4',
  ],
} as const satisfies Record<string, RowsSql>;

export type GatheredRows = Readonly<Record<keyof typeof ROWS, RowBatch>>;

/** In the order in which they are to be written. */
export function gatheredRows(database: Database): GatheredRows {
  const batches = Object.entries(ROWS).map(([name, sql]) => [name, new RowBatch(database, sql)]);
  return Object.fromEntries(batches) as GatheredRows;
}

/** Their rows are arrays. */
const RAW: ReadonlySet<string> = new Set(['webhookOf', 'due', 'dueOf', 'pendingLoads']);

export type Statements = Readonly<Record<keyof typeof SQL, Statement>>;

/** Prepared once: appending is then a few microseconds. */
export function prepareStatements(database: Database): Statements {
  const prepare = ([name, sql]: [string, string]) => {
    return [name, RAW.has(name) ? database.prepareRaw(sql) : database.prepare(sql)];
  };
  return Object.fromEntries(Object.entries(SQL).map(prepare)) as Statements;
}
