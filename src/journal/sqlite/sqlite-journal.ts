import { randomBytes } from 'node:crypto';
import type { Attempt } from '../../delivery/attempt.ts';
import { attemptCount, type DeliveryState } from '../../delivery/schedule.ts';
import { JournalError } from '../errors.ts';
import type {
  AttemptBegin,
  DeliveryHolder,
  Due,
  Journal,
  JournalChange,
  JournalledWait,
  JournalRequest,
  NewDelivery,
  PendingDelivery,
  Rescheduling,
  SettledEnd,
  WaitingPlace,
} from '../journal.ts';
import type { DeliveryExtras } from '../delivery-extras-schema.ts';
import type { LoadLedger, NewLoadRun } from '../load-ledger.ts';
import type { WebhookRecord } from '../webhook-record.ts';
import { AttemptRows } from './attempt-rows.ts';
import type { Database } from './database.ts';
import { openDatabase } from './driver/choose.ts';
import { GroupCommit } from './group-commit.ts';
import { loadRunOf, startLoadRun } from './load-run.ts';
import type { Lock } from './lock.ts';
import { Notes } from './notes.ts';
import { PendingRows } from './pending-rows.ts';
import { digestOf } from './read-rows.ts';
import { RequestInbox } from './request-inbox.ts';
import { Requests } from './requests.ts';
import { gatheredRows, prepareStatements, type GatheredRows, type Statements } from './statements.ts';
import {
  keepInterrupted,
  lastId,
  prepareFile,
  readWebhooks,
  setDurability,
  settingOf,
  timesOf,
} from './write-rows.ts';

/**
 * `normal` may lose the last commits when the machine (not the process) crashes. `auto` is `normal` as long as all
 * that is pending are deliveries of load runs.
 */
export type Durability = 'full' | 'normal' | 'auto';

/** A journal that is written; see `openJournal`. */
export class SqliteJournal implements Journal {
  readonly path: string;
  readonly salt: string;
  readonly #database: Database;
  readonly #lock: Lock;
  readonly #statements: Statements;
  readonly #rows: GatheredRows;
  readonly #group: GroupCommit;
  readonly #webhooks: Map<number, WebhookRecord>;
  /** Recipes of load runs, read once. */
  readonly #loadRuns = new Map<number, string>();
  readonly #isAuto: boolean;
  #isClosed = false;
  #nextId: number;
  readonly #attempts: AttemptRows;
  readonly #pending: PendingRows;
  readonly #notes: Notes;
  readonly #inbox: RequestInbox;
  readonly #requests: Requests;

