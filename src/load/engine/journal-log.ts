import type { Attempt, Outcome } from '../../delivery/attempt.ts';
import { positionOf } from '../../delivery/position.ts';
import { scheduleOf, type DeliveryState } from '../../delivery/schedule.ts';
import { HookcastError } from '../../errors.ts';
import type { Journal, JournalChange } from '../../journal/journal.ts';
import { recordEnd } from '../../journal/journalled-webhook.ts';
import type { LoadDelivery, LoadLedger, NewLoadRun } from '../../journal/load-ledger.ts';
import type { DeliveryPolicy } from '../../persona/policies.ts';
import type { HttpRequest, Phase } from '../../ports.ts';
import type { EventIdentity } from '../../render/event-source.ts';
import type { AlarmClock, AttemptResult, LoadLog, LoggedEnd, LogListener, SettledOutside } from '../ports.ts';
import type { WaitingDelivery } from './pending-retries.ts';
import { wallTimes } from './wall-times.ts';

export interface JournalLogOptions {
  readonly journal: Journal;
  /** Whose run it is: that of others goes on when this one is disabled, and the other way round. */
  readonly owner: object;
  readonly run: NewLoadRun;
  readonly policy: DeliveryPolicy;
  readonly url: URL;
  readonly timeScale: number;
  /** The run's: what is written follows the wall clock. @default as it is */
  readonly clock?: Pick<AlarmClock, 'skewMs'> | undefined;
}

type Committed = (error?: HookcastError) => void;

/** Writes a load run into a journal: one row for each delivery, and one for each attempt that was not accepted at once. */
export class JournalLog implements LoadLog {
  readonly #options: JournalLogOptions;
  readonly #ledger: LoadLedger;
  /** With their first attempt prepared or under way. */
  readonly #first = new Set<number>();
  /** Kept by the journal, pending, and waiting or with a retry under way. */
  readonly #pending = new Set<number>();
  /** Settled from outside before their attempt or their wait is over. */
  readonly #settled = new Map<number, SettledOutside>();
  /** With an attempt under way. */
  readonly #retrying = new Set<number>();
  readonly #request: HttpRequest;
  readonly #unsubscribe: () => void;
  #waitingForCommit: Committed[] = [];
  #listener: LogListener | undefined;
  #isDisabled = false;

  constructor(options: JournalLogOptions) {
    const { journal, run, url, owner } = options;
    this.#options = options;
    this.#ledger = journal.startLoad(run);
    // Headers and body are not kept: they follow from the rest.
    this.#request = { url, headers: {}, body: Buffer.alloc(0) };
    const holds = (id: number) => this.#isOurs(id);
    this.#unsubscribe = journal.onChange((change) => this.#adapt(change), { owner, holds });
  }

  leftBehind(delivery: WaitingDelivery, event: EventIdentity): number {
    const { journal, policy, timeScale } = this.#options;
    const [firstAtMs, dueAtMs] = [this.#wallTime(delivery.firstAtMs), this.#wallTime(delivery.dueMs)];
    const id = this.#ledger.add(loadDelivery(delivery, event, firstAtMs), dueAtMs);
    const attemptsMade = delivery.attempt - 1;
    const offsets = scheduleOf(policy).map(({ offsetSeconds }) => offsetSeconds * 1000);
    const [beforeMs = 0, nextMs = 0] = offsets.slice(Math.max(0, attemptsMade - 1));
    const wait = { sinceMs: firstAtMs + beforeMs, delayMs: nextMs - beforeMs, timeScale };
    if (attemptsMade > 0) journal.waits(id, { attemptsMade, firstAtMs, dueAtMs, wait });
    this.#pending.add(id);
    return id;
  }

  begin(delivery: WaitingDelivery, event: EventIdentity, atMs: number): number {
    const { journalId: id } = delivery;
    if (id === 0) {
      const begun = this.#ledger.begin(loadDelivery(delivery, event, this.#wallTime(atMs)));
      this.#first.add(begun);
      return begun;
    }
    // The machine had no connection left for it, and nothing was sent.
    if (this.#first.has(id)) return id;
    this.#retrying.add(id);
    this.#attemptBegins(delivery, atMs);
    return id;
  }

  withdraw(id: number): void {
    this.#settled.delete(id);
    this.#first.delete(id);
    this.#ledger.withdraw(id);
  }

  end(delivery: WaitingDelivery, ended: LoggedEnd): SettledOutside | undefined {
    const { journalId: id, attempt } = delivery;
    const { result, startedMs, endedMs } = ended;
    const settled = this.#settled.get(id) ?? (this.#isDisabled ? 'failed' : undefined);
    this.#settled.delete(id);
    if (!this.#first.delete(id)) {
      this.#recordEnd(delivery, ended);
    } else if (result.kind === 'accepted' && attempt === 1) {
      this.#ledger.complete(id, {
        startedAtMs: this.#wallTime(startedMs),
        totalMs: endedMs - startedMs,
        status: result.status,
      });
      return undefined;
    } else {
      this.#attemptBegins(delivery, startedMs);
      this.#recordEnd(delivery, ended);
      if (settled !== undefined) this.#options.journal.settle(id, settled, this.#wallTime(endedMs));
    }
    if (settled !== undefined) this.#pending.delete(id);
    return result.kind === 'accepted' ? undefined : settled;
  }

