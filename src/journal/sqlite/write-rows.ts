import { statSync } from 'node:fs';
import type { Outcome } from '../../delivery/attempt.ts';
import type { NewDelivery, PendingDelivery } from '../journal.ts';
import { checkFormat, columns, numberOf, pragma, textOf, type Database, type Row } from './database.ts';
import { webhookRecordSchema } from '../webhook-record-schema.ts';
import type { WebhookRecord } from '../webhook-record.ts';
import { extrasOf } from './notes.ts';
import { bodyOf, recipeOf, waitFrom } from './read-rows.ts';
import { makePrivate } from './lock.ts';
import { migration } from './migrations.ts';
import { SCHEMA, SCHEMA_VERSION } from './schema.ts';

/** Makes the tables of a new file, or brings an older one up to date. @throws {JournalError} for another format */
export function prepareFile(path: string, database: Database): void {
  database.pragma('busy_timeout = 5000');
  // Rows are removed, and moved from older formats, in an order that the checks would not allow.
  database.pragma('foreign_keys = OFF');
  if (statSync(path).size > 0) checkFormat(path, database);
  makePrivate(path);
  database.pragma('journal_mode = WAL');
  const version = pragma(database, 'user_version');
  if (version === 0) database.exec(`BEGIN; ${SCHEMA} COMMIT;`);
  else if (version < SCHEMA_VERSION) database.exec(migration(version));
}

/** How long a commit waits for the disk. `auto` is `normal` where nothing but deliveries of load runs is pending. */
export function setDurability(database: Database, durability: 'full' | 'normal' | 'auto'): void {
  const isFull = durability === 'full' || (durability === 'auto' && hasPendingBodies(database));
  database.pragma(`synchronous = ${isFull ? 'full' : 'normal'}`);
  // A load run rewrites the same pages again and again: copy them back less often. The WAL stays under 32 MiB.
  if (!isFull) database.pragma('wal_autocheckpoint = 8000');
}

function hasPendingBodies(database: Database): boolean {
  const sql = `SELECT 1 FROM deliveries WHERE state = 'pending' AND run_id IS NULL LIMIT 1`;
  return database.prepare(sql).all().length > 0;
}

/** From `created_at_ms` on. */
export function timesOf({ createdAtMs, dueAtMs, wait, skipped }: NewDelivery): (number | null)[] {
  const times = skipped === true ? [createdAtMs, createdAtMs, null] : [createdAtMs, null, dueAtMs];
  return [...times, wait?.sinceMs ?? null, wait?.delayMs ?? null, wait?.timeScale ?? 1];
}

export type KnownOutcome = Exclude<Outcome, { kind: 'cancelled' }>;

/** An outcome in columns. SQLite knows no booleans. */
export function answerOf(outcome: KnownOutcome) {
  const nothing = { status: null, detail: null, headers: null, body: null, truncated: null };
  switch (outcome.kind) {
    case 'accepted':
    case 'rejected': {
      const { status, headers, body, truncated } = outcome.response;
      return { ...nothing, status, headers: JSON.stringify(headers), body, truncated: truncated ? 1 : 0 };
    }
    case 'timed-out':
      return { ...nothing, detail: `${outcome.phase} ${outcome.timeoutMs}` };
    case 'unreachable':
      return { ...nothing, detail: `${outcome.code} ${outcome.reason}` };
  }
}

export function pendingOfRow(row: Row): PendingDelivery {
  const number = (name: string) => numberOf(row[name]) ?? 0;
  const text = (name: string) => textOf(row[name]) ?? '';
  return {
    id: number('id'),
    eventId: text('event_id'),
    eventName: text('event_name'),
    webhook: number('webhook_id'),
    attemptsMade: number('attempts_made'),
    firstAttemptAtMs: numberOf(row['first_attempt_at_ms']),
    skippedBeforeMs: number('skipped_before_ms'),
    skippedMs: number('skipped_ms'),
    wait: waitFrom(numberOf(row['wait_simulated_ms']), numberOf(row['wait_began_at_ms'])),
    body: bodyOf(row) ?? null,
    recipe: recipeOf(row),
    extras: extrasOf(row),
  };
}

export function readWebhooks(database: Database): Map<number, WebhookRecord> {
  const rows = database.prepare(`SELECT ${columns(['id'], ['configuration'])} FROM webhooks`).all() as Row[];
  return new Map(
    rows.map((row) => {
      const record = webhookRecordSchema.parse(JSON.parse(textOf(row['configuration']) ?? ''));
      return [numberOf(row['id']) ?? 0, record];
    }),
  );
}

export function settingOf(database: Database, name: string): string | undefined {
  const sql = 'SELECT CAST(value AS BLOB) AS value FROM settings WHERE name = ?';
  return textOf((database.prepare(sql).all(name)[0] as Row | undefined)?.['value']);
}

/** The last id of all rows; 0 when there is none. */
export function lastId(database: Database, table: 'deliveries' | 'attempts'): number {
  return (database.prepareRaw(`SELECT coalesce(max(id), 0) FROM ${table}`).get() as [number])[0];
}

/** A load run's first attempts that a crash cut off get rows of their own: they are attempted again. */
export function keepInterrupted(database: Database): void {
  database.exec(`INSERT INTO attempts (delivery_id, attempt, started_at_ms, simulated_at_ms, request_headers)
    SELECT id, 1, first_attempt_at_ms, first_attempt_at_ms, '{}' FROM deliveries
    WHERE state = 'pending' AND run_id IS NOT NULL AND attempts_made = 0 AND first_attempt_at_ms IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM attempts WHERE delivery_id = deliveries.id)`);
}
