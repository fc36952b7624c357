import type { Attempt } from '../../delivery/attempt.ts';
import type { AttemptBegin, Journal } from '../journal.ts';
import { recordableHeaders, type WebhookRecord } from '../webhook-record.ts';
import type { JournalFile } from './journal-file.ts';
import { answerOf, lastId, type KnownOutcome } from './write-rows.ts';

interface AttemptRowsOptions extends Pick<Journal, 'addExtras'> {
  readonly webhookFor: (begin: AttemptBegin) => WebhookRecord | undefined;
}

/** Writes attempts, and what each of them changes in its delivery. */
export function attemptRows(
  { database, statements, rows, group }: JournalFile,
  { webhookFor, addExtras }: AttemptRowsOptions,
) {
  /** Rows of attempts under way, by delivery: found again without a search. */
  const underWay = new Map<number, number>();
  let lastRow = lastId(database, 'attempts');
  /** What the receiver did in an attempt that was cancelled is unknown: its row stays without an outcome. */
  const end = (delivery: number, { outcome, timings }: Attempt): boolean => {
    const row = underWay.get(delivery) ?? null;
    underWay.delete(delivery);
    if (outcome.kind === 'cancelled') return false;
    if (isStatusAlone(outcome))
      group.gather(rows.endWithStatus, outcome.kind, outcome.status, timings.totalMs, row);
    else group.write(() => statements.endAttempt.run(...answerValues(outcome), ...timesOf(timings), row));
    return true;
  };
  return {
    attemptBegins: (begin) => {
      const { delivery, position, request, skippedBeforeMs, skippedMs, isWaitOver } = begin;
      const { attempt, nowMs, simulatedAtMs } = position;
      const headers = recordableHeaders(request.headers);
      const row = (lastRow += 1);
      const values = [delivery, attempt, nowMs, simulatedAtMs, JSON.stringify(headers)];
      group.gather(rows.addAttempt, row, ...values);
      underWay.set(delivery, row);
      const { href } = request.url;
      const webhook = webhookFor(begin);
      if (webhook !== undefined && href !== webhook.url) addExtras(delivery, { urls: { [attempt]: href } });
      if (isWaitOver === true) return;
      group.write(() => statements.begin.run(nowMs, skippedBeforeMs, skippedMs, delivery));
    },
    attemptEnded: (delivery, attempt, wait) => {
      if (!end(delivery, attempt)) return;
      group.write(() => {
        if (wait === undefined) {
          statements.count.run(attempt.attempt, delivery);
          return;
        }
        const { delayMs, sinceMs, timeScale } = wait;
        const dueAtMs = sinceMs + delayMs / timeScale;
        statements.wait.run(attempt.attempt, sinceMs, delayMs, dueAtMs, timeScale, delivery);
      });
    },
    attemptSettled: (delivery, attempt, { state, atMs }) => {
      if (end(delivery, attempt)) group.gather(rows.endLast, attempt.attempt, state, atMs, delivery);
    },
  } satisfies Partial<Journal>;
}

/** Most attempts of a load run end so. */
function isStatusAlone(outcome: KnownOutcome): outcome is Extract<KnownOutcome, { status: number }> {
  if (outcome.kind !== 'accepted' && outcome.kind !== 'rejected') return false;
  const { headers, body, truncated } = outcome.response;
  return body.length === 0 && !truncated && Object.keys(headers).length === 0;
}

function answerValues(outcome: KnownOutcome) {
  const { status, detail, headers, body, truncated } = answerOf(outcome);
  return [outcome.kind, detail, status, headers, body, truncated];
}

function timesOf({ connectMs, firstByteMs, totalMs }: Attempt['timings']) {
  return [connectMs ?? null, firstByteMs ?? null, totalMs];
}
