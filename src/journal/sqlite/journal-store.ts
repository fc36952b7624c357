import { HookcastError } from '../../errors.ts';
import type {
  DeliveryFilter,
  DeliveryStore,
  DeliverySummary,
  StoredAttempt,
  StoredDelivery,
} from '../delivery-store.ts';
import { JournalError } from '../errors.ts';
import type { RenderBody } from '../load-ledger.ts';
import {
  columns,
  numberOf,
  openForReading,
  orJournalError,
  pragma,
  reasonOf,
  textOf,
  type Database,
  type Row,
} from './database.ts';
import { firstAttemptOf, loadRunOf, recipeOf } from './load-reads.ts';
import { ATTEMPT_COLUMNS, attemptOf, bodyOf, SUMMARY_COLUMNS, summaryOf } from './read-rows.ts';
import { renderLoadBodies } from './render-load-bodies.ts';

const PAGE = 200;
const FIRST_VERSION_WITH_LOAD = 2;
/** How far to look for rows behind the last one that a damaged file still tells of. */
const BLIND_IDS = 2_000;

/** A journal's deliveries, for reading. */
export interface JournalStore extends DeliveryStore {
  /** How many deliveries of those asked for could not be read: the file is damaged. */
  readonly unreadable: number;
}

export interface JournalStoreOptions {
  /** Makes the bodies of load runs again. @default with the fixtures of the package */
  readonly renderBody?: RenderBody | undefined;
}

/**
 * Opens a journal for reading, also while a run is writing it. What can be read of a damaged file is read.
 * @throws {JournalError} when there is no such file, or it is no journal
 */
export function openJournalStore(path: string, options: JournalStoreOptions = {}): JournalStore {
  return new SqliteStore(path, openForReading(path), options);
}

class SqliteStore implements JournalStore {
  unreadable = 0;
  readonly #path: string;
  readonly #database: Database;
  readonly #renderBody: RenderBody;
  /** Files of before load runs have their deliveries in one table. */
  readonly #deliveries: string;

