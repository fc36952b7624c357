import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import Libsql from 'libsql';
import type { Attempt } from '../../delivery/attempt.ts';
import type { Outcome } from '../../delivery/outcome.ts';
import { attemptCount, type DeliveryState } from '../../delivery/schedule.ts';
import { JournalBrokenError, JournalError } from '../../journal/errors.ts';
import type {
  AttemptBegin,
  Due,
  Journal,
  JournalledWait,
  JournalRequest,
  NewDelivery,
  PendingDelivery,
} from '../../journal/journal.ts';
import { recordableHeaders, webhookRecordSchema, type WebhookRecord } from '../../journal/webhook-record.ts';
import {
  checkFormat,
  columns,
  existing,
  numberOf,
  openForReading,
  orJournalError,
  pragma,
  reasonOf,
  textOf,
  type Database,
  type Row,
} from './database.ts';
import { createPrivately, takeLock, type Lock } from './lock.ts';
import { bodyOf, digestOf } from './read-rows.ts';
import { SCHEMA } from './schema.ts';
import { prepareStatements, type Statements } from './statements.ts';
import { takeRequests } from './requests.ts';

export interface JournalOptions {
  /** Refuse to make a new file. @default false */
  readonly mustExist?: boolean | undefined;
  /** `normal` may lose the last commits when the machine (not the process) crashes. @default 'full' */
  readonly durability?: 'full' | 'normal' | undefined;
}

/** How often another process's requests are looked for. */
const POLL_MS = 250;

/**
 * Opens a journal for a run, and holds it until it is closed or the process ends.
 * @throws {JournalError | JournalHeldError}
 * @example
 * const journal = openJournal('hookcast.db');
 * const simulator = createSimulator({ webhook, journal });
 * await simulator.deliver('inquiry.approved');
 * journal.close();
 */
export function openJournal(path: string, options: JournalOptions = {}): Journal {
  if (options.mustExist === true) existing(path);
  return orJournalError(path, () => {
    createPrivately(path);
    const lock = takeLock(path, () => holderOf(path));
    try {
      return new SqliteJournal(path, lock, options);
    } catch (error) {
      lock.release();
      throw error;
    }
  });
}

/** The process that works on a journal; undefined where that cannot be read. */
function holderOf(path: string): number | undefined {
  try {
    const database = openForReading(path);
    const row = database
      .prepare(`SELECT CAST(value AS REAL) FROM settings WHERE name = 'pid'`)
      .raw()
      .all()[0];
    database.close();
    return (row as [number] | undefined)?.[0];
  } catch {
    return undefined;
  }
}

class SqliteJournal implements Journal {
  readonly path: string;
  readonly salt: string;
  readonly #database: Database;
  readonly #lock: Lock;
  readonly #statements: Statements;
  readonly #identity: string;
  readonly #broken = new AbortController();
  readonly #webhooks = new Map<number, WebhookRecord>();
  #nextId: number;
  #isInTransaction = false;
  #committing: Promise<void> | undefined;
  #poll: NodeJS.Timeout | undefined;

