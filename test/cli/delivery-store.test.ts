import { describe, expect, test } from 'vitest';
import { undiciSender } from '../../src/http/undici-sender.ts';
import type { DeliveryFilter, DeliveryStore } from '../../src/journal/delivery-store.ts';
import { openJournalStore } from '../../src/journal/sqlite/journal-store.ts';
import { openJournal } from '../../src/journal/sqlite/open-journal.ts';
import type { DeliveryPolicy } from '../../src/persona/policies.ts';
import { openDeliveryQueue } from '../../src/queue/bullmq/queue.ts';
import { openQueueStore } from '../../src/queue/bullmq/store.ts';
import { workOnQueue } from '../../src/queue/bullmq/worker.ts';
import { keyringOf } from '../../src/queue/keyring.ts';
import { toQueued } from '../../src/queue/queued-delivery.ts';
import { DEVELOPMENT_SECRET, Secret } from '../../src/signing/sign.ts';
import { createSimulator } from '../../src/simulator/simulator.ts';
import { lacksRedis, redisServer, withRedis } from '../helpers/redis-server.ts';
import { httpServer } from '../helpers/servers.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const policy: DeliveryPolicy = {
  ...{ name: 'two', timeoutMs: 5_000, acceptedStatuses: [200], delaysSeconds: [3], source: 'this test' },
};
const NAMES = ['inquiry.created', 'inquiry.approved', 'inquiry.declined'];

interface Filled extends AsyncDisposable {
  readonly store: DeliveryStore;
  readonly url: string;
}

/** Accepts the first event, refuses the second twice, and the third's answer is the second time good. */
function scripted() {
  const statuses = [200, 500, 500, 500, 200];
  return httpServer((request, response) => {
    request.resume().on('end', () => response.writeHead(statuses.shift() ?? 200).end('an answer'));
  });
}

async function journal(): Promise<Filled> {
  const folder = await temporaryFolder();
  const receiver = await scripted();
  const path = `${folder.path}/j.db`;
  const written = openJournal(path);
  const webhook = { url: receiver.url.href };
  const simulator = createSimulator({ webhook, journal: written, policy, seed: 1, timeScale: Infinity });
  for (const name of NAMES) await simulator.deliver(name);
  written.close();
  const store = openJournalStore(path);
  return { store, url: receiver.url.href, [Symbol.asyncDispose]: () => disposed(store, receiver, folder) };
}

async function queue(): Promise<Filled> {
  const redis = await redisServer();
  const receiver = await scripted();
  const secret = new Secret(DEVELOPMENT_SECRET);
  const simulator = createSimulator({ webhook: { url: receiver.url.href }, seed: 1 });
  const open = await openDeliveryQueue({ url: redis.url });
  for (const name of NAMES) {
    const event = await simulator.build(name);
    const { body } = simulator.compose(event);
    const job = { eventId: event.id, eventName: name, body, endpoint: simulator.webhook.endpoint };
    await open.addBulk([toQueued(job, { policy, timeScale: Infinity, nowMs: Date.now() })]);
    await workOnQueue({
      ...{ url: redis.url, keyring: keyringOf({ secrets: [secret], headerValues: [] }), untilEmpty: true },
      ...{ sender: undiciSender(), signal: new AbortController().signal },
      events: { attempted() {}, settled() {}, refused() {}, takenOver() {}, trouble() {} },
    });
  }
  await open.close();
  const store = await openQueueStore(redis.url);
  return { store, url: receiver.url.href, [Symbol.asyncDispose]: () => disposed(store, receiver, redis) };
}

async function disposed(store: DeliveryStore, ...others: AsyncDisposable[]): Promise<void> {
  await store.close();
  for (const other of others) await other[Symbol.asyncDispose]();
}

async function listed(store: DeliveryStore, filter?: DeliveryFilter) {
  const found = [];
  for await (const each of store.list(filter)) found.push(each);
  return found;
}

describe.each([
  ['journal', journal, false],
  [`queue${withRedis}`, queue, lacksRedis],
])('the delivery store of a %s', (_, fill, isSkipped) => {
  test.skipIf(isSkipped)('lists, filters and finds what was delivered', async () => {
    await using filled = await fill();
    const { store, url } = filled;
    const all = await listed(store);
    const told = all.map(({ eventName, state, attemptsMade, attemptsTotal, nextAttemptAtMs, ...rest }) => {
      return { eventName, state, attemptsMade, attemptsTotal, nextAttemptAtMs, url: rest.url };
    });
    const settled = { attemptsTotal: 2, nextAttemptAtMs: undefined, url };
    expect(told).toEqual([
      { eventName: 'inquiry.created', state: 'completed', attemptsMade: 1, ...settled },
      { eventName: 'inquiry.approved', state: 'failed', attemptsMade: 2, ...settled },
      { eventName: 'inquiry.declined', state: 'completed', attemptsMade: 2, ...settled },
    ]);
    expect(new Set(all.map(({ id }) => id)).size).toBe(3);
    const [first, second, third] = all;
    expect(await listed(store, { state: 'completed' })).toEqual([first, third]);
    expect(await listed(store, { state: 'pending' })).toEqual([]);
    expect(await listed(store, { eventName: 'inquiry.approved' })).toEqual([second]);
    expect(await listed(store, { eventId: third!.eventId, state: 'completed' })).toEqual([third]);
    expect(await listed(store, { eventId: third!.eventId, state: 'failed' })).toEqual([]);

    const { body, attempts, ...summary } = (await store.find(second!.id))!;
    expect({ ...summary, settledAtMs: undefined }).toEqual(second);
    expect(JSON.parse(body.toString()).data.id).toBe(second!.eventId);
    expect(attempts.map(({ attempt, outcome }) => [attempt, outcome?.kind])).toEqual([
      [1, 'rejected'],
      [2, 'rejected'],
    ]);
    const [{ outcome, requestHeaders, startedAtMs, simulatedAtMs } = {} as never] = attempts;
    expect(outcome).toMatchObject({ status: 500, response: { body: Buffer.from('an answer') } });
    expect(requestHeaders).toMatchObject({ 'Persona-Webhook-Attempts-Made': '1' });
    expect(simulatedAtMs).toBeGreaterThanOrEqual(startedAtMs);
    expect(await store.find('nothing of this name')).toBeUndefined();
  });
});
