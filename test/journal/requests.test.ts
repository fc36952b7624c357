import { expect, test } from 'vitest';
import { openJournal } from '../../src/journal/sqlite/open-journal.ts';
import { createSimulator } from '../../src/simulator/simulator.ts';
import { askJournal } from '../helpers/ask-journal.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

test('every request of several concurrent connections is carried out', async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/j.db`;
  const journal = openJournal(path, { durability: 'normal' });
  const simulator = createSimulator({ webhook: { url: 'http://127.0.0.1:9/' }, journal });
  const event = await simulator.build('inquiry.approved');
  const count = 400;
  simulator.takeOn(Array.from({ length: count }, () => ({ ...event })));
  const cancelled: number[] = [];
  const forget = journal.onChange((change) => cancelled.push(...change.deliveries));
  const parts = [0, 1, 2, 3].map((nth) =>
    Array.from({ length: count / 4 }, (_, index) => [index * 4 + nth + 1]),
  );
  await Promise.all(parts.map((ids) => askJournal(path, 'cancel', ids)));
  await expect.poll(() => journal.pendingCount()).toBe(0);
  expect(cancelled.toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, index) => index + 1));
  forget();
  journal.carryOut({ kind: 'disable', webhooks: [1] });
  expect(cancelled).toHaveLength(count);
  journal.close();
});

test('a simulator polls its journal only while it has deliveries to make', async () => {
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
