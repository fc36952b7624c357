import { statSync } from 'node:fs';
import type { Outcome } from '../../delivery/outcome.ts';
import type { NewDelivery, PendingDelivery } from '../journal.ts';
import { checkFormat, columns, numberOf, pragma, textOf, type Database, type Row } from './database.ts';
import type { WebhookRecord } from '../webhook-record.ts';
import { webhookRecordSchema } from '../webhook-record-schema.ts';
import { bodyOf } from './read-rows.ts';
import { MIGRATIONS, SCHEMA, SCHEMA_VERSION } from './schema.ts';

/** Makes the tables of a new file. @throws {JournalError} when it is none of ours */
export function prepareFile(path: string, database: Database, durability: 'full' | 'normal'): void {
  database.pragma('busy_timeout = 5000');
  if (statSync(path).size > 0) checkFormat(path, database);
  database.pragma('journal_mode = WAL');
  database.pragma(`synchronous = ${durability}`);
  // Copied back less often: a load run rewrites the same pages again and again. The WAL stays under 32 MiB.
  if (durability === 'normal') database.pragma('wal_autocheckpoint = 8000');
  const version = pragma(database, 'user_version');
  if (version === 0) database.exec(`BEGIN; ${SCHEMA} COMMIT;`);
  else if (version < SCHEMA_VERSION) migrate(database, version);
}

/** All steps or none. */
function migrate(database: Database, version: number): void {
  const steps = MIGRATIONS.slice(version - 1).join(' ');
  database.exec(`BEGIN IMMEDIATE; ${steps} PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT;`);
}

function waitOf(row: Row): PendingDelivery['wait'] {
  const delayMs = numberOf(row['wait_simulated_ms']);
  const sinceMs = numberOf(row['wait_began_at_ms']);
  return delayMs === undefined || sinceMs === undefined ? undefined : { delayMs, sinceMs };
}

/** From `created_at_ms` on. */
export function timesOf({ createdAtMs, dueAtMs, wait, skipped }: NewDelivery): (number | null)[] {
  const times = skipped === true ? [createdAtMs, createdAtMs, null] : [createdAtMs, null, dueAtMs];
  return [...times, wait?.sinceMs ?? null, wait?.delayMs ?? null, wait?.timeScale ?? 1];
}

/** An outcome in columns. libsql knows no booleans. */
export function answerOf(outcome: Exclude<Outcome, { kind: 'cancelled' }>) {
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

export function pendingOfRow(id: number, row: Row): PendingDelivery {
  const number = (name: string) => numberOf(row[name]) ?? 0;
  const text = (name: string) => textOf(row[name]) ?? '';
  return {
    id,
    eventId: text('event_id'),
    eventName: text('event_name'),
    webhook: number('webhook_id'),
    attemptsMade: number('attempts_made'),
    firstAttemptAtMs: numberOf(row['first_attempt_at_ms']),
    skippedBeforeMs: number('skipped_before_ms'),
    skippedMs: number('skipped_ms'),
    wait: waitOf(row),
    body: bodyOf(row) ?? null,
    recipe: textOf(row['recipe']),
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
