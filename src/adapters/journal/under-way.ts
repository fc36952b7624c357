import type Libsql from 'libsql';
import type { LoadDelivery } from '../../journal/load-ledger.ts';
import type { Database } from './database.ts';

/** How many deliveries share a row: what a commit rewrites for one that changed. Fits into a page of SQLite's. */
const PER_PAGE = 50;

interface Entry {
  readonly place: number;
  readonly delivery: LoadDelivery;
  readonly nameId: number;
}

/** The deliveries of a load run whose first attempt is under way: as many as the run has slots, so a few rows. */
export class UnderWay {
  readonly #run: number;
  readonly #entries = new Map<number, Entry>();
  /** JSON, by place. */
  readonly #records: (string | undefined)[] = [];
  readonly #free: number[] = [];
  readonly #changed = new Set<number>();
  readonly #save: Libsql.Statement;

  constructor(run: number, database: Database) {
    this.#run = run;
    this.#save = database.prepare('INSERT OR REPLACE INTO load_under_way VALUES (?, ?, ?)');
  }

  get isChanged(): boolean {
    return this.#changed.size > 0;
  }

  has(id: number): boolean {
    return this.#entries.has(id);
  }

  ids(): number[] {
    return [...this.#entries.keys()];
  }

  /** @param nameId - of its event's name, in `load_event_names` */
  add(id: number, delivery: LoadDelivery, nameId: number): void {
    const place = this.#free.pop() ?? this.#records.length;
    const { eventNumber, happenedAtMs, startedAtMs, eventId } = delivery;
    this.#set(
      place,
      `[${id},${eventNumber},${happenedAtMs},${Math.floor(startedAtMs)},"${eventId}",${nameId}]`,
    );
    this.#entries.set(id, { place, delivery, nameId });
  }

  remove(id: number): Pick<Entry, 'delivery' | 'nameId'> | undefined {
    const entry = this.#entries.get(id);
    if (entry === undefined) return undefined;
    this.#entries.delete(id);
    this.#set(entry.place, undefined);
    this.#free.push(entry.place);
    return entry;
  }

  write(): void {
    for (const page of this.#changed) {
      const records = this.#records.slice(page * PER_PAGE, (page + 1) * PER_PAGE);
      const text = records.filter((record) => record !== undefined).join(',');
      this.#save.run(this.#run, page, `[${text}]`);
    }
    this.#changed.clear();
  }

  #set(place: number, record: string | undefined): void {
    this.#records[place] = record;
    this.#changed.add(Math.floor(place / PER_PAGE));
  }
}
