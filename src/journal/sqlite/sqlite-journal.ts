import { randomBytes } from 'node:crypto';
import Libsql from 'libsql';
import type { Attempt } from '../../delivery/attempt.ts';
import { attemptCount, type DeliveryState } from '../../delivery/schedule.ts';
import { JournalError } from '../errors.ts';
import type {
  AttemptBegin,
  Due,
  Journal,
  JournalChange,
  JournalledWait,
  JournalRequest,
  NewDelivery,
  PendingDelivery,
  Rescheduling,
  WaitingPlace,
} from '../journal.ts';
import { recordableHeaders, type WebhookRecord } from '../webhook-record.ts';
import type { LoadLedger, NewLoadRun } from '../load-ledger.ts';
import { takeOnUnderWay } from './after-crash.ts';
import { existing, orBroken, orJournalError, textOf, type Database, type Row } from './database.ts';
import { createPrivately, takeLock, type Lock } from './lock.ts';
import { GroupCommit } from './group-commit.ts';
import { lastId, loadRunOf, makeOrdinary } from './load-reads.ts';
import { startLoadRun } from './load-rows.ts';
import { digestOf } from './read-rows.ts';
import { prepareStatements, type Statements } from './statements.ts';
import { takeRequests, watchRequests } from './request-inbox.ts';
import { answerOf, pendingOfRow, prepareFile, readWebhooks, timesOf } from './write-rows.ts';

export interface JournalOptions {
  /** Refuse to make a new file. @default false */
  readonly mustExist?: boolean | undefined;
  /** `normal` may lose the last commits when the machine (not the process) crashes. @default 'full' */
  readonly durability?: 'full' | 'normal' | undefined;
}

/**
 * Opens a journal for a run, and holds it until it is closed or the process ends.
 * @throws {JournalError | JournalHeldError | JournalBrokenError}
 * @example
 * const journal = openJournal('hookcast.db');
 * const simulator = createSimulator({ webhook, journal });
 * await simulator.deliver('inquiry.approved');
 * journal.close();
 */
export function openJournal(path: string, options: JournalOptions = {}): Journal {
  if (options.mustExist === true) existing(path);
  return orBroken(path, () => {
    createPrivately(path);
    const lock = takeLock(path);
    try {
      return new SqliteJournal(path, lock, options);
    } catch (error) {
      lock.release();
      throw error;
    }
  });
}

class SqliteJournal implements Journal {
  readonly path: string;
  readonly salt: string;
  readonly #database: Database;
  readonly #lock: Lock;
  readonly #statements: Statements;
  readonly #group: GroupCommit;
  readonly #webhooks: Map<number, WebhookRecord>;
  #nextId: number;
  #unwatch: (() => void) | undefined;
  readonly #listeners: ((change: JournalChange) => void)[] = [];

