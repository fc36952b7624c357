import Libsql from 'libsql';
import type { JournalRequest } from '../../journal/journal.ts';
import {
  checkFormat,
  columns,
  existing,
  orJournalError,
  textOf,
  type Database,
  type Row,
} from './database.ts';

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
