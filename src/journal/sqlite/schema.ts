/** "hook" in ASCII: what `file` and SQLite's tools tell the format by. */
export const APPLICATION_ID = 0x686f6f6b;

/** Of the tables below; kept in the file's user_version. */
export const SCHEMA_VERSION = 2;

const LOAD_TABLES = `
CREATE TABLE load_runs (
  id INTEGER PRIMARY KEY,
  webhook_id INTEGER NOT NULL REFERENCES webhooks (id),
  attempts_total INTEGER NOT NULL,
  recipe TEXT NOT NULL
) STRICT;

CREATE TABLE load_event_names (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;

CREATE TABLE load_deliveries (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES load_runs (id),
  event_number INTEGER NOT NULL,
  event_id TEXT NOT NULL,
  event_name_id INTEGER NOT NULL REFERENCES load_event_names (id),
  happened_at_ms INTEGER NOT NULL,
  started_at_ms INTEGER NOT NULL,
  total_us INTEGER NOT NULL,
  status INTEGER NOT NULL
) STRICT;

CREATE TABLE load_under_way (
  run_id INTEGER NOT NULL REFERENCES load_runs (id),
  page INTEGER NOT NULL,
  deliveries TEXT NOT NULL,
  PRIMARY KEY (run_id, page)
) STRICT, WITHOUT ROWID;
`;

/** All deliveries in one form. The casts make the columns alike, so that SQLite reads each part by its own index. */
const VIEWS = `
CREATE VIEW all_deliveries AS
  SELECT id, event_id, event_name, webhook_id, body_id, state, created_at_ms, settled_at_ms, attempts_made,
    attempts_total, next_attempt_at_ms
  FROM deliveries
  UNION ALL
  SELECT id, event_id, (SELECT name FROM load_event_names WHERE load_event_names.id = event_name_id),
    (SELECT webhook_id FROM load_runs WHERE load_runs.id = run_id), CAST(NULL AS INTEGER),
    CAST('completed' AS TEXT), CAST(started_at_ms AS REAL), CAST(started_at_ms + total_us / 1e3 AS REAL),
    CAST(1 AS INTEGER), (SELECT attempts_total FROM load_runs WHERE load_runs.id = run_id), CAST(NULL AS REAL)
  FROM load_deliveries
  UNION ALL
  SELECT CAST(value ->> 0 AS INTEGER), CAST(value ->> 4 AS TEXT),
    (SELECT name FROM load_event_names WHERE load_event_names.id = value ->> 5),
    (SELECT webhook_id FROM load_runs WHERE load_runs.id = run_id), CAST(NULL AS INTEGER),
    CAST('pending' AS TEXT), CAST(value ->> 3 AS REAL), CAST(NULL AS REAL), CAST(0 AS INTEGER),
    (SELECT attempts_total FROM load_runs WHERE load_runs.id = run_id), CAST(NULL AS REAL)
  FROM load_under_way, json_each(load_under_way.deliveries)
  WHERE NOT EXISTS (SELECT 1 FROM load_deliveries WHERE id = value ->> 0)
    AND NOT EXISTS (SELECT 1 FROM deliveries WHERE id = value ->> 0);

CREATE VIEW delivery_overview AS
  SELECT all_deliveries.id, event_name, event_id, url, state, attempts_made, attempts_total,
    datetime(created_at_ms / 1000, 'unixepoch') AS created_at,
    datetime(next_attempt_at_ms / 1000, 'unixepoch') AS next_attempt_at,
    datetime(settled_at_ms / 1000, 'unixepoch') AS settled_at
  FROM all_deliveries LEFT JOIN webhooks ON webhooks.id = webhook_id;

CREATE VIEW attempt_overview AS
  SELECT delivery_id, event_name, attempt, datetime(started_at_ms / 1000, 'unixepoch') AS started_at,
    coalesce(outcome, 'unknown') AS outcome, status, detail, total_ms,
    CAST(response_body AS TEXT) AS response_text
  FROM attempts LEFT JOIN deliveries ON deliveries.id = delivery_id
  UNION ALL
  SELECT id, (SELECT name FROM load_event_names WHERE load_event_names.id = event_name_id), 1,
    datetime(started_at_ms / 1000, 'unixepoch'), 'accepted', status, NULL, total_us / 1e3, ''
  FROM load_deliveries;
`;

/**
 * Times are milliseconds since 1970, UTC, real unless their name says simulated.
 *
 * A delivery of a load run has one row in `load_deliveries` when its first attempt was accepted. While that attempt
 * is under way it stands in `load_under_way`: `[id, event number, happened at, started at, event id, id of its name]`,
 * those of a commit in one row. Whatever else becomes of it, it gets a row in `deliveries`. What stands in one of
 * these two tables is not under way any more.
 */
export const SCHEMA = `
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;

CREATE TABLE webhooks (
  id INTEGER PRIMARY KEY,
  url TEXT NOT NULL,
  configuration TEXT NOT NULL
) STRICT;

CREATE TABLE bodies (
  id INTEGER PRIMARY KEY,
  bytes BLOB,
  recipe TEXT,
  sha256 BLOB
) STRICT;

CREATE TABLE deliveries (
  id INTEGER PRIMARY KEY,
  event_id TEXT NOT NULL,
  event_name TEXT NOT NULL,
  webhook_id INTEGER NOT NULL REFERENCES webhooks (id),
  body_id INTEGER NOT NULL REFERENCES bodies (id),
  resend_of INTEGER REFERENCES deliveries (id),
  state TEXT NOT NULL,
  created_at_ms REAL NOT NULL,
  settled_at_ms REAL,
  attempts_made INTEGER NOT NULL DEFAULT 0,
  attempts_total INTEGER NOT NULL,
  next_attempt_at_ms REAL,
  first_attempt_at_ms REAL,
  wait_began_at_ms REAL,
  wait_simulated_ms REAL,
  time_scale REAL NOT NULL DEFAULT 1,
  skipped_before_ms REAL NOT NULL DEFAULT 0,
  skipped_ms REAL NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX pending_deliveries ON deliveries (id) WHERE state = 'pending';
CREATE INDEX deliveries_by_event ON deliveries (event_id);

CREATE TABLE attempts (
  id INTEGER PRIMARY KEY,
  delivery_id INTEGER NOT NULL REFERENCES deliveries (id),
  attempt INTEGER NOT NULL,
  started_at_ms REAL NOT NULL,
  simulated_at_ms REAL NOT NULL,
  request_headers TEXT NOT NULL,
  outcome TEXT,
  detail TEXT,
  status INTEGER,
  response_headers TEXT,
  response_body BLOB,
  response_truncated INTEGER,
  connect_ms REAL,
  first_byte_ms REAL,
  total_ms REAL
) STRICT;
CREATE INDEX attempts_by_delivery ON attempts (delivery_id);

CREATE TABLE requests (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  ids TEXT NOT NULL
) STRICT;
${LOAD_TABLES}${VIEWS}
PRAGMA application_id = ${APPLICATION_ID};
PRAGMA user_version = ${SCHEMA_VERSION};
`;

/** Brings a file of an older version up to date: the step at index n leads from version n + 1 to n + 2. */
export const MIGRATIONS: readonly string[] = [
  `DROP VIEW delivery_overview; DROP VIEW attempt_overview; ${LOAD_TABLES}${VIEWS}`,
];
