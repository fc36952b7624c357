import type { DeliveryHolder, Journal, JournalChange, JournalRequest } from '../journal.ts';
import {
  checkFormat,
  columns,
  existing,
  numberOf,
  orJournalError,
  pragma,
  textOf,
  type Database,
  type Row,
} from './database.ts';
import { openDatabase } from './driver/choose.ts';
import type { JournalFile } from './journal-file.ts';

/** How often another process's requests are looked for. */
const POLL_MS = 250;

/** What a journal's holder is asked to do, by itself and by other processes, and who is told of it. */
export class RequestInbox {
  readonly #file: JournalFile;
  readonly #journal: Pick<Journal, 'resend' | 'pendingOf'>;
  readonly #listeners = new Map<(change: JournalChange) => void, DeliveryHolder | undefined>();
  #poll: NodeJS.Timeout | undefined;
  #seenVersion = -1;

  constructor(file: JournalFile, journal: Pick<Journal, 'resend' | 'pendingOf'>) {
    this.#file = file;
    this.#journal = journal;
  }

  /** @returns what ends that */
  onChange(listener: (change: JournalChange) => void, holder?: DeliveryHolder): () => void {
    this.#listeners.set(listener, holder);
    this.#poll ??= setInterval(() => this.#look(), POLL_MS).unref();
    return () => void this.#listeners.delete(listener);
  }

  carryOut(request: JournalRequest): JournalChange {
    const change = this.#change(request, Date.now());
    for (const tell of [...this.#listeners.keys()]) tell(change);
    return change;
  }

  /** Requests and what they change are written by one commit: a crash loses neither, and does none of it twice. */
  carryOutAll(): void {
    const { database, group } = this.#file;
    group.write(() => takeRequests(database).forEach((request) => this.carryOut(request)));
  }

  close(): void {
    clearInterval(this.#poll);
  }

  #change(request: JournalRequest, nowMs: number): JournalChange {
    if (request.kind === 'resend')
      return { kind: 'added', deliveries: request.deliveries.map((id) => this.#journal.resend(id, nowMs)) };
    if (request.kind === 'cancel')
      return this.#settleAll('cancelled', request.deliveries, request.atMs ?? nowMs);
    const { webhooks, by } = request;
    const pending = this.#journal.pendingOf(webhooks);
    const ours = pending.filter((id) => by === undefined || !this.#isHeldByOther(id, by));
    return { ...this.#settleAll('failed', ours, nowMs), webhooks, by };
  }

  #settleAll(state: 'cancelled' | 'failed', ids: readonly number[], nowMs: number) {
    const { group, statements } = this.#file;
    // Since it was asked for, some may have been settled otherwise.
    const deliveries: number[] = [];
    group.write(() => {
      deliveries.push(...ids.filter((id) => statements.settle.run(state, nowMs, id).changes > 0));
    });
    return { kind: 'settled' as const, deliveries, state, webhooks: [] };
  }

  /** Does another simulator than this one send the delivery? */
  #isHeldByOther(delivery: number, by: object): boolean {
    for (const holder of this.#listeners.values())
      if (holder !== undefined && holder.owner !== by && holder.holds(delivery)) return true;
    return false;
  }

  /** Another process may have written into the journal. */
  #look(): void {
    const { database, group } = this.#file;
    if (group.broken.aborted || group.isOpen) return;
    try {
      const version = pragma(database, 'data_version');
      if (version === this.#seenVersion) return;
      this.#seenVersion = version;
      if (hasRequests(database)) this.carryOutAll();
    } catch (error) {
      group.fail(error);
    }
  }
}

function hasRequests(database: Database): boolean {
  return database.prepare('SELECT 1 FROM requests LIMIT 1').all().length > 0;
}

/**
 * What other processes have asked for since the last time: taken out by the statement that reads it, so that a request
 * which arrives meanwhile stays for the next time.
 */
function takeRequests(database: Database): JournalRequest[] {
  const sql = `DELETE FROM requests RETURNING id, ${columns([], ['kind', 'ids'])}`;
  const rows = database.prepare(sql).all() as Row[];
  return rows
    .sort((a, b) => (numberOf(a['id']) ?? 0) - (numberOf(b['id']) ?? 0))
    .map((row) => {
      const kind = textOf(row['kind']);
      const ids = JSON.parse(textOf(row['ids']) ?? '[]') as number[];
      return kind === 'disable'
        ? { kind, webhooks: ids }
        : { kind: kind === 'resend' ? kind : 'cancel', deliveries: ids };
    });
}

/** Leaves a request for the process that holds the journal. @throws {JournalError} */
export function leaveRequest(path: string, request: JournalRequest): void {
  existing(path);
  orJournalError(path, () => {
    const database = openDatabase(path);
    database.pragma('busy_timeout = 5000');
    checkFormat(path, database);
    const ids = request.kind === 'disable' ? request.webhooks : request.deliveries;
    database.prepare('INSERT INTO requests (kind, ids) VALUES (?, ?)').run(request.kind, JSON.stringify(ids));
    database.close();
  });
}