  constructor(path: string, lock: Lock, { durability = 'full' }: JournalOptions) {
    this.path = path;
    this.#lock = lock;
    this.#database = new Libsql(path);
    this.#group = new GroupCommit(path, this.#database);
    prepareFile(path, this.#database, durability);
    this.#statements = prepareStatements(this.#database);
    this.salt = this.#setting('salt') ?? randomBytes(16).toString('hex');
    this.#statements.set.run('salt', this.salt);
    this.#statements.set.run('pid', String(process.pid));
    takeOnUnderWay(this.#database);
    this.#nextId = lastId(this.#database) + 1;
    this.#webhooks = readWebhooks(this.#database);
    // What was asked of a run that ended before it looked.
    this.#carryOutRequests();
  }

  get broken(): AbortSignal {
    return this.#group.broken;
  }

  webhooks(): ReadonlyMap<number, WebhookRecord> {
    return this.#webhooks;
  }

  addWebhook(webhook: WebhookRecord): number {
    const configuration = JSON.stringify(webhook);
    for (const [id, known] of this.#webhooks) if (JSON.stringify(known) === configuration) return id;
    const id = Math.max(0, ...this.#webhooks.keys()) + 1;
    this.#group.write(() => this.#statements.addWebhook.run(id, webhook.url, configuration));
    this.#webhooks.set(id, webhook);
    return id;
  }

  addDelivery(delivery: NewDelivery): number {
    const { eventId, eventName, webhook, body, recipe = null, skipped = false } = delivery;
    const id = this.#nextId++;
    const policy = this.#webhooks.get(webhook)?.policy;
    const total = policy === undefined ? 0 : attemptCount(policy);
    const state = skipped ? 'skipped' : 'pending';
    this.#group.write(() => {
      this.#statements.addBody.run(id, body, recipe, body === null ? null : digestOf(body));
      const values = [id, eventId, eventName, webhook, id, null, state, total, ...timesOf(delivery)];
      this.#statements.addDelivery.run(...values);
    });
    return id;
  }

  resend(delivery: number, atMs: number): number {
    const id = this.#nextId++;
    this.#group.write(() => {
      makeOrdinary(this.#database, delivery);
      this.#statements.resend.run(id, atMs, atMs, delivery);
    });
    return id;
  }

  attemptBegins({ delivery, position, request, skippedBeforeMs, skippedMs }: AttemptBegin): void {
    const { attempt, nowMs, simulatedAtMs } = position;
    this.#group.write(() => {
      const webhook = this.#webhookOf(delivery);
      const headers = webhook === undefined ? request.headers : recordableHeaders(request.headers, webhook);
      this.#statements.addAttempt.run(delivery, attempt, nowMs, simulatedAtMs, JSON.stringify(headers));
      this.#statements.begin.run(nowMs, skippedBeforeMs, skippedMs, delivery);
    });
  }

  attemptEnded(delivery: number, attempt: Attempt, wait: JournalledWait | undefined): void {
    const { outcome, timings } = attempt;
    if (outcome.kind === 'cancelled') return; // What the receiver did is unknown.
    const { status, detail, headers, body, truncated } = answerOf(outcome);
    const times = [timings.connectMs ?? null, timings.firstByteMs ?? null, timings.totalMs];
    this.#group.write(() => {
      this.#statements.endAttempt.run(
        outcome.kind,
        detail,
        status,
        headers,
        body,
        truncated,
        ...times,
        delivery,
      );
      if (wait === undefined) this.#statements.count.run(attempt.attempt, delivery);
      else {
        const { delayMs, sinceMs, timeScale } = wait;
        this.#statements.wait.run(
          attempt.attempt,
          sinceMs,
          delayMs,
          sinceMs + delayMs / timeScale,
          timeScale,
          delivery,
        );
      }
    });
  }

  reschedule({ fromMs, nowMs, passedMs, timeScale, sinceMs, webhook }: Rescheduling): void {
    const ahead = [fromMs, passedMs, nowMs, fromMs, passedMs, timeScale];
    this.#group.write(() =>
      this.#statements.reschedule.run(timeScale, ...ahead, nowMs, sinceMs, webhook ?? null),
    );
  }

  waits(delivery: number, { attemptsMade, firstAtMs, dueAtMs, wait }: WaitingPlace): void {
    const { sinceMs, delayMs, timeScale } = wait;
    const values = [attemptsMade, firstAtMs, sinceMs, delayMs, dueAtMs, timeScale, delivery];
    this.#group.write(() => this.#statements.place.run(...values));
  }

  settle(delivery: number, state: DeliveryState, atMs: number): void {
    this.#group.write(() => this.#statements.settle.run(state, atMs, delivery));
  }

  startLoad(run: NewLoadRun): LoadLedger {
    const means = { database: this.#database, group: this.#group, nextId: () => this.#nextId++ };
    return startLoadRun(run, means);
  }

  loadRun(id: number): string | undefined {
    return this.#read(() => loadRunOf(this.#database, id));
  }

  commit(): Promise<void> {
    return this.#group.commit();
  }

  pendingCount(): number {
    const sql = `SELECT count(*) FROM deliveries WHERE state = 'pending'`;
    return (this.#read(() => this.#database.prepare(sql).raw().get()) as [number])[0];
  }

  due(afterId: number, limit: number): Due[] {
    const rows = this.#read(() => this.#statements.due.all(afterId, limit)) as [number, number, number][];
    return rows.map(([id, dueAtMs, timeScale]) => ({ id, dueAtMs, timeScale }));
  }

  pending(id: number): PendingDelivery | undefined {
    const row = this.#read(() => this.#statements.pending.all(id)[0]) as Row | undefined;
    const pending = row === undefined ? undefined : pendingOfRow(id, row);
    if (pending?.body !== null || pending.recipe !== undefined) return pending;
    throw new JournalError(this.path, `the body of d${id} is damaged; hookcast cancel d${id} gives it up`);
  }

  pendingOf(webhooks: readonly number[]): number[] {
    const sql = `SELECT id FROM deliveries WHERE state = 'pending' AND webhook_id = ? ORDER BY id`;
    const statement = this.#database.prepare(sql).raw();
    return webhooks.flatMap((id) =>
      (this.#read(() => statement.all(id)) as [number][]).map(([found]) => found),
    );
  }

  carryOut(request: JournalRequest): JournalChange {
    const change = this.#carryOut(request, Date.now());
    for (const tell of this.#listeners) tell(change);
    return change;
  }

  #carryOutRequests(): void {
    for (const request of takeRequests(this.#database)) this.carryOut(request);
  }

  #carryOut(request: JournalRequest, nowMs: number): JournalChange {
    if (request.kind === 'resend') {
      return { kind: 'added', deliveries: request.deliveries.map((id) => this.resend(id, nowMs)) };
    }
    const isCancel = request.kind === 'cancel';
    const ids = isCancel ? request.deliveries : this.pendingOf(request.webhooks);
    const state = isCancel ? 'cancelled' : 'failed';
    // Since it was asked for, some may have been settled otherwise.
    const deliveries: number[] = [];
    this.#group.write(() => {
      const settle = (id: number) => this.#statements.settle.run(state, nowMs, id).changes > 0;
      deliveries.push(...ids.filter(settle));
    });
    const webhooks = isCancel ? [] : request.webhooks;
    return { kind: 'settled', deliveries, state, webhooks };
  }

  onChange(listener: (change: JournalChange) => void): void {
    this.#listeners.push(listener);
    this.#unwatch ??= watchRequests({ database: this.#database, group: this.#group }, () =>
      this.#carryOutRequests(),
    );
  }

  close(): void {
    this.#unwatch?.();
    try {
      if (!this.broken.aborted) {
        this.#group.commitNow();
        this.#statements.set.run('pid', null);
        // One tidy file, where nobody else has it open.
        this.#database.pragma('journal_mode = DELETE');
      }
    } catch {
      // What was promised is on disk; the rest is cosmetic.
    } finally {
      this.#lock.release();
      this.#database.close();
      this.#group.fail(new JournalError(this.path, 'the journal was closed'));
    }
  }

  #webhookOf(delivery: number): WebhookRecord | undefined {
    const row = this.#statements.webhookOf.all(delivery)[0] as [number] | undefined;
    return this.#webhooks.get(row?.[0] ?? 0);
  }

  #setting(name: string): string | undefined {
    const sql = 'SELECT CAST(value AS BLOB) AS value FROM settings WHERE name = ?';
    return textOf((this.#database.prepare(sql).all(name)[0] as Row | undefined)?.['value']);
  }

  #read<T>(read: () => T): T {
    this.broken.throwIfAborted();
    return orJournalError(this.path, read);
  }
}
