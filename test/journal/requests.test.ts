import { expect, test } from 'vitest';
import { Worker } from 'node:worker_threads';
import { once } from 'node:events';
import { sqlite } from '../../src/journal/sqlite/driver/choose.ts';
import { openJournal } from '../../src/journal/sqlite/sqlite-journal.ts';
import { createSimulator } from '../../src/simulator/simulator.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

/**
 * A connection in a thread of its own, which inserts requests as another process would. Through the same SQLite as the
 * journal: two of them in one process would give up each other's locks.
 */
const ASKING = `
  const { workerData } = require('node:worker_threads');
  const Database = workerData.isOfNode ? require('node:sqlite').DatabaseSync : require('libsql');
  const database = new Database(workerData.path);
  database.exec('PRAGMA busy_timeout = 60000');
  const insert = database.prepare("INSERT INTO requests (kind, ids) VALUES ('cancel', ?)");
  for (const id of workerData.ids) insert.run(JSON.stringify([id]));
  database.close();
`;

test('every request of several concurrent connections is carried out', async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/j.db`;
  const journal = openJournal(path, { durability: 'normal' });
  const simulator = createSimulator({ webhook: { url: 'http://127.0.0.1:9/' }, journal });
  const event = await simulator.build('inquiry.approved');
  const count = 400;
  simulator.takeOn(Array.from({ length: count }, () => ({ ...event })));
  const isOfNode = sqlite().name === 'node:sqlite';
  const cancelled: number[] = [];
  const forget = journal.onChange((change) => cancelled.push(...change.deliveries));
  const threads = [0, 1, 2, 3].map((nth) => {
    const ids = Array.from({ length: count / 4 }, (_, index) => index * 4 + nth + 1);
    return new Worker(ASKING, { eval: true, workerData: { path, ids, isOfNode } });
  });
  const codes = await Promise.all(threads.map(async (thread) => (await once(thread, 'exit')) as [number]));
  expect(codes).toEqual([[0], [0], [0], [0]]);
  await expect.poll(() => journal.pendingCount()).toBe(0);
  expect(cancelled.toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, index) => index + 1));
  forget();
  journal.carryOut({ kind: 'disable', webhooks: [1] });
  expect(cancelled).toHaveLength(count);
  journal.close();
});

test('a simulator listens to its journal only while it has deliveries to make', async () => {
  await using folder = await temporaryFolder();
  const journal = openJournal(`${folder.path}/j.db`, { durability: 'normal' });
  let listeners = 0;
  const onChange = journal.onChange.bind(journal);
  journal.onChange = (listener) => {
    const forget = onChange(listener);
    listeners += 1;
    return () => {
      listeners -= 1;
      forget();
    };
  };
  const sender = {
    send: () => {
      expect(listeners).toBe(1);
      const response = { status: 200, headers: {}, body: Buffer.alloc(0), truncated: false };
      return Promise.resolve({ kind: 'response' as const, response, timings: { totalMs: 1 } });
    },
  };
  for (let nth = 0; nth < 3; nth += 1) {
    const simulator = createSimulator({ webhook: { url: 'http://127.0.0.1:9/' }, journal, sender });
    expect((await simulator.deliver('inquiry.approved')).state).toBe('completed');
  }
  expect(listeners).toBe(0);
  journal.close();
});
