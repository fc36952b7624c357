import type { Database } from './database.ts';
import type { SqlValue } from './driver/driver.ts';

/** A statement that takes any number of rows: what stands before them, one of them, and what stands behind them. */
export type RowsSql = readonly [before: string, row: string, after: string];

/** To run a statement costs as much as writing several rows. More than these save nothing more. */
const MOST_ROWS = 16;

/** Rows that are gathered and written by one statement. */
export class RowBatch {
  readonly #database: Database;
  readonly #sql: RowsSql;
  /** By the number of their rows. */
  readonly #statements: ((values: SqlValue[]) => void)[] = [];
  #values: SqlValue[] = [];
  #rows = 0;

  constructor(database: Database, sql: RowsSql) {
    this.#database = database;
    this.#sql = sql;
  }

  get isFull(): boolean {
    return this.#rows === MOST_ROWS;
  }

  add(...values: SqlValue[]): void {
    this.#values.push(...values);
    this.#rows += 1;
  }

  write(): void {
    if (this.#rows === 0) return;
    const [run, values] = [this.#statementFor(this.#rows), this.#values];
    this.#values = [];
    this.#rows = 0;
    run(values);
  }

  #statementFor(rows: number): (values: SqlValue[]) => void {
    const [before, row, after] = this.#sql;
    const sql = () => `${before} ${Array<string>(rows).fill(row).join(', ')} ${after}`;
    return (this.#statements[rows] ??= this.#database.prepareList(sql()));
  }
}