  commit(callback: Committed): void {
    if (this.#waitingForCommit.push(callback) > 1) return;
    this.#options.journal.commit().then(
      () => this.#committed(),
      (error: unknown) => this.#committed(error),
    );
  }

  isSettled(id: number): boolean {
    return this.#settled.delete(id);
  }

  listen(listener: LogListener): void {
    this.#listener = listener;
  }

  /** What is still under way stays pending. */
  close(): void {
    this.#unsubscribe();
    if (!this.#options.journal.broken.aborted) this.#ledger.end();
  }

  #committed(error?: unknown): void {
    const callbacks = this.#waitingForCommit;
    this.#waitingForCommit = [];
    if (error !== undefined && !(error instanceof HookcastError)) throw error as Error;
    for (const callback of callbacks) callback(error);
  }

  #attemptBegins(delivery: WaitingDelivery, atMs: number): void {
    const request = this.#request;
    const { journalId, skippedMs } = delivery;
    const position = this.#positionAt(delivery, atMs);
    this.#options.journal.attemptBegins({
      ...{ delivery: journalId, webhook: this.#options.run.webhook },
      ...{ position, request, skippedBeforeMs: 0, skippedMs },
    });
  }

  #recordEnd(delivery: WaitingDelivery, { result, startedMs, endedMs, next }: LoggedEnd): void {
    const { journal, policy, timeScale } = this.#options;
    const { journalId: id } = delivery;
    this.#retrying.delete(id);
    if (next.kind === 'wait') this.#pending.add(id);
    else this.#pending.delete(id);
    const { nowMs: startedAtMs, ...place } = this.#positionAt(delivery, startedMs);
    const timings = { totalMs: endedMs - startedMs };
    const outcome = outcomeOfResult(result, policy.timeoutMs);
    const attempt: Attempt = { ...place, startedAtMs, request: this.#request, outcome, timings };
    recordEnd(journal, { id, attempt, step: next, nowMs: this.#wallTime(endedMs), timeScale });
  }

  #positionAt(delivery: WaitingDelivery, atMs: number) {
    const { clock, policy } = this.#options;
    return positionOf(delivery.attempt, wallTimes(delivery, atMs, clock), policy);
  }

  #wallTime(ms: number): number {
    return ms + (this.#options.clock?.skewMs?.() ?? 0);
  }

  #isOurs(id: number): boolean {
    return this.#pending.has(id) || this.#first.has(id);
  }

  /** @param by - the simulator that was disabled, if it was not all of the webhook */
  #disable(by: object | undefined): void {
    if (by !== undefined && by !== this.#options.owner) return;
    this.#isDisabled = true;
    this.#listener?.disabled();
  }

  #adapt(change: JournalChange): void {
    if (change.kind === 'added' || !isOutside(change.state)) return;
    let count = 0;
    for (const id of change.deliveries) {
      if (!this.#isOurs(id)) continue;
      this.#settled.set(id, change.state);
      if (!this.#retrying.has(id) && this.#pending.delete(id)) count += 1;
    }
    if (count > 0) this.#listener?.settled(change.state, count);
    if (change.webhooks.includes(this.#options.run.webhook)) this.#disable(change.by);
  }
}

function isOutside(state: DeliveryState): state is SettledOutside {
  return state === 'cancelled' || state === 'failed';
}

function loadDelivery(
  { eventNumber, happenedAtMs }: WaitingDelivery,
  { eventId, eventName }: EventIdentity,
  startedAtMs: number,
): LoadDelivery {
  return { eventNumber, happenedAtMs, eventId, eventName, startedAtMs };
}

/** The engine tells of statuses and codes alone. */
function outcomeOfResult({ kind, status, code }: AttemptResult, timeoutMs: number): Outcome {
  switch (kind) {
    case 'accepted':
    case 'rejected':
      return { kind, status, response: { status, headers: {}, body: Buffer.alloc(0), truncated: false } };
    case 'timed-out':
      return { kind, phase: code as Phase, timeoutMs };
    case 'unreachable':
      return { kind, code, reason: code };
    case 'cancelled':
      return { kind };
  }
}
