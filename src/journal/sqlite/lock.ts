import {
  chmodSync,
  closeSync,
  constants,
  lstatSync,
  mkdirSync,
  openSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { JournalHeldError } from '../errors.ts';
import { openForReading, orJournalError, type Database } from './database.ts';
import { openDatabase } from './driver/choose.ts';
import { errorCode } from './driver/error-code.ts';

/** Only one process at a time may send from a journal. */
export interface Lock {
  release(): void;
}

/**
 * Takes the lock of an existing file: exclusive transactions on two files, which the system gives back however the
 * process ends. One is beside the journal, for every machine and container that shares its folder; one is named after
 * the file's device and inode, so that another name of the journal, or a removed lock file, opens no second way in.
 * @throws {JournalHeldError | JournalError}
 */
export function takeLock(path: string): Lock {
  const taken: Lock[] = [];
  try {
    for (const file of lockFilesOf(path)) taken.push(lockFile(file, path));
  } catch (error) {
    for (const lock of taken) lock.release();
    throw error;
  }
  return {
    release: () => {
      for (const lock of taken.reverse()) lock.release();
    },
  };
}

function lockFilesOf(path: string): string[] {
  const beside = `${orJournalError(path, () => realpathSync(path))}-lock`;
  const folder = privateFolder();
  const { dev, ino } = statSync(path);
  return folder === undefined ? [beside] : [beside, `${folder}/${dev}-${ino}.lock`];
}

/** Undefined where the temporary folder is not this user's to write, or somebody else has taken the name. */
function privateFolder(): string | undefined {
  const uid = process.getuid?.();
  const folder = `${tmpdir()}/hookcast-locks-${uid ?? 'user'}`;
  try {
    mkdirSync(folder, { mode: 0o700, recursive: true });
    const stats = lstatSync(folder);
    return stats.isDirectory() && (uid === undefined || stats.uid === uid) ? folder : undefined;
  } catch {
    return undefined;
  }
}

function lockFile(file: string, journal: string): Lock {
  for (;;) {
    const database = orJournalError(file, () => {
      createPrivately(file);
      return openDatabase(file);
    });
    const inode = inodeOf(file);
    // The process that held it before may have removed the file between our opening and our locking.
    const isOurs = () => inode !== undefined && inodeOf(file) === inode;
    if (!beginExclusive(database, { file, journal, isOurs })) continue;
    const release = () => {
      if (isOurs()) rmSync(file, { force: true });
      database.exec('ROLLBACK');
      database.close();
    };
    if (isOurs()) return { release };
    release();
  }
}

function inodeOf(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.ino;
}

/** @returns false where the file has been removed meanwhile, which SQLite takes for a fault of the disk */
function beginExclusive(
  database: Database,
  { file, journal, isOurs }: { file: string; journal: string; isOurs: () => boolean },
): boolean {
  // Another process may just be looking: see isHeld.
  database.pragma('busy_timeout = 100');
  try {
    database.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    database.close();
    if (isBusy(error)) throw new JournalHeldError(journal, holderOf(journal));
    if (!isOurs()) return false;
    return orJournalError(file, () => {
      throw error;
    });
  }
}

/** Does a process work on this journal? Never makes a file, nor takes the lock for longer than a look. */
export function isHeld(path: string): boolean {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return false;
  return lockFilesOf(path).some(isLocked);
}

function isLocked(file: string): boolean {
  if (statSync(file, { throwIfNoEntry: false }) === undefined) return false;
  try {
    const database = openDatabase(file);
    try {
      // A shared lock, which two who look can have at once.
      database.exec('BEGIN; SELECT count(*) FROM sqlite_master; ROLLBACK');
      return false;
    } finally {
      database.close();
    }
  } catch (error) {
    return isBusy(error);
  }
}

function isBusy(error: unknown): boolean {
  return /BUSY|LOCKED/.test(errorCode(error));
}

/**
 * Makes the file, readable for its owner alone, unless it is there; also where a link leads to a file to be made. One
 * that is there is not opened: closing it would give up the locks that SQLite holds on it in this process.
 */
export function createPrivately(path: string): void {
  if (statSync(path, { throwIfNoEntry: false }) !== undefined) return;
  closeSync(openSync(path, constants.O_RDONLY | constants.O_CREAT, 0o600));
}

/** Takes the rights of others away from a file that was there. A file system without rights has none to take. */
export function makePrivate(path: string): void {
  if ((statSync(path).mode & 0o077) === 0) return;
  try {
    chmodSync(path, 0o600);
  } catch {
    // Another user's file: its owner decides.
  }
}

/** The process that works on a journal; undefined where that cannot be read. */
function holderOf(path: string): number | undefined {
  try {
    // By another name SQLite would look for another write-ahead log beside it.
    if (statSync(path).nlink > 1) return undefined;
    const database = openForReading(path);
    const row = database.prepareRaw(`SELECT CAST(value AS REAL) FROM settings WHERE name = 'pid'`).all()[0];
    database.close();
    return (row as [number] | undefined)?.[0];
  } catch {
    return undefined;
  }
}
