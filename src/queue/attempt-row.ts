import * as z from 'zod';
import { isCredentialHeader } from '../text/credential-header.ts';
import type { Attempt, Outcome } from '../delivery/attempt.ts';
import type { AttemptPosition } from '../delivery/request.ts';
import type { StoredAttempt } from '../journal/delivery-store.ts';
import { HookcastError } from '../errors.ts';
import type { HttpRequest } from '../ports.ts';

/** What is kept of a receiver's answer. */
const KEPT_BYTES = 4_096;

const MASK = '[secret]';

const base64 = z.base64().transform((text) => Buffer.from(text, 'base64'));
const response = z.strictObject({
  status: z.int(),
  headers: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
  body: base64,
  truncated: z.boolean(),
});
const outcome = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('accepted'), status: z.int(), response }),
  z.strictObject({ kind: z.literal('rejected'), status: z.int(), response }),
  z.strictObject({
    kind: z.literal('timed-out'),
    phase: z.enum(['connect', 'tls', 'headers', 'body']),
    timeoutMs: z.number(),
  }),
  z.strictObject({ kind: z.literal('unreachable'), code: z.string(), reason: z.string() }),
  z.strictObject({ kind: z.literal('cancelled') }),
]);
const attemptRowSchema = z.strictObject({
  attempt: z.int(),
  startedAtMs: z.number(),
  simulatedAtMs: z.number(),
  simulatedElapsedMs: z.number(),
  requestHeaders: z.record(z.string(), z.string()),
  outcome: outcome.optional(),
  timings: z
    .strictObject({
      connectMs: z.number().exactOptional(),
      firstByteMs: z.number().exactOptional(),
      totalMs: z.number(),
    })
    .optional(),
});

/** One attempt as it is written down with its delivery, once when it begins and once when it has ended. */
export interface AttemptRow extends StoredAttempt {
  readonly simulatedElapsedMs: number;
}

/** The line to write before an attempt leaves. */
export function beginningRow(position: AttemptPosition, { headers }: HttpRequest): string {
  const { attempt, nowMs, simulatedAtMs, simulatedElapsedMs } = position;
  const requestHeaders = withoutSecrets(headers);
  return JSON.stringify({
    ...{ attempt, startedAtMs: nowMs, simulatedAtMs, simulatedElapsedMs },
    requestHeaders,
  });
}

/** The line to write when it has ended: the one of its beginning, and how it went. */
export function endedRow(
  beginning: string,
  { outcome, timings }: Pick<Attempt, 'outcome' | 'timings'>,
): string {
  const end = JSON.stringify({ outcome: bounded(outcome), timings });
  return `${beginning.slice(0, -1)},${end.slice(1)}`;
}

/** What is written down of a delivery's attempts cannot be read. */
export class AttemptRowError extends HookcastError {
  override name = 'AttemptRowError' as const;

  constructor(options?: ErrorOptions) {
    const advice = 'was it written by a newer version of hookcast?';
    super('ATTEMPT_ROW', `a record of one of its attempts cannot be read; ${advice}`, options);
  }
}

/**
 * The attempts in the lines of a delivery, each once: of an attempt made again the last line counts.
 * @throws {AttemptRowError}
 */
export function readRows(lines: readonly string[]): AttemptRow[] {
  const rows = lines.map(readRow);
  return [...new Map(rows.map((row) => [row.attempt, row])).values()].sort((a, b) => a.attempt - b.attempt);
}

function readRow(line: string): AttemptRow {
  try {
    return attemptRowSchema.parse(JSON.parse(line));
  } catch (cause) {
    throw new AttemptRowError({ cause });
  }
}

function withoutSecrets(headers: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(headers);
  return Object.fromEntries(entries.map(([name, value]) => [name, isCredentialHeader(name) ? MASK : value]));
}

function bounded(full: Outcome): unknown {
  if (full.kind !== 'accepted' && full.kind !== 'rejected') return full;
  const { body, truncated } = full.response;
  const kept = body.subarray(0, KEPT_BYTES);
  const isCut = truncated || kept.length < body.length;
  return { ...full, response: { ...full.response, body: kept.toString('base64'), truncated: isCut } };
}
