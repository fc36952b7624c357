import { statSync } from 'node:fs';
import { JournalBrokenError, JournalError } from '../errors.ts';
import { reasonOf, type Database } from './database.ts';
import type { SqlValue } from './driver/driver.ts';
import type { RowBatch } from './row-batch.ts';

const SOON_MS = 10;

/** One transaction for all that a tick appends. After the first failure nothing is written any more. */
export class GroupCommit {
  readonly #path: string;
  readonly #database: Database;
  /** The file that was opened: another one of that name is not ours. */
  readonly #identity: string;
  readonly #broken = new AbortController();
  #isOpen = false;
  #mustSync = false;
  #committing: Promise<void> | undefined;
  #soon: NodeJS.Timeout | undefined;
  readonly #flushes = new Set<() => void>();
  readonly #batches: readonly RowBatch[];

  /** @param batches - of rows that are gathered, in the order in which they are to be written */
  constructor(path: string, database: Database, batches: readonly RowBatch[] = []) {
    this.#path = path;
    this.#database = database;
    this.#batches = batches;
    this.#identity = identityOf(path) ?? '';
  }

  get broken(): AbortSignal {
    return this.#broken.signal;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Each commit waits for the disk, from the next transaction on: SQLite cannot change that within one. */
  syncFromNext(): void {
    this.#mustSync = true;
  }

  /** Calls `flush` at the beginning of every commit, to write what was kept back. @returns what ends that */
  beforeCommit(flush: () => void): () => void {
    this.#flushes.add(flush);
    return () => this.#flushes.delete(flush);
  }

  /** @throws {JournalBrokenError} */
  write(append: () => void): void {
    this.broken.throwIfAborted();
    try {
      if (!this.#isOpen) this.#begin();
      this.#writeGathered();
      append();
    } catch (error) {
      throw this.fail(error);
    }
  }

  /** As `write`, for a row that is written with others of its kind. @throws {JournalBrokenError} */
  gather(batch: RowBatch, ...values: SqlValue[]): void {
    this.broken.throwIfAborted();
    try {
      if (!this.#isOpen) this.#begin();
      batch.add(...values);
      if (batch.isFull) this.#writeGathered();
    } catch (error) {
      throw this.fail(error);
    }
  }

  /** Reads what was appended, too. @throws {JournalBrokenError} */
  read<T>(read: () => T): T {
    this.broken.throwIfAborted();
    try {
      this.#writeGathered();
    } catch (error) {
      throw this.fail(error);
    }
    return read();
  }

  /** Resolves when everything appended so far is on disk. */
  commit(): Promise<void> {
    this.#committing ??= new Promise((resolve, reject) => {
      setImmediate(() => {
        this.#committing = undefined;
        try {
          this.commitNow();
          resolve();
        } catch (error) {
          reject(this.fail(error));
        }
      });
    });
    return this.#committing;
  }

  /** In a moment, for what nobody waits for. */
  commitSoon(): void {
    this.#soon ??= setTimeout(() => {
      this.#soon = undefined;
      this.commit().catch(() => undefined); // The next caller of `commit` gets the error.
    }, SOON_MS).unref();
  }

  commitNow(): void {
    this.broken.throwIfAborted();
    for (const flush of this.#flushes) flush();
    if (!this.#isOpen) return;
    try {
      this.#checkFile();
      this.#writeGathered();
      this.#database.exec('COMMIT');
      this.#isOpen = false;
    } catch (error) {
      throw this.fail(error);
    }
  }

  /** The first failure is what everybody is told. */
  fail(error: unknown): Error {
    if (this.broken.aborted) return this.broken.reason as Error;
    const isOurs = error instanceof JournalError;
    const reason = isOurs ? error.message.slice(this.#path.length + 2) : reasonOf(error);
    this.#broken.abort(new JournalBrokenError(this.#path, reason, { cause: error }));
    this.#rollBack();
    return this.broken.reason as Error;
  }

  /** Always committed soon: an open transaction locks all others out. */
  #begin(): void {
    if (this.#mustSync) this.#database.pragma('synchronous = full');
    this.#mustSync = false;
    this.#database.exec('BEGIN IMMEDIATE');
    this.#isOpen = true;
    void this.commit().catch(() => undefined);
  }

  #writeGathered(): void {
    for (const batch of this.#batches) batch.write();
  }

  #rollBack(): void {
    try {
      if (this.#isOpen) this.#database.exec('ROLLBACK');
    } catch {
      // SQLite has done so already.
    }
    this.#isOpen = false;
  }

  /** A removed file can still be written to, and nobody would ever read it. */
  #checkFile(): void {
    const identity = identityOf(this.#path);
    if (identity === undefined) throw new JournalError(this.#path, 'the file was removed');
    if (identity !== this.#identity) throw new JournalError(this.#path, 'another file stands in its place');
  }
}

function identityOf(path: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? undefined : `${stats.dev} ${stats.ino}`;
}
