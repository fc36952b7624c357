import { columns, numberOf, textOf, type Database, type Row } from './database.ts';
import { REMOVE_STRAY_EXTRAS } from './notes.ts';
import { ATTEMPT_COLUMNS, attemptOf, bodyOf, SUMMARY_COLUMNS, summaryOf } from './read-rows.ts';

const PAGE = 500;
const EVENT_ID = /^\w+$/;

const DELIVERIES = `SELECT ${SUMMARY_COLUMNS}, ${columns(['run_id'], ['bytes', 'sha256'])},
    (SELECT CAST(recipe AS BLOB) FROM load_runs WHERE load_runs.id = run_id) AS recipe
  FROM deliveries LEFT JOIN webhooks ON webhooks.id = deliveries.webhook_id
    LEFT JOIN bodies ON bodies.id = body_id
  WHERE deliveries.id > ? ORDER BY deliveries.id LIMIT ${PAGE}`;
const ATTEMPTS = `SELECT ${columns(['id'], [])}, ${ATTEMPT_COLUMNS} FROM attempts WHERE id > ? ORDER BY id LIMIT ${PAGE}`;

/**
 * Takes the rows out of a salvaged journal that were read and make no sense, so that no wrong byte is ever sent.
 * @param last - id that the damaged file told of, if it did
 * @returns how many deliveries are left, and the numbers of the others
 */
export function removeDamaged(database: Database, last: number): { saved: number; lost: number[] } {
  database.exec('BEGIN');
  const lost: number[] = [];
  let [saved, next] = [0, 1];
  for (const row of pagesOf(database, DELIVERIES)) {
    const id = numberOf(row['id']) ?? 0;
    for (; next < id; next += 1) lost.push(next);
    next = id + 1;
    if (isWhole(row)) saved += 1;
    else {
      lost.push(id);
      database.prepare('DELETE FROM deliveries WHERE id = ?').run(id);
    }
  }
  for (; next <= last; next += 1) lost.push(next);
  for (const row of pagesOf(database, ATTEMPTS))
    if (!isReadable(row)) database.prepare('DELETE FROM attempts WHERE id = ?').run(numberOf(row['id']) ?? 0);
  database.exec(`DELETE FROM attempts WHERE delivery_id NOT IN (SELECT id FROM deliveries);
    DELETE FROM bodies WHERE id NOT IN (SELECT body_id FROM deliveries WHERE body_id IS NOT NULL);
    ${REMOVE_STRAY_EXTRAS} COMMIT`);
  return { saved, lost };
}

function* pagesOf(database: Database, sql: string): Generator<Row> {
  for (let after = 0; ;) {
    const rows = database.prepare(sql).all(after) as Row[];
    yield* rows;
    after = numberOf(rows.at(-1)?.['id']) ?? 0;
    if (rows.length < PAGE) return;
  }
}

/** Its body is there, or what it is rendered from. */
function isWhole(row: Row): boolean {
  const summary = summaryOf(row);
  if (summary === undefined) return false;
  if (numberOf(row['run_id']) === undefined) return bodyOf(row) !== undefined;
  return EVENT_ID.test(summary.eventId) && isJson(textOf(row['recipe']));
}

function isReadable(attempt: Row): boolean {
  try {
    attemptOf(attempt);
    return true;
  } catch {
    return false;
  }
}

function isJson(text = ''): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
