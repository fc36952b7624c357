import { statSync } from 'node:fs';
import { UsageError } from '../../errors.ts';
import { JournalError } from '../errors.ts';
import type { Journal } from '../journal.ts';
import { existing, orBroken } from './database.ts';
import { sqlite } from './driver/choose.ts';
import { createPrivately, takeLock } from './lock.ts';
import { writtenJournal, type Durability } from './sqlite-journal.ts';

export interface JournalOptions {
  /** Refuse to make a new file. @default false */
  readonly mustExist?: boolean | undefined;
  /** @default 'full' */
  readonly durability?: Durability | undefined;
}

/**
 * Opens a journal for a run, and holds it until it is closed or the process ends.
 * @throws {UsageError | JournalError | JournalHeldError | JournalBrokenError}
 * @example
 * const journal = openJournal('hookcast.db');
 * const simulator = createSimulator({ webhook, journal });
 * await simulator.deliver('inquiry.approved');
 * journal.close();
 */
export function openJournal(path: string, options: JournalOptions = {}): Journal {
  if (path === '') throw new UsageError("the journal's file name is empty");
  sqlite(); // Before anything is made that it could not open.
  if (options.mustExist === true) existing(path);
  return orBroken(path, () => {
    if (statSync(path, { throwIfNoEntry: false })?.isFile() === false)
      throw new JournalError(path, 'this is a folder or a device, not a journal; name a file');
    createPrivately(path);
    const lock = takeLock(path);
    try {
      return writtenJournal(path, lock, options.durability);
    } catch (error) {
      lock.release();
      throw error;
    }
  });
}
