import type { Attempt } from '../../delivery/attempt.ts';
import type { AttemptBegin, JournalledWait, SettledEnd } from '../journal.ts';
import { recordableHeaders, type WebhookRecord } from '../webhook-record.ts';
import type { GroupCommit } from './group-commit.ts';
import type { Statements } from './statements.ts';
import { answerOf, type KnownOutcome } from './write-rows.ts';

/** Writes attempts, and what each of them changes in its delivery. */
export class AttemptRows {
  readonly #statements: Statements;
  readonly #group: GroupCommit;
  /** Rows of attempts under way, by delivery: found again without a search. */
  readonly #underWay = new Map<number, number>();

  constructor(statements: Statements, group: GroupCommit) {
    this.#statements = statements;
    this.#group = group;
  }

  begins(
    { delivery, position, request, skippedBeforeMs, skippedMs, isWaitOver }: AttemptBegin,
    webhook: WebhookRecord | undefined,
  ): void {
    const { attempt, nowMs, simulatedAtMs } = position;
    const headers = webhook === undefined ? request.headers : recordableHeaders(request.headers, webhook);
    this.#group.write(() => {
      const values = [delivery, attempt, nowMs, simulatedAtMs, JSON.stringify(headers)];
      const { lastInsertRowid } = this.#statements.addAttempt.run(...values);
      this.#underWay.set(delivery, Number(lastInsertRowid));
      if (isWaitOver !== true) this.#statements.begin.run(nowMs, skippedBeforeMs, skippedMs, delivery);
    });
  }

  ended(delivery: number, attempt: Attempt, wait: JournalledWait | undefined): void {
    this.#end(delivery, attempt, () => {
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
    this.#end(delivery, attempt, () => {
      const { changes } = this.#statements.endLast.run(attempt.attempt, state, atMs, delivery);
      // Another process has settled it meanwhile.
      if (changes === 0) this.#statements.count.run(attempt.attempt, delivery);
    });
  }

  /** What the receiver did in an attempt that was cancelled is unknown: its row stays without an outcome. */
  #end(delivery: number, { outcome, timings }: Attempt, follow: () => void): void {
    const row = this.#underWay.get(delivery) ?? null;
    this.#underWay.delete(delivery);
    if (outcome.kind === 'cancelled') return;
    this.#group.write(() => {
      if (isStatusAlone(outcome))
        this.#statements.endWithStatus.run(outcome.kind, outcome.status, timings.totalMs, row);
      else this.#statements.endAttempt.run(...answerValues(outcome), ...timesOf(timings), row);
      follow();
    });
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
