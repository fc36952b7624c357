import type Libsql from 'libsql';
import type { LoadDelivery } from '../load-ledger.ts';
import type { Database } from './database.ts';

interface Page {
  readonly number: number;
  /** JSON, until they are written. */
  records: string[];
  /** How many of its deliveries are still under way. */
  left: number;
}

interface Entry {
  readonly page: Page;
  readonly delivery: LoadDelivery;
  readonly nameId: number;
}

/**
 * The deliveries of a load run whose first attempt is about to leave or under way. All that begin with one commit
 * share a row, which is written once: those of them that stand in another table as well have gone further since.
 * A row is written over when all of it have.
 */
export class UnderWay {
  readonly #run: number;
  readonly #entries = new Map<number, Entry>();
  /** What the next commit writes. */
  #open: Page | undefined;
  #pages = 0;
  readonly #free: number[] = [];
  readonly #save: Libsql.Statement;
  readonly #clear: Libsql.Statement;

  constructor(run: number, database: Database) {
    this.#run = run;
    this.#save = database.prepare('INSERT OR REPLACE INTO load_under_way VALUES (?, ?, ?)');
    this.#clear = database.prepare('DELETE FROM load_under_way WHERE run_id = ?');
  }

  get isChanged(): boolean {
    return this.#open !== undefined;
  }

  has(id: number): boolean {
    return this.#entries.has(id);
  }

  ids(): number[] {
    return [...this.#entries.keys()];
  }

  /** @param nameId - of its event's name, in `load_event_names` */
  add(id: number, delivery: LoadDelivery, nameId: number): void {
    const { eventNumber, happenedAtMs, startedAtMs, eventId } = delivery;
    const page = (this.#open ??= { number: this.#free.pop() ?? this.#pages++, records: [], left: 0 });
    page.records.push(
      `[${id},${eventNumber},${happenedAtMs},${Math.floor(startedAtMs)},"${eventId}",${nameId}]`,
    );
    page.left += 1;
    this.#entries.set(id, { page, delivery, nameId });
  }

  remove(id: number): Pick<Entry, 'delivery' | 'nameId'> | undefined {
    const entry = this.#entries.get(id);
    if (entry === undefined) return undefined;
    this.#entries.delete(id);
    entry.page.left -= 1;
    if (entry.page !== this.#open) this.#freeIfDone(entry.page);
    return entry;
  }

  write(): void {
    const page = this.#open;
    if (page === undefined) return;
    this.#open = undefined;
    this.#save.run(this.#run, page.number, `[${page.records.join(',')}]`);
    page.records = [];
    this.#freeIfDone(page);
  }

  /** The run is over. */
  clear(): void {
    this.#open = undefined;
    this.#clear.run(this.#run);
  }

  #freeIfDone({ left, number }: Page): void {
    if (left === 0) this.#free.push(number);
  }
}