  constructor(path: string, lock: Lock, { durability = 'full' }: JournalOptions) {
    this.path = path;
    this.#lock = lock;
    this.#database = new Libsql(path);
    const { ino, dev } = statSync(path);
    this.#identity = `${dev} ${ino}`;
    prepareFile(path, this.#database, durability);
    this.#statements = prepareStatements(this.#database);
    this.salt = this.#setting('salt') ?? randomBytes(16).toString('hex');
    this.#statements.set.run('salt', this.salt);
    this.#statements.set.run('pid', String(process.pid));
    this.#nextId =
      1 + ((this.#database.prepare('SELECT max(id) FROM deliveries').raw().get() as [number | null])[0] ?? 0);
    const sql = `SELECT ${columns(['id'], ['configuration'])} FROM webhooks`;
    for (const row of this.#database.prepare(sql).all() as Row[]) {
      const record = webhookRecordSchema.parse(JSON.parse(textOf(row['configuration']) ?? ''));
      this.#webhooks.set(numberOf(row['id']) ?? 0, record);
    }
  }

  get broken(): AbortSignal {
    return this.#broken.signal;
  }

  webhooks(): ReadonlyMap<number, WebhookRecord> {
    return this.#webhooks;
  }

  addWebhook(webhook: WebhookRecord): number {
    const configuration = JSON.stringify(webhook);
    for (const [id, known] of this.#webhooks) if (JSON.stringify(known) === configuration) return id;
    const id = Math.max(0, ...this.#webhooks.keys()) + 1;
    this.#write(() => this.#statements.addWebhook.run(id, webhook.url, configuration));
    this.#webhooks.set(id, webhook);
    return id;
  }

  addDelivery(delivery: NewDelivery): number {
    const { eventId, eventName, webhook, body, recipe, createdAtMs, dueAtMs, skipped = false } = delivery;
    const id = this.#nextId++;
    const policy = this.#webhooks.get(webhook)?.policy;
    this.#write(() => {
      this.#statements.addBody.run(id, body, recipe ?? null, body === null ? null : digestOf(body));
      const state = skipped ? 'skipped' : 'pending';
      const total = policy === undefined ? 0 : attemptCount(policy);
      const times = [createdAtMs, skipped ? createdAtMs : null, skipped ? null : dueAtMs];
      this.#statements.addDelivery.run(id, eventId, eventName, webhook, id, null, state, total, ...times);
    });
    return id;
  }

  resend(delivery: number, atMs: number): number {
    const id = this.#nextId++;
    this.#write(() => this.#statements.resend.run(id, atMs, atMs, delivery));
    return id;
  }

  attemptBegins({ delivery, position, request, skippedBeforeMs, skippedMs }: AttemptBegin): void {
    const { attempt, nowMs, simulatedAtMs } = position;
    this.#write(() => {
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
    this.#write(() => {
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

  settle(delivery: number, state: DeliveryState, atMs: number): void {
    this.#write(() => this.#statements.settle.run(state, atMs, delivery));
  }

  commit(): Promise<void> {
    this.#committing ??= new Promise((resolve, reject) => {
      setImmediate(() => {
        this.#committing = undefined;
        try {
          this.#commitNow();
          resolve();
        } catch (error) {
          reject(error as Error);
        }
      });
    });
    return this.#committing;
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
    if (row === undefined) return undefined;
    const recipe = textOf(row['recipe']);
    const body = bodyOf(row);
    if (body === undefined && recipe === undefined) {
      throw new JournalError(this.path, `the body of d${id} is damaged; hookcast cancel d${id} gives it up`);
    }
    return {
      id,
      eventId: textOf(row['event_id']) ?? '',
      eventName: textOf(row['event_name']) ?? '',
      webhook: numberOf(row['webhook_id']) ?? 0,
      attemptsMade: numberOf(row['attempts_made']) ?? 0,
      firstAttemptAtMs: numberOf(row['first_attempt_at_ms']),
      skippedBeforeMs: numberOf(row['skipped_before_ms']) ?? 0,
      skippedMs: numberOf(row['skipped_ms']) ?? 0,
      wait: waitOf(row),
      body: body ?? null,
      recipe,
    };
  }

  pendingOf(webhooks: readonly number[]): number[] {
    const sql = `SELECT id FROM deliveries WHERE state = 'pending' AND webhook_id = ? ORDER BY id`;
    const statement = this.#database.prepare(sql).raw();
    return webhooks.flatMap((id) =>
      (this.#read(() => statement.all(id)) as [number][]).map(([found]) => found),
    );
  }

  onRequest(listener: (request: JournalRequest) => void): void {
    let seen = -1;
    clearInterval(this.#poll);
    this.#poll = setInterval(() => {
      if (this.#broken.signal.aborted || this.#isInTransaction) return;
      try {
        const version = pragma(this.#database, 'data_version');
        if (version === seen) return;
        seen = version;
        for (const request of this.#read(() => takeRequests(this.#database))) listener(request);
      } catch (error) {
        this.#fail(error);
      }
    }, POLL_MS);
    this.#poll.unref();
  }

  close(): void {
    clearInterval(this.#poll);
    try {
      if (!this.#broken.signal.aborted) {
        this.#commitNow();
        this.#statements.set.run('pid', null);
        // One tidy file, where nobody else has it open.
        this.#database.pragma('journal_mode = DELETE');
      }
    } catch {
      // What was promised is on disk; the rest is cosmetic.
    } finally {
      this.#lock.release();
      this.#database.close();
      this.#broken.abort(new JournalBrokenError(this.path, 'the journal was closed'));
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

  #write(append: () => void): void {
    this.#broken.signal.throwIfAborted();
    try {
      if (!this.#isInTransaction) this.#database.exec('BEGIN IMMEDIATE');
      this.#isInTransaction = true;
      append();
    } catch (error) {
      throw this.#fail(error);
    }
    // Nobody may forget to commit: the transaction would lock all others out.
    void this.commit().catch(() => undefined);
  }

  #read<T>(read: () => T): T {
    this.#broken.signal.throwIfAborted();
    return orJournalError(this.path, read);
  }

  #commitNow(): void {
    this.#broken.signal.throwIfAborted();
    if (!this.#isInTransaction) return;
    try {
      const stats = statSync(this.path, { throwIfNoEntry: false });
      if (stats === undefined) throw new JournalError(this.path, 'the file was removed');
      if (`${stats.dev} ${stats.ino}` !== this.#identity) {
        throw new JournalError(this.path, 'another file stands in its place');
      }
      this.#database.exec('COMMIT');
      this.#isInTransaction = false;
    } catch (error) {
      throw this.#fail(error);
    }
  }

  #fail(error: unknown): Error {
    const isOurs = error instanceof JournalError;
    const reason = isOurs ? error.message.slice(this.path.length + 2) : reasonOf(error);
    const failure = new JournalBrokenError(this.path, reason, { cause: error });
    if (!this.#broken.signal.aborted) this.#broken.abort(failure);
    return failure;
  }
}

function prepareFile(path: string, database: Database, durability: 'full' | 'normal'): void {
  database.pragma('busy_timeout = 5000');
  if (statSync(path).size > 0) checkFormat(path, database);
  database.pragma('journal_mode = WAL');
  database.pragma(`synchronous = ${durability}`);
  if (pragma(database, 'user_version') === 0) database.exec(`BEGIN; ${SCHEMA} COMMIT;`);
}

function waitOf(row: Row): PendingDelivery['wait'] {
  const delayMs = numberOf(row['wait_simulated_ms']);
  const sinceMs = numberOf(row['wait_began_at_ms']);
  return delayMs === undefined || sinceMs === undefined ? undefined : { delayMs, sinceMs };
}

/** An outcome in columns. libsql knows no booleans. */
function answerOf(outcome: Exclude<Outcome, { kind: 'cancelled' }>) {
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
