import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { sqlite } from '../../src/journal/sqlite/driver/choose.ts';
import type { JournalRequest } from '../../src/journal/journal.ts';

/** Through the same SQLite as the journal: two of them in one process would give up each other's locks. */
const ASKING = `
  const { workerData } = require('node:worker_threads');
  const Database = workerData.isOfNode ? require('node:sqlite').DatabaseSync : require('libsql');
  const database = new Database(workerData.path);
  database.exec('PRAGMA busy_timeout = 60000');
  const insert = database.prepare('INSERT INTO requests (kind, ids) VALUES (?, ?)');
  for (const ids of workerData.ids) insert.run(workerData.kind, JSON.stringify(ids));
  database.close();
`;

/**
 * Leaves requests from a thread with a connection of its own, as another process would: the thread of the journal may
 * be within a transaction, and cannot end it while it waits for itself.
 */
export async function askJournal(
  path: string,
  kind: JournalRequest['kind'],
  ids: readonly (readonly number[])[],
): Promise<void> {
  const isOfNode = sqlite().name === 'node:sqlite';
  const thread = new Worker(ASKING, { eval: true, workerData: { path, kind, ids, isOfNode } });
  const [code] = (await once(thread, 'exit')) as [number];
  if (code !== 0) throw new Error(`the thread that leaves requests ended with ${code}`);
}
