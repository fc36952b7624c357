import { HookcastError } from '../../errors.ts';
import {
  matches,
  type DeliveryFilter,
  type DeliveryStore,
  type DeliverySummary,
  type StoredAttempt,
  type StoredDelivery,
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
import { EXTRAS_COLUMN, extrasOf } from './notes.ts';
import { errorCode } from './driver/error-code.ts';
import { loadRunOf } from './load-run.ts';
import { viewOfOlder } from './migrations.ts';
import {
  ATTEMPT_COLUMNS,
  attemptOf,
  bodyOf,
  FIRST_ATTEMPT_COLUMNS,
  firstAttemptOf,
  RECIPE_NUMBERS,
  recipeOf,
  SUMMARY_COLUMNS,
  summaryOf,
} from './read-rows.ts';
import { renderLoadBodies } from './render-load-bodies.ts';

const PAGE = 200;
/** How far to look for rows behind the last one that a damaged file still tells of. */
const BLIND_IDS = 2_000;

/** A journal's deliveries, for reading. */
export interface JournalStore extends DeliveryStore {
  /** How many deliveries of those asked for could not be read: the file is damaged. */
  readonly unreadable: number;
}

export interface JournalStoreOptions {
  /** Renders the bodies of load runs again. @default with the fixtures of the package */
  readonly renderBody?: RenderBody | undefined;
}

/**
 * Opens a journal for reading, also while a run is writing it. What can be read of a damaged file is read.
 * @throws {JournalError} when there is no such file, or it is not a journal
 */
export function openJournalStore(path: string, options: JournalStoreOptions = {}): JournalStore {
  return new SqliteStore(path, openForReading(path), options);
}

class SqliteStore implements JournalStore {
  unreadable = 0;
  readonly #path: string;
  readonly #database: Database;
  readonly #renderBody: RenderBody;

  constructor(path: string, database: Database, { renderBody = renderLoadBodies() }: JournalStoreOptions) {
    this.#path = path;
    this.#database = database;
    this.#renderBody = renderBody;
    const view = viewOfOlder(pragma(database, 'user_version'));
    if (view !== undefined) database.exec(view);
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- a queue's store waits here
  async *list(filter: DeliveryFilter = {}): AsyncIterable<DeliverySummary> {
    const { where, values } = conditionsOf(filter);
    const sql = `SELECT ${SUMMARY_COLUMNS} FROM deliveries LEFT JOIN webhooks ON webhooks.id = webhook_id
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
    const row = this.#row(number);
    const body = await this.#body(row, summary);
    if (body === undefined) throw new JournalError(this.#path, `the body of ${id} is damaged or not kept`);
    const extras = this.#tolerant(() => extrasOf(row));
    const attempts = this.#attempts(number).map((attempt) => {
      const url = extras?.urls?.[attempt.attempt];
      return url === undefined ? attempt : { ...attempt, url };
    });
    return { ...summary, body, attempts, ...endAndOrigin(row), ...(extras && { extras }) };
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- as above
  async close(): Promise<void> {
    this.#database.close();
  }

  /** What no list shows. */
  #row(delivery: number): Row {
    const numbers = [...RECIPE_NUMBERS, 'settled_at_ms', 'resend_of'];
    const sql = `SELECT ${columns(numbers, ['bytes', 'sha256'])}, ${EXTRAS_COLUMN}
      FROM deliveries LEFT JOIN bodies ON bodies.id = body_id WHERE deliveries.id = ?`;
    return this.#tolerant(() => this.#database.prepare(sql).all(delivery)[0] as Row | undefined) ?? {};
  }

  async #body(row: Row, { eventId }: DeliverySummary): Promise<Buffer | undefined> {
    const stored = bodyOf(row);
    const recipe = recipeOf(row);
    if (stored !== undefined || recipe === undefined) return stored;
    return this.#renderBody({ ...recipe, eventId }, loadRunOf(this.#database, recipe.run));
  }

  #attempts(delivery: number): StoredAttempt[] {
    const sql = `SELECT ${ATTEMPT_COLUMNS} FROM attempts WHERE delivery_id = ? ORDER BY attempts.id`;
    const rows = this.#tolerant(() => this.#database.prepare(sql).all(delivery) as Row[]) ?? [];
    if (rows.length > 0) return rows.flatMap((row) => this.#tolerant(() => attemptOf(row)) ?? []);
    const first = `SELECT ${FIRST_ATTEMPT_COLUMNS} FROM deliveries WHERE id = ?`;
    const attempt = this.#tolerant(() =>
      firstAttemptOf(this.#database.prepare(first).all(delivery)[0] as Row),
    );
    return attempt === undefined ? [] : [attempt];
  }

  #summary(id: number): DeliverySummary | undefined {
    const sql = `SELECT ${SUMMARY_COLUMNS} FROM deliveries LEFT JOIN webhooks ON webhooks.id = webhook_id
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
    const sql = `SELECT max(CAST(id AS REAL)) FROM deliveries`;
    const row = this.#tolerant(() => this.#database.prepareRaw(sql).all() as [number | null][]);
    const last = row?.[0]?.[0] ?? undefined;
    return last === undefined || !(last < 1e9) ? undefined : last;
  }

  /** Undefined, and counted, where the file is damaged. */
  #tolerant<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (error instanceof HookcastError) throw error;
      const code = errorCode(error);
      if (/BUSY|IOERR|CANTOPEN/.test(code))
        throw new JournalError(this.#path, reasonOf(error), { cause: error });
      this.unreadable += 1;
      return undefined;
    }
  }
}

function endAndOrigin(row: Row): Pick<StoredDelivery, 'settledAtMs' | 'resendOf'> {
  const settledAtMs = numberOf(row['settled_at_ms']);
  const original = numberOf(row['resend_of']);
  return {
    ...(settledAtMs === undefined ? {} : { settledAtMs }),
    ...(original === undefined ? {} : { resendOf: `d${original}` }),
  };
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
