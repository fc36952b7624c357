import { openSync, closeSync, rmSync, statSync } from 'node:fs';
import Libsql from 'libsql';
import { JournalHeldError } from '../errors.ts';
import { openForReading, orJournalError } from './database.ts';

/** Only one process at a time may send from a journal. */
export interface Lock {
  release(): void;
}

/**
 * Takes the lock: an exclusive transaction on a file beside the journal, which the system gives back however the
 * process ends. Its transaction writes nothing.
 * @throws {JournalHeldError | JournalError}
 */
export function takeLock(path: string): Lock {
  const lockPath = `${path}-lock`;
  for (;;) {
    const database = orJournalError(lockPath, () => {
      createPrivately(lockPath);
      return new Libsql(lockPath);
    });
    const inode = statSync(lockPath, { throwIfNoEntry: false })?.ino;
    // Somebody may just be looking: see isHeld.
    database.pragma('busy_timeout = 100');
    try {
      database.exec('BEGIN EXCLUSIVE');
    } catch (error) {
      database.close();
      if (!/BUSY|LOCKED/.test(String((error as { code?: unknown }).code))) {
        orJournalError(lockPath, () => {
          throw error;
        });
      }
      throw new JournalHeldError(path, holderOf(path));
    }
    // Whoever held it before may have removed the file between our opening and our locking.
    const isOurs = inode !== undefined && statSync(lockPath, { throwIfNoEntry: false })?.ino === inode;
    const release = () => {
      if (isOurs) rmSync(lockPath, { force: true });
      database.exec('ROLLBACK');
      database.close();
    };
    if (isOurs) return { release };
    release();
  }
}

/** Does a process work on this journal? Never makes a file, nor takes the lock for longer than a look. */
export function isHeld(path: string): boolean {
  const lockPath = `${path}-lock`;
  if (statSync(lockPath, { throwIfNoEntry: false }) === undefined) return false;
  try {
    const database = new Libsql(lockPath);
    try {
      // A shared lock, which two who look can have at once.
      database.exec('BEGIN; SELECT count(*) FROM sqlite_master; ROLLBACK');
      return false;
    } finally {
      database.close();
    }
  } catch (error) {
    return /BUSY|LOCKED/.test(String((error as { code?: unknown }).code));
  }
}

/** Makes the file, readable for its owner alone, unless it is there. */
export function createPrivately(path: string): boolean {
  try {
    closeSync(openSync(path, 'wx', 0o600));
    return true;
  } catch (error) {
    if ((error as { code?: unknown }).code === 'EEXIST') return false;
    throw error;
  }
}

/** The process that works on a journal; undefined where that cannot be read. */
function holderOf(path: string): number | undefined {
  try {
    const database = openForReading(path);
    const row = database
      .prepare(`SELECT CAST(value AS REAL) FROM settings WHERE name = 'pid'`)
      .raw()
      .all()[0];
    database.close();
    return (row as [number] | undefined)?.[0];
  } catch {
    return undefined;
  }
}
