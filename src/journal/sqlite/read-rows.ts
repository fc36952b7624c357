import { createHash } from 'node:crypto';
import type { Outcome } from '../../delivery/attempt.ts';
import type { DeliverySummary, StoredAttempt, StoredState } from '../delivery-store.ts';
import type { HttpResponse, Phase, Timings } from '../../ports.ts';
import type { PendingDelivery } from '../journal.ts';
import type { EventRecipe } from '../load-ledger.ts';
import { bytesOf, columns, numberOf, textOf, type Row } from './database.ts';

export const SUMMARY_COLUMNS = columns(
  ['deliveries.id', 'created_at_ms', 'attempts_made', 'attempts_total', 'next_attempt_at_ms'],
  ['event_id', 'event_name', 'url', 'state'],
);

/** Undefined for a row that makes no sense: it is damaged. */
export function summaryOf(row: Row): DeliverySummary | undefined {
  const eventId = textOf(row['event_id']);
  const eventName = textOf(row['event_name']);
  const state = textOf(row['state']);
  if (eventId === undefined || eventName === undefined || !isState(state)) return undefined;
  const number = (name: string) => numberOf(row[name]) ?? 0;
  const next = state === 'pending' ? numberOf(row['next_attempt_at_ms']) : undefined;
  return {
    id: `d${number('id')}`,
    eventId,
    eventName,
    url: textOf(row['url']) ?? '',
    state,
    createdAtMs: number('created_at_ms'),
    attemptsMade: number('attempts_made'),
    attemptsTotal: number('attempts_total'),
    ...(next === undefined ? {} : { nextAttemptAtMs: next }),
  };
}

const STATES: readonly string[] = ['pending', 'completed', 'failed', 'skipped', 'cancelled'];

function isState(text: string | undefined): text is StoredState {
  return text !== undefined && STATES.includes(text);
}

export const ATTEMPT_COLUMNS = columns(
  [
    'attempt',
    'started_at_ms',
    'simulated_at_ms',
    'status',
    'response_truncated',
    'connect_ms',
    'first_byte_ms',
    'total_ms',
  ],
  ['request_headers', 'outcome', 'detail', 'response_headers', 'response_body'],
);

/** @throws for a row that is damaged */
export function attemptOf(row: Row): StoredAttempt {
  const outcome = outcomeOfRow(row);
  return {
    attempt: numberOf(row['attempt']) ?? 0,
    startedAtMs: numberOf(row['started_at_ms']) ?? 0,
    simulatedAtMs: numberOf(row['simulated_at_ms']) ?? 0,
    requestHeaders: JSON.parse(textOf(row['request_headers']) ?? '') as Record<string, string>,
    ...(outcome === undefined ? {} : { outcome, timings: timingsOf(row) }),
  };
}

/** A load run's first attempt that is under way or was accepted: it is told by the delivery's own row. */
export const FIRST_ATTEMPT_COLUMNS = columns(
  ['run_id', 'attempts_made', 'first_attempt_at_ms', 'settled_at_ms', 'first_status'],
  [],
);

export function firstAttemptOf(row: Row): StoredAttempt | undefined {
  const startedAtMs = numberOf(row['first_attempt_at_ms']);
  if (numberOf(row['run_id']) === undefined || startedAtMs === undefined) return undefined;
  const begun = { attempt: 1, startedAtMs, simulatedAtMs: startedAtMs, requestHeaders: {} };
  const status = numberOf(row['first_status']);
  if (status === undefined) return numberOf(row['attempts_made']) === 0 ? begun : undefined;
  const response = { status, headers: {}, body: Buffer.alloc(0), truncated: false };
  const totalMs = (numberOf(row['settled_at_ms']) ?? startedAtMs) - startedAtMs;
  return { ...begun, outcome: { kind: 'accepted', status, response }, timings: { totalMs } };
}

export const RECIPE_NUMBERS = ['run_id', 'event_number', 'happened_at_ms'] as const;

/** How the body is rendered; undefined where it is kept. */
export function recipeOf(row: Row): EventRecipe | undefined {
  const [run, event, atMs] = RECIPE_NUMBERS.map((name) => numberOf(row[name]));
  return recipeFrom(run, event, atMs);
}

/** Of the columns `RECIPE_NUMBERS`. */
export function recipeFrom(run?: number, event?: number, atMs?: number): EventRecipe | undefined {
  return run === undefined || event === undefined || atMs === undefined ? undefined : { run, event, atMs };
}

/** The wait that goes on, of its columns. */
export function waitFrom(delayMs: number | undefined, sinceMs: number | undefined): PendingDelivery['wait'] {
  return delayMs === undefined || sinceMs === undefined ? undefined : { delayMs, sinceMs };
}

function outcomeOfRow(row: Row): Outcome | undefined {
  const kind = (textOf(row['outcome']) ?? '') as Outcome['kind'] | '';
  const detail = textOf(row['detail']) ?? '';
  switch (kind) {
    case 'accepted':
    case 'rejected':
      return { kind, status: numberOf(row['status']) ?? 0, response: responseOf(row) };
    case 'timed-out':
      return timedOut(detail);
    case 'unreachable':
      return unreachable(detail);
    case 'cancelled':
    case '':
      return undefined;
    default:
      throw new Error('no outcome'); // Damaged.
  }
}

/** `headers 5000` */
function timedOut(detail: string): Outcome {
  const [phase, timeoutMs] = detail.split(' ');
  return { kind: 'timed-out', phase: phase as Phase, timeoutMs: Number(timeoutMs) };
}

/** `ECONNREFUSED connect ECONNREFUSED 127.0.0.1:3000` */
function unreachable(detail: string): Outcome {
  const code = detail.split(' ', 1).join('');
  return { kind: 'unreachable', code, reason: detail.slice(code.length + 1) };
}

function responseOf(row: Row): HttpResponse {
  return {
    status: numberOf(row['status']) ?? 0,
    headers: JSON.parse(textOf(row['response_headers']) ?? '{}') as HttpResponse['headers'],
    body: bytesOf(row['response_body']) ?? Buffer.alloc(0),
    truncated: row['response_truncated'] === 1,
  };
}

function timingsOf(row: Row): Timings {
  const connectMs = numberOf(row['connect_ms']);
  const firstByteMs = numberOf(row['first_byte_ms']);
  return {
    ...(connectMs === undefined ? {} : { connectMs }),
    ...(firstByteMs === undefined ? {} : { firstByteMs }),
    totalMs: numberOf(row['total_ms']) ?? 0,
  };
}

export function digestOf(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}

/** The body, if these are the bytes that were written. */
export function bodyOf(row: Row): Buffer | undefined {
  const bytes = bytesOf(row['bytes']);
  const digest = bytesOf(row['sha256']);
  return bytes !== undefined && digest?.equals(digestOf(bytes)) === true ? bytes : undefined;
}
