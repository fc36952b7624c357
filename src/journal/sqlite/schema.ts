/** "hook" in ASCII: what `file` and SQLite's tools tell the format by. */
export const APPLICATION_ID = 0x686f6f6b;

/** Of the tables below; kept in the file's user_version. Older ones: migrations.ts. */
export const SCHEMA_VERSION = 3;

export const LOAD_RUNS = `
CREATE TABLE IF NOT EXISTS load_runs (
  id INTEGER PRIMARY KEY,
  webhook_id INTEGER NOT NULL REFERENCES webhooks (id),
  attempts_total INTEGER NOT NULL,
  recipe TEXT NOT NULL
) STRICT;
`;

/** All columns of `deliveries`, in the order of the table. */
export const DELIVERIES = `
CREATE TABLE deliveries (
  id INTEGER PRIMARY KEY,
  event_id TEXT NOT NULL,
  event_name TEXT NOT NULL,
  webhook_id INTEGER NOT NULL REFERENCES webhooks (id),
  body_id INTEGER REFERENCES bodies (id),
  run_id INTEGER REFERENCES load_runs (id),
  event_number INTEGER,
  happened_at_ms INTEGER,
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
  skipped_ms REAL NOT NULL DEFAULT 0,
  first_status INTEGER
) STRICT;
CREATE INDEX pending_deliveries ON deliveries (id) WHERE state = 'pending';
CREATE INDEX deliveries_by_event ON deliveries (event_id) WHERE run_id IS NULL;
`;

/** For people with a tool of SQLite's. */
export const VIEWS = `
CREATE VIEW delivery_overview AS
  SELECT deliveries.id, event_name, event_id, url, state, attempts_made, attempts_total,
    datetime(created_at_ms / 1000, 'unixepoch') AS created_at,
    datetime(next_attempt_at_ms / 1000, 'unixepoch') AS next_attempt_at,
    datetime(settled_at_ms / 1000, 'unixepoch') AS settled_at
  FROM deliveries LEFT JOIN webhooks ON webhooks.id = webhook_id;

CREATE VIEW attempt_overview AS
  SELECT delivery_id, event_name, attempt, datetime(started_at_ms / 1000, 'unixepoch') AS started_at,
    coalesce(outcome, 'unknown') AS outcome, status, detail, total_ms,
    CAST(response_body AS TEXT) AS response_text
  FROM attempts LEFT JOIN deliveries ON deliveries.id = delivery_id
  UNION ALL
  SELECT id, event_name, 1, datetime(first_attempt_at_ms / 1000, 'unixepoch'), 'accepted', first_status, NULL,
    settled_at_ms - first_attempt_at_ms, ''
  FROM deliveries WHERE first_status IS NOT NULL;
`;

/**
 * Times are milliseconds since 1970, UTC, real unless their name says simulated.
 *
 * A delivery has its bytes in `bodies`, or, in a load run, the numbers that they are rendered from: `run_id`,
 * `event_number` and `happened_at_ms`. Its attempts are in `attempts`, except a load run's first attempt while it is
 * under way (`first_attempt_at_ms` without attempts made), and when it was accepted (`first_status`).
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
  sha256 BLOB
) STRICT;

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
${LOAD_RUNS}${DELIVERIES}${VIEWS}
PRAGMA application_id = ${APPLICATION_ID};
PRAGMA user_version = ${SCHEMA_VERSION};
`;
