/** "hook" in ASCII: what `file` and SQLite's tools tell the format by. */
export const APPLICATION_ID = 0x686f6f6b;

/** Of the tables below; kept in the file's user_version. */
export const SCHEMA_VERSION = 1;

/** Times are milliseconds since 1970, UTC, real unless their name says simulated. */
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
  FROM attempts LEFT JOIN deliveries ON deliveries.id = delivery_id;

PRAGMA application_id = ${APPLICATION_ID};
PRAGMA user_version = ${SCHEMA_VERSION};
`;

/** Brings a file of an older version up to date: the step at index n leads from version n + 1 to n + 2. */
export const MIGRATIONS: readonly string[] = [];
