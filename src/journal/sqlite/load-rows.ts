import type Libsql from 'libsql';
import type { LoadAnswer, LoadDelivery, LoadLedger, NewLoadRun } from '../load-ledger.ts';
import type { Database } from './database.ts';
import type { GroupCommit } from './group-commit.ts';
import { UnderWay } from './under-way.ts';

/** What the rows of a run share with the journal that they stand in. */
export interface LedgerDeps {
  readonly database: Database;
  readonly group: GroupCommit;
  readonly nextId: () => number;
}

/** Rows for one statement: a call costs more than the row that it writes. */
const ROWS_AT_ONCE = [32, 16, 8, 4, 2, 1] as const;
const COLUMNS = 9;

export function startLoadRun(run: NewLoadRun, means: LedgerDeps): LoadLedger {
  const { database, group } = means;
  const [last] = database.prepare('SELECT max(id) FROM load_runs').raw().get() as [number | null];
  const id = (last ?? 0) + 1;
  const { webhook, attemptsTotal, recipe } = run;
  group.write(() =>
    database.prepare('INSERT INTO load_runs VALUES (?, ?, ?, ?)').run(id, webhook, attemptsTotal, recipe),
  );
  return new LoadRows({ ...run, id }, means);
}

class LoadRows implements LoadLedger {
  readonly #run: NewLoadRun & { readonly id: number };
  readonly #deps: LedgerDeps;
  readonly #underWay: UnderWay;
  /** Values of the rows that the next commit writes. */
  #completed: (number | string)[] = [];
  readonly #insert: ReadonlyMap<number, Libsql.Statement>;
  readonly #takeOn: (id: number, delivery: LoadDelivery, dueAtMs: number) => void;
  readonly #names: Map<string, number>;
  readonly #forget: () => void;

  constructor(run: NewLoadRun & { readonly id: number }, means: LedgerDeps) {
    const { database, group } = means;
    this.#run = run;
    this.#deps = means;
    this.#underWay = new UnderWay(run.id, database);
    const marks = `(${'?, '.repeat(COLUMNS).slice(0, -2)})`;
    const insert = (rows: number) => {
      const values = Array.from({ length: rows }, () => marks).join(', ');
      return [rows, database.prepare(`INSERT INTO load_deliveries VALUES ${values}`)] as const;
    };
    this.#insert = new Map(ROWS_AT_ONCE.map(insert));
    this.#takeOn = takingOn(run, database);
    this.#names = namesOf(database);
    this.#forget = group.beforeCommit(() => this.#write());
  }

  begin(delivery: LoadDelivery): number {
    const id = this.#deps.nextId();
    const { eventName } = delivery;
    this.#underWay.add(id, delivery, this.#names.get(eventName) ?? this.#addName(eventName));
    return id;
  }

  complete(id: number, { startedAtMs, totalMs, status }: LoadAnswer): void {
    const begun = this.#underWay.remove(id);
    if (begun === undefined) return;
    const { nameId, delivery } = begun;
    const { eventNumber, eventId, happenedAtMs } = delivery;
    this.#completed.push(id, this.#run.id, eventNumber, eventId, nameId, happenedAtMs);
    this.#completed.push(Math.floor(startedAtMs), Math.round(totalMs * 1e3), status);
    this.#deps.group.commitSoon();
  }

  withdraw(id: number): void {
    this.#underWay.remove(id);
  }

  takeOn(id: number): void {
    const delivery = this.#underWay.remove(id)?.delivery;
    if (delivery !== undefined)
      this.#deps.group.write(() => this.#takeOn(id, delivery, delivery.startedAtMs));
  }

  add(delivery: LoadDelivery, dueAtMs: number): number {
    const id = this.#deps.nextId();
    this.#deps.group.write(() => this.#takeOn(id, delivery, dueAtMs));
    return id;
  }

  isUnderWay(id: number): boolean {
    return this.#underWay.has(id);
  }

  end(): void {
    for (const id of this.#underWay.ids()) this.takeOn(id);
    this.#deps.group.write(() => this.#underWay.clear());
    this.#deps.group.commitNow();
    this.#forget();
  }

  #write(): void {
    if (this.#completed.length === 0 && !this.#underWay.isChanged) return;
    this.#deps.group.write(() => {
      this.#writeCompleted();
      this.#underWay.write();
    });
  }

  #writeCompleted(): void {
    const values = this.#completed;
    this.#completed = [];
    let at = 0;
    for (const rows of ROWS_AT_ONCE)
      for (; values.length - at >= rows * COLUMNS; at += rows * COLUMNS)
        this.#insert.get(rows)?.run(values.slice(at, at + rows * COLUMNS));
  }

  #addName(name: string): number {
    // A salvaged journal may have lost some.
    const id = Math.max(0, ...this.#names.values()) + 1;
    const { database, group } = this.#deps;
    group.write(() => database.prepare('INSERT INTO load_event_names VALUES (?, ?)').run(id, name));
    this.#names.set(name, id);
    return id;
  }
}

/** The ids of event names. */
export function namesOf(database: Database): Map<string, number> {
  const sql = 'SELECT CAST(name AS BLOB), id FROM load_event_names';
  const rows = database.prepare(sql).raw().all() as [ArrayBuffer, number][];
  return new Map(rows.map(([name, id]) => [Buffer.from(name).toString(), id]));
}

/** Makes an ordinary pending delivery of it; its body is a recipe. */
export function takingOn(run: NewLoadRun & { readonly id: number }, database: Database) {
  const addBody = database.prepare('INSERT INTO bodies (id, recipe) VALUES (?, ?)');
  const addDelivery = database.prepare(`INSERT INTO deliveries
    (id, event_id, event_name, webhook_id, body_id, state, attempts_total, created_at_ms, next_attempt_at_ms)
    VALUES (?, ?, ?, ?, ?, 'pending', ?, ?, ?)`);
  const { id: number, webhook, attemptsTotal } = run;
  return (id: number, delivery: LoadDelivery, dueAtMs: number): void => {
    const { eventNumber, eventId, eventName, happenedAtMs, startedAtMs } = delivery;
    addBody.run(id, JSON.stringify({ run: number, event: eventNumber, atMs: happenedAtMs }));
    addDelivery.run(id, eventId, eventName, webhook, id, attemptsTotal, startedAtMs, dueAtMs);
  };
}