  constructor(path: string, lock: Lock, durability: Durability = 'full') {
    this.path = path;
    this.#lock = lock;
    this.#database = openDatabase(path);
    this.#rows = gatheredRows(this.#database);
    this.#group = new GroupCommit(path, this.#database, Object.values(this.#rows));
    prepareFile(path, this.#database);
    setDurability(this.#database, durability);
    this.#isAuto = durability === 'auto';
    this.#statements = prepareStatements(this.#database);
    const shared = { database: this.#database, statements: this.#statements, group: this.#group };
    this.#pending = new PendingRows({ path, ...shared });
    this.#notes = new Notes(shared);
    this.#requests = new Requests({
      ...{ journal: this, group: this.#group, settle: this.#statements.settle },
      isHeldByOther: (id, by) => this.#inbox.isHeldByOther(id, by),
    });
    this.#inbox = new RequestInbox({
      ...{ database: this.#database, group: this.#group },
      carryOut: (request) => this.#requests.carryOut(request, Date.now()),
    });
    this.salt = settingOf(this.#database, 'salt') ?? randomBytes(16).toString('hex');
    this.#statements.set.run('salt', this.salt);
    this.#statements.set.run('pid', String(process.pid));
    keepInterrupted(this.#database);
    this.#nextId = lastId(this.#database, 'deliveries') + 1;
    this.#attempts = new AttemptRows({
      ...{ statements: this.#statements, rows: this.#rows, group: this.#group, notes: this.#notes },
      lastId: lastId(this.#database, 'attempts'),
    });
    this.#webhooks = readWebhooks(this.#database);
    // What was asked of a run that ended before it looked.
    this.#inbox.carryOutAll();
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
    const { eventId, eventName, webhook, body, skipped = false, resendOf = null, extras } = delivery;
    const id = this.#nextId++;
    const policy = this.#webhooks.get(webhook)?.policy;
    const total = policy === undefined ? 0 : attemptCount(policy);
    const state = skipped ? 'skipped' : 'pending';
    if (this.#isAuto) this.#group.syncFromNext();
    this.#group.write(() => {
      this.#statements.addBody.run(id, body, digestOf(body));
      const values = [id, eventId, eventName, webhook, id, resendOf, state, total, ...timesOf(delivery)];
      this.#statements.addDelivery.run(...values);
      if (extras !== undefined) this.#notes.addToDelivery(id, extras);
    });
    return id;
  }

  resend(delivery: number, atMs: number): number {
    const id = this.#nextId++;
    if (this.#isAuto) this.#group.syncFromNext();
    this.#group.write(() => this.#statements.resend.run(id, atMs, atMs, delivery));
    return id;
  }

  addExtras(delivery: number, extras: DeliveryExtras): void {
    this.#notes.addToDelivery(delivery, extras);
  }

  note(name: string, members: object): void {
    this.#notes.add(name, members);
  }

  notes(prefix: string): Map<string, unknown> {
    return this.#notes.all(prefix);
  }

  attemptBegins(begin: AttemptBegin): void {
    this.#attempts.begins(begin, this.#webhooks.get(begin.webhook ?? this.webhookOf(begin.delivery) ?? 0));
  }

  attemptEnded(delivery: number, attempt: Attempt, wait: JournalledWait | undefined): void {
    this.#attempts.ended(delivery, attempt, wait);
  }

  attemptSettled(delivery: number, attempt: Attempt, end: SettledEnd): void {
    this.#attempts.settled(delivery, attempt, end);
  }

  reschedule({ fromMs, nowMs, passedMs, timeScale, deliveries }: Rescheduling): void {
    const ahead = [fromMs, passedMs, nowMs, fromMs, passedMs, timeScale];
    const ids = deliveries === undefined ? null : JSON.stringify(deliveries);
    // What is overdue at this scale already would stay as it is.
    this.#group.write(() =>
      this.#statements.reschedule.run(timeScale, ...ahead, nowMs, ids, ids, timeScale, fromMs),
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

  limitWaits(nowMs: number): void {
    this.#group.write(() => this.#statements.limitWaits.run(nowMs));
  }

  startLoad(run: NewLoadRun): LoadLedger {
    const nextId = () => this.#nextId++;
    return startLoadRun(run, {
      ...{ database: this.#database, statements: this.#statements, rows: this.#rows },
      ...{ group: this.#group, nextId },
    });
  }

  loadRun(id: number): string | undefined {
    const recipe = this.#loadRuns.get(id) ?? this.#pending.read((database) => loadRunOf(database, id));
    if (recipe !== undefined) this.#loadRuns.set(id, recipe);
    return recipe;
  }

  commit(): Promise<void> {
    return this.#group.commit();
  }

  commitNow(): void {
    this.#group.commitNow();
  }

  pendingCount(): number {
    return this.#pending.count();
  }

  due(afterId: number, limit: number): Due[] {
    return this.#pending.due(afterId, limit);
  }

  dueOf(ids: readonly number[]): Due[] {
    return this.#pending.dueOf(ids);
  }

  pending(id: number): PendingDelivery | undefined {
    return this.#pending.find(id);
  }

  pendingLoads(ids: readonly number[]): Map<number, PendingDelivery> {
    return this.#pending.loads(ids);
  }

  pendingOf(webhooks: readonly number[]): number[] {
    return this.#pending.of(webhooks);
  }

  webhookOf(delivery: number): number | undefined {
    const rows = this.#group.read(() => this.#statements.webhookOf.all(delivery));
    return (rows[0] as [number] | undefined)?.[0];
  }

  carryOut(request: JournalRequest): JournalChange {
    return this.#inbox.carryOut(request);
  }

  onChange(listener: (change: JournalChange) => void, holder?: DeliveryHolder): () => void {
    return this.#inbox.onChange(listener, holder);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#inbox.close();
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
}
