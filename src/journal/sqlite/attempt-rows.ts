import type { Attempt } from '../../delivery/attempt.ts';
import type { AttemptBegin, JournalledWait, SettledEnd } from '../journal.ts';
import { recordableHeaders, type WebhookRecord } from '../webhook-record.ts';
import type { GroupCommit } from './group-commit.ts';
import type { Notes } from './notes.ts';
import type { GatheredRows, Statements } from './statements.ts';
import { answerOf, type KnownOutcome } from './write-rows.ts';

interface AttemptRowsOptions {
  readonly statements: Statements;
  readonly rows: GatheredRows;
  readonly group: GroupCommit;
  readonly notes: Notes;
  /** Of the attempts that are there already. */
  readonly lastId: number;
}

/** Writes attempts, and what each of them changes in its delivery. */
export class AttemptRows {
  readonly #statements: Statements;
  readonly #rows: GatheredRows;
  readonly #group: GroupCommit;
  readonly #notes: Notes;
  /** Rows of attempts under way, by delivery: found again without a search. */
  readonly #underWay = new Map<number, number>();
  #lastId: number;

  constructor({ statements, rows, group, notes, lastId }: AttemptRowsOptions) {
    this.#statements = statements;
    this.#rows = rows;
    this.#group = group;
    this.#notes = notes;
    this.#lastId = lastId;
  }

  begins(
    { delivery, position, request, skippedBeforeMs, skippedMs, isWaitOver }: AttemptBegin,
    webhook: WebhookRecord | undefined,
  ): void {
    const { attempt, nowMs, simulatedAtMs } = position;
    const headers = recordableHeaders(request.headers);
    const row = (this.#lastId += 1);
    const values = [delivery, attempt, nowMs, simulatedAtMs, JSON.stringify(headers)];
    this.#group.gather(this.#rows.addAttempt, row, ...values);
    this.#underWay.set(delivery, row);
    const { href } = request.url;
    if (webhook !== undefined && href !== webhook.url)
      this.#notes.addToDelivery(delivery, { urls: { [attempt]: href } });
    if (isWaitOver === true) return;
    this.#group.write(() => this.#statements.begin.run(nowMs, skippedBeforeMs, skippedMs, delivery));
  }

  ended(delivery: number, attempt: Attempt, wait: JournalledWait | undefined): void {
    if (!this.#end(delivery, attempt)) return;
    this.#group.write(() => {
      if (wait === undefined) {
        this.#statements.count.run(attempt.attempt, delivery);
        return;
      }
      const { delayMs, sinceMs, timeScale } = wait;
      const dueAtMs = sinceMs + delayMs / timeScale;
      this.#statements.wait.run(attempt.attempt, sinceMs, delayMs, dueAtMs, timeScale, delivery);
    });
  }

  settled(delivery: number, attempt: Attempt, { state, atMs }: SettledEnd): void {
    if (this.#end(delivery, attempt))
      this.#group.gather(this.#rows.endLast, attempt.attempt, state, atMs, delivery);
  }

  /** What the receiver did in an attempt that was cancelled is unknown: its row stays without an outcome. */
  #end(delivery: number, { outcome, timings }: Attempt): boolean {
    const row = this.#underWay.get(delivery) ?? null;
    this.#underWay.delete(delivery);
    if (outcome.kind === 'cancelled') return false;
    if (isStatusAlone(outcome)) {
      const values = [outcome.kind, outcome.status, timings.totalMs, row];
      this.#group.gather(this.#rows.endWithStatus, ...values);
    } else
      this.#group.write(() =>
        this.#statements.endAttempt.run(...answerValues(outcome), ...timesOf(timings), row),
      );
    return true;
  }
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
