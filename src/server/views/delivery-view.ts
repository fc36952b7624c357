import { hash } from 'node:crypto';
import type * as z from 'zod';
import type { Outcome } from '../../delivery/attempt.ts';
import type { Clock } from '../../ports.ts';
import { bodyText } from '../../recording/body-text.ts';
import type { KeptAttempt, KeptDelivery } from '../deliveries/kept-delivery.ts';
import type {
  attemptDetailSchema,
  attemptSchema,
  deliverySchema,
  deliverySummarySchema,
  outcomeSchema,
} from '../schemas/delivery.ts';
import type { WebhookRegistry } from '../webhooks/registry.ts';
import { visibleHeaders } from './visible-headers.ts';
import { isoTime, isoTimeOrNull, roundedMs } from './iso-time.ts';
import { inServerWords } from './server-words.ts';

type SummaryView = z.output<typeof deliverySummarySchema>;
type DeliveryView = z.output<typeof deliverySchema>;
type ResponseHeaders = Record<string, string | string[]>;
type AttemptView = z.output<typeof attemptSchema>;

/** What a view needs beside what it shows. */
export interface ViewContext {
  readonly webhooks: Pick<WebhookRegistry, 'find' | 'list' | 'isDefault'>;
  /** The real one. */
  readonly clock: Clock;
}

/** A delivery without bodies and attempts, for lists. */
export function summaryView(delivery: KeptDelivery, context: ViewContext): SummaryView {
  const { attempts, copy } = delivery;
  const last = attempts.at(-1);
  return {
    type: 'delivery',
    id: delivery.id,
    eventId: delivery.eventId,
    eventName: delivery.eventName,
    url: delivery.url,
    state: delivery.state,
    webhook: delivery.webhookId,
    run: delivery.runId ?? null,
    resendOf: delivery.resendOf ?? null,
    ...(copy === undefined ? {} : { copy }),
    signature: delivery.signature,
    createdAt: isoTime(delivery.createdAtMs),
    settledAt: isoTimeOrNull(delivery.settledAtMs),
    attemptsMade: attemptsMade(delivery),
    attemptsTotal: delivery.attemptsTotal,
    isUnderWay: delivery.state === 'pending' && last !== undefined && last.outcome === undefined,
    reason: delivery.reason ?? null,
    lastOutcome: outcomeView(attempts.findLast(({ outcome }) => outcome !== undefined)?.outcome),
    next: nextView(delivery, context),
  };
}

/** How many are over. */
export function attemptsMade({ attempts }: KeptDelivery): number {
  return attempts.filter(({ outcome }) => outcome !== undefined).length;
}

export function deliveryView(delivery: KeptDelivery, context: ViewContext): DeliveryView {
  const digest = sha256(delivery.body);
  return {
    ...summaryView(delivery, context),
    bodyBytes: delivery.body.byteLength,
    sha256: digest,
    attempts: delivery.attempts.map((attempt) => attemptView(delivery, attempt, digest)),
    removed: [...delivery.removed],
    unmatched: [...delivery.unmatched],
  };
}

export function attemptView(delivery: KeptDelivery, attempt: KeptAttempt, digest: string): AttemptView {
  const { timings, outcome, wait } = attempt;
  const { copy } = delivery;
  return {
    type: 'attempt',
    deliveryId: delivery.id,
    webhook: delivery.webhookId,
    eventId: delivery.eventId,
    eventName: delivery.eventName,
    url: attempt.url.href,
    attempt: attempt.attempt,
    attemptsLeft: attempt.attemptsLeft,
    startedAt: isoTime(attempt.startedAtMs),
    simulatedAt: isoTime(attempt.simulatedAtMs),
    durationMs: msOrNull(timings?.totalMs),
    connectMs: msOrNull(timings?.connectMs),
    firstByteMs: msOrNull(timings?.firstByteMs),
    outcome: outcomeView(outcome),
    nextDelayMs: msOrNull(wait?.delayMs),
    nextWaitMs: msOrNull(wait?.waitMs),
    ...(copy === undefined ? {} : { copy }),
    request: {
      headers: visibleHeaders(attempt.headers),
      bodyBytes: delivery.body.byteLength,
      sha256: digest,
    },
    response: responseView(outcome),
  };
}

export function attemptDetailView(
  delivery: KeptDelivery,
  attempt: KeptAttempt,
): z.output<typeof attemptDetailSchema> {
  const view = attemptView(delivery, attempt, sha256(delivery.body));
  const answer = responseOf(attempt.outcome);
  return {
    ...view,
    request: { ...view.request, ...bodyMembers(delivery.body) },
    response:
      view.response === null || answer === undefined
        ? null
        : { ...view.response, ...bodyMembers(answer.body) },
  };
}

function bodyMembers(body: Buffer) {
  const { text, encoding } = bodyText(body);
  return { body: text, ...(encoding === undefined ? {} : { bodyEncoding: encoding }) };
}

/** The answer of the receiver, where there was one. */
export function responseOf(outcome: Outcome | undefined) {
  return outcome !== undefined && 'response' in outcome ? outcome.response : undefined;
}

function responseView(outcome: Outcome | undefined): AttemptView['response'] {
  const response = responseOf(outcome);
  if (response === undefined) return null;
  const { status, headers, body, truncated } = response;
  return {
    status,
    headers: visibleHeaders(headers) as ResponseHeaders,
    bodyBytes: body.byteLength,
    truncated,
  };
}

function outcomeView(outcome: Outcome | undefined): z.output<typeof outcomeSchema> | null {
  if (outcome === undefined) return null;
  switch (outcome.kind) {
    case 'accepted':
    case 'rejected':
      return { kind: outcome.kind, status: outcome.status };
    case 'unreachable':
      return { ...outcome, reason: inServerWords(outcome.reason) };
    case 'timed-out':
    case 'cancelled':
      return outcome;
  }
}

function nextView(delivery: KeptDelivery, { webhooks, clock: real }: ViewContext): SummaryView['next'] {
  const { dueOnClockMs, attempts } = delivery;
  const clock = webhooks.find(delivery.webhookId)?.clock;
  if (dueOnClockMs === undefined || clock === undefined) return null;
  const leftMs = Math.max(0, dueOnClockMs - clock.now());
  const inMs = clock.isPaused ? null : leftMs / clock.scale;
  return {
    attempt: (attempts.at(-1)?.attempt ?? 0) + 1,
    dueAt: inMs === null ? null : isoTime(real.now() + inMs),
    simulatedAt: isoTime(dueOnClockMs),
    inMs: inMs === null ? null : roundedMs(inMs),
  };
}

export function sha256(bytes: Buffer): string {
  return hash('sha256', bytes, 'hex');
}

function msOrNull(ms: number | undefined): number | null {
  return ms === undefined ? null : roundedMs(ms);
}
