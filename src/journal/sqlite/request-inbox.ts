import Libsql from 'libsql';
import type { JournalRequest } from '../journal.ts';
import {
  checkFormat,
  columns,
  existing,
  orJournalError,
  pragma,
  textOf,
  type Database,
  type Row,
} from './database.ts';
import type { GroupCommit } from './group-commit.ts';

/** How often another process's requests are looked for. */
const POLL_MS = 250;

/** Calls `look` when another process has written into the journal. @returns what ends that */
export function watchRequests(
  { database, group }: { database: Database; group: GroupCommit },
  look: () => void,
): () => void {
  let seen = -1;
  const poll = setInterval(() => {
    if (group.broken.aborted || group.isOpen) return;
    try {
      const version = pragma(database, 'data_version');
      if (version === seen) return;
      seen = version;
      look();
    } catch (error) {
      group.fail(error);
    }
  }, POLL_MS).unref();
  return () => clearInterval(poll);
}

/** What other processes have asked for since the last time. */
export function takeRequests(database: Database): JournalRequest[] {
  const sql = `SELECT ${columns([], ['kind', 'ids'])} FROM requests ORDER BY id`;
  const rows = database.prepare(sql).all() as Row[];
  if (rows.length > 0) database.exec('DELETE FROM requests');
  return rows.map((row) => {
    const kind = textOf(row['kind']);
    const ids = JSON.parse(textOf(row['ids']) ?? '[]') as number[];
    return kind === 'disable'
      ? { kind, webhooks: ids }
      : { kind: kind === 'resend' ? kind : 'cancel', deliveries: ids };
  });
}

/** Leaves a request for the process that holds the journal. @throws {JournalError} */
export function leaveRequest(path: string, request: JournalRequest): void {
  existing(path);
  orJournalError(path, () => {
    const database = new Libsql(path);
    database.pragma('busy_timeout = 5000');
    checkFormat(path, database);
    const ids = request.kind === 'disable' ? request.webhooks : request.deliveries;
    database.prepare('INSERT INTO requests (kind, ids) VALUES (?, ?)').run(request.kind, JSON.stringify(ids));
    database.close();
  });
}