  constructor(path: string, database: Database, { renderBody = renderLoadBodies() }: JournalStoreOptions) {
    this.#path = path;
    this.#database = database;
    this.#renderBody = renderBody;
    const isOld = pragma(database, 'user_version') < FIRST_VERSION_WITH_LOAD;
    this.#deliveries = isOld ? 'deliveries' : 'all_deliveries AS deliveries';
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- a queue's store waits here
  async *list(filter: DeliveryFilter = {}): AsyncIterable<DeliverySummary> {
    const { where, values } = conditionsOf(filter);
    const sql = `SELECT ${SUMMARY_COLUMNS} FROM ${this.#deliveries} LEFT JOIN webhooks ON webhooks.id = webhook_id
      WHERE deliveries.id > ?${where} ORDER BY deliveries.id LIMIT ?`;
    let after = 0;
    for (;;) {
      const rows = this.#tolerant(() => this.#database.prepare(sql).all(after, ...values, PAGE) as Row[]);
      if (rows === undefined) {
        yield* this.#oneByOne(after, filter);
        return;
      }
      for (const row of rows) {
        const summary = summaryOf(row);
        if (summary === undefined) this.unreadable += 1;
        else yield summary;
      }
      const last = rows.at(-1)?.['id'];
      if (typeof last !== 'number' || rows.length < PAGE) return;
      after = last;
    }
  }

  async find(id: string): Promise<StoredDelivery | undefined> {
    const number = idOf(id);
    const summary = number === undefined ? undefined : this.#summary(number);
    if (number === undefined || summary === undefined) return undefined;
    const body = await this.#body(number, summary);
    if (body === undefined) throw new JournalError(this.#path, `the body of ${id} is damaged or not kept`);
    return { ...summary, body, attempts: this.#attempts(number) };
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- as above
  async close(): Promise<void> {
    this.#database.close();
  }

  async #body(delivery: number, { eventId }: DeliverySummary): Promise<Buffer | undefined> {
    const sql = `SELECT CAST(bytes AS BLOB) AS bytes, CAST(sha256 AS BLOB) AS sha256
      FROM bodies WHERE id = (SELECT body_id FROM deliveries WHERE id = ?)`;
    const stored = this.#tolerant(() => bodyOf((this.#database.prepare(sql).all(delivery)[0] ?? {}) as Row));
    const recipe = stored ?? this.#tolerant(() => recipeOf(this.#database, delivery));
    if (recipe === undefined || Buffer.isBuffer(recipe)) return recipe;
    return this.#renderBody({ ...recipe, eventId }, loadRunOf(this.#database, recipe.run));
  }

  #attempts(delivery: number): StoredAttempt[] {
    const first = this.#tolerant(() => firstAttemptOf(this.#database, delivery));
    if (first !== undefined) return [first];
    const sql = `SELECT ${ATTEMPT_COLUMNS} FROM attempts WHERE delivery_id = ? ORDER BY attempts.id`;
    const rows = this.#tolerant(() => this.#database.prepare(sql).all(delivery) as Row[]) ?? [];
    return rows.flatMap((row) => this.#tolerant(() => attemptOf(row)) ?? []);
  }

  #summary(id: number): DeliverySummary | undefined {
    const sql = `SELECT ${SUMMARY_COLUMNS} FROM ${this.#deliveries} LEFT JOIN webhooks ON webhooks.id = webhook_id
      WHERE deliveries.id = ?`;
    const row = this.#tolerant(() => this.#database.prepare(sql).all(id) as Row[])?.[0];
    return row === undefined ? undefined : summaryOf(row);
  }

  /** Behind damage: each id by itself. */
  *#oneByOne(after: number, filter: DeliveryFilter): Iterable<DeliverySummary> {
    const last = this.#lastId() ?? after + BLIND_IDS;
    const lostBefore = this.unreadable;
    for (let id = after + 1; id <= last; id += 1) {
      const summary = this.#summary(id);
      if (summary !== undefined && matches(summary, filter)) yield summary;
    }
    if (this.unreadable === lostBefore) this.unreadable += 1;
  }

  #lastId(): number | undefined {
    const sql = `SELECT max(CAST(id AS REAL)) FROM ${this.#deliveries}`;
    const row = this.#tolerant(() => this.#database.prepare(sql).raw().all() as [number | null][]);
    const last = row?.[0]?.[0] ?? undefined;
    return last === undefined || !(last < 1e9) ? undefined : last;
  }

  /** Undefined, and counted, where the file is damaged. */
  #tolerant<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (error instanceof HookcastError) throw error;
      const code = String((error as { code?: unknown }).code);
      if (/BUSY|IOERR|CANTOPEN/.test(code))
        throw new JournalError(this.#path, reasonOf(error), { cause: error });
      this.unreadable += 1;
      return undefined;
    }
  }
}

/** `d12`, or the bare number. */
export function idOf(text: string): number | undefined {
  const match = /^d?([1-9]\d{0,14})$/.exec(text);
  return match === null ? undefined : Number(match[1]);
}

function conditionsOf({ state, eventId, eventName }: DeliveryFilter): { where: string; values: string[] } {
  const wanted = Object.entries({ state, event_id: eventId, event_name: eventName });
  const given = wanted.filter((entry): entry is [string, string] => entry[1] !== undefined);
  return {
    where: given.map(([name]) => ` AND ${name} = ?`).join(''),
    values: given.map(([, value]) => value),
  };
}

function matches(summary: DeliverySummary, { state, eventId, eventName }: DeliveryFilter): boolean {
  return (
    (state === undefined || state === summary.state) &&
    (eventId === undefined || eventId === summary.eventId) &&
    (eventName === undefined || eventName === summary.eventName)
  );
}

/** The webhooks of a journal: their numbers and addresses. @throws {JournalError} */
export function journalWebhooks(path: string): { id: number; url: string }[] {
  const database = openForReading(path);
  const rows = orJournalError(
    path,
    () => database.prepare(`SELECT ${columns(['id'], ['url'])} FROM webhooks ORDER BY id`).all() as Row[],
  );
  database.close();
  return rows.map((row) => ({ id: numberOf(row['id']) ?? 0, url: textOf(row['url']) ?? '' }));
}
