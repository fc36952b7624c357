import { expect, test } from 'vitest';
import type { DeliveryStore, StoredDelivery } from '../../src/journal/delivery-store.ts';
import { recordingsOf } from '../../src/recording/read/store.ts';
import { readAll } from '../helpers/recordings.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const response = {
  status: 500,
  headers: { a: ['1', '2'], b: '3' },
  body: Buffer.from('no'),
  truncated: true,
};
const attempt = {
  simulatedAtMs: 5,
  requestHeaders: { 'Content-Type': 'x', 'Persona-Signature': 't=1,v1=0' },
};
const DELIVERY: StoredDelivery = {
  ...{
    id: '7',
    eventId: 'evt_1',
    eventName: 'inquiry.approved',
    url: 'http://a.test/hook',
    state: 'pending',
  },
  ...{ createdAtMs: 1, attemptsMade: 5, attemptsTotal: 9, body: Buffer.from([0xff]) },
  attempts: [
    {
      ...attempt,
      attempt: 1,
      startedAtMs: 10.75,
      outcome: { kind: 'rejected', status: 500, response },
      timings: { totalMs: 2 },
    },
    {
      ...attempt,
      attempt: 2,
      startedAtMs: 20,
      outcome: { kind: 'timed-out', phase: 'headers', timeoutMs: 5000 },
    },
    {
      ...attempt,
      attempt: 3,
      startedAtMs: 30,
      outcome: { kind: 'unreachable', code: 'ECONNREFUSED', reason: 'refused' },
    },
    { ...attempt, attempt: 4, startedAtMs: 40, outcome: { kind: 'cancelled' } },
    { ...attempt, attempt: 5, startedAtMs: 50 },
  ],
};

function store(): DeliveryStore & { isClosed: boolean } {
  return {
    isClosed: false,
    // eslint-disable-next-line @typescript-eslint/require-await -- a store is asked over a network or a disk
    async *list() {
      yield DELIVERY;
      yield { ...DELIVERY, id: 'removed meanwhile' };
    },
    find: (id) => Promise.resolve(id === DELIVERY.id ? DELIVERY : undefined),
    close() {
      this.isClosed = true;
      return Promise.resolve();
    },
  };
}

test('every attempt of a store is a recording', async () => {
  const recordings = [];
  for await (const recording of recordingsOf(store())) recordings.push(recording);
  const same = {
    ...{ method: 'POST', url: 'http://a.test/hook', body: Buffer.from([0xff]), deliveryId: '7' },
    ...{ eventId: 'evt_1', eventName: 'inquiry.approved' },
    headers: [
      ['Content-Type', 'x'],
      ['Persona-Signature', 't=1,v1=0'],
    ],
  };
  const headers = [
    ['a', '1'],
    ['a', '2'],
    ['b', '3'],
  ];
  expect(recordings).toEqual([
    { ...same, attempt: 1, atMs: 10, timings: { totalMs: 2 }, answer: { ...response, headers } },
    {
      ...same,
      attempt: 2,
      atMs: 20,
      failure: { code: 'TIMED_OUT', reason: 'no complete answer within 5000 ms' },
    },
    { ...same, attempt: 3, atMs: 30, failure: { code: 'ECONNREFUSED', reason: 'refused' } },
    {
      ...same,
      attempt: 4,
      atMs: 40,
      failure: { code: 'CANCELLED', reason: 'interrupted before the receiver had answered' },
    },
    { ...same, attempt: 5, atMs: 50 },
  ]);
});

test('a queue is opened by its address, and its password is in no message', async () => {
  const opened = store();
  const sources: string[] = [];
  const openStore = (source: string) => {
    sources.push(source);
    return Promise.resolve(opened);
  };
  expect((await readAll(['redis://:pass@127.0.0.1/0'], { openStore })).recordings).toHaveLength(5);
  expect(sources).toEqual(['redis://:pass@127.0.0.1/0']);
  expect(opened.isClosed).toBe(true);
  await expect(readAll(['redis://:pass@127.0.0.1/0'])).rejects.toThrow(
    'the queue: at the beginning: expected a recording, found an address of Redis',
  );
});

test('a database is opened by its magic bytes, and closed', async () => {
  await using folder = await temporaryFolder();
  const path = await folder.write('journal.anything', 'SQLite format 3\0…');
  const opened = store();
  const { recordings } = await readAll([path], { openStore: () => Promise.resolve(opened) });
  expect(recordings).toHaveLength(5);
  expect(opened.isClosed).toBe(true);
});
