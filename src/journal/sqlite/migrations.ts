import { DELIVERIES, LOAD_RUNS, SCHEMA_VERSION, VIEWS } from './schema.ts';

/** `deliveries` of versions 1 and 2, as today's. A load run's events had a recipe in place of a body. */
const ORDINARY = `
  SELECT deliveries.id, event_id, event_name, webhook_id,
    CASE WHEN json_valid(recipe) THEN NULL ELSE body_id END AS body_id,
    CASE WHEN json_valid(recipe) THEN recipe ->> 'run' END AS run_id,
    CASE WHEN json_valid(recipe) THEN recipe ->> 'event' END AS event_number,
    CASE WHEN json_valid(recipe) THEN recipe ->> 'atMs' END AS happened_at_ms,
    resend_of, state, created_at_ms, settled_at_ms, attempts_made, attempts_total, next_attempt_at_ms,
    first_attempt_at_ms, wait_began_at_ms, wait_simulated_ms, time_scale, skipped_before_ms, skipped_ms,
    NULL AS first_status
  FROM main.deliveries LEFT JOIN main.bodies ON bodies.id = body_id`;

/** Version 2 kept a load run's delivery that was accepted at once in a table of its own. */
const ACCEPTED = `
  SELECT load_deliveries.id, event_id, (SELECT name FROM load_event_names WHERE id = event_name_id),
    (SELECT webhook_id FROM load_runs WHERE id = run_id), NULL, run_id, event_number, happened_at_ms, NULL,
    'completed', started_at_ms, started_at_ms + total_us / 1e3, 1,
    (SELECT attempts_total FROM load_runs WHERE id = run_id), NULL, started_at_ms, NULL, NULL, 1, 0, 0, status
  FROM load_deliveries`;

/** And those that were under way as JSON: `[id, event number, happened at, started at, event id, id of its name]`. */
const UNDER_WAY = `
  SELECT value ->> 0, value ->> 4, (SELECT name FROM load_event_names WHERE id = value ->> 5),
    (SELECT webhook_id FROM load_runs WHERE id = run_id), NULL, run_id, value ->> 1, value ->> 2, NULL,
    'pending', value ->> 3, NULL, 0, (SELECT attempts_total FROM load_runs WHERE id = run_id), NULL, value ->> 3,
    NULL, NULL, 1, 0, 0, NULL
  FROM load_under_way, json_each(CASE WHEN json_valid(load_under_way.deliveries) THEN load_under_way.deliveries
    ELSE '[]' END)
  WHERE json_each.type = 'array' AND json_array_length(value) = 6 AND typeof(value ->> 0) = 'integer'
    AND NOT EXISTS (SELECT 1 FROM load_deliveries WHERE id = value ->> 0)
    AND NOT EXISTS (SELECT 1 FROM main.deliveries WHERE id = value ->> 0)`;

/** What an older file's rows are today, by its version. */
const ROWS: Readonly<Record<number, string>> = {
  1: ORDINARY,
  2: `${ORDINARY} UNION ALL ${ACCEPTED} UNION ALL ${UNDER_WAY}`,
};

/** Brings a file up to date, all or nothing. Rows that make no sense are left behind: salvage.ts reports them. */
export function migration(version: number): string {
  return `BEGIN IMMEDIATE;
    DROP VIEW IF EXISTS all_deliveries; DROP VIEW IF EXISTS delivery_overview;
    DROP VIEW IF EXISTS attempt_overview;
    CREATE TEMP TABLE moved AS ${ROWS[version] ?? ''};
    DROP TABLE deliveries;
    ${LOAD_RUNS}${DELIVERIES}
    INSERT OR IGNORE INTO deliveries SELECT * FROM moved ORDER BY id;
    DROP TABLE moved;
    DELETE FROM bodies WHERE bytes IS NULL;
    ALTER TABLE bodies DROP COLUMN recipe;
    DROP TABLE IF EXISTS load_deliveries; DROP TABLE IF EXISTS load_under_way;
    DROP TABLE IF EXISTS load_event_names;
    ${VIEWS} PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT;`;
}

/** Lets a connection that may not write read an older file with today's statements. */
export function viewOfOlder(version: number): string | undefined {
  const rows = ROWS[version];
  return rows === undefined ? undefined : `CREATE TEMP VIEW deliveries AS ${rows}`;
}
