import { describe, expect, test } from 'vitest';
import { DEFAULT_POLICY } from '../../src/persona/policies.ts';
import { EnqueueError, openDeliveryQueue } from '../../src/queue/bullmq/queue.ts';
import { openQueueStore } from '../../src/queue/bullmq/store.ts';
import type { DeliveryQueue } from '../../src/queue/delivery-queue.ts';
import { toQueued } from '../../src/queue/queued-delivery.ts';
import { DEVELOPMENT_SECRET, Secret } from '../../src/signing/sign.ts';
import { lacksRedis, redisServer, withRedis } from '../helpers/redis-server.ts';

interface Opened extends AsyncDisposable {
  readonly queue: DeliveryQueue;
  /** What lies in it, in the order in which it was taken on. */
  content(): Promise<(readonly [id: string, eventId: string])[]>;
}

async function bullmq(queueName?: string): Promise<Opened> {
  const redis = await redisServer();
  const queue = await openDeliveryQueue({ url: redis.url, queueName });
  return {
    queue,
    content: async () => {
      const store = await openQueueStore(redis.url, { queueName });
      const found = [];
      for await (const { id, eventId } of store.list()) found.push([id, eventId] as const);
      await store.close();
      return found;
    },
    [Symbol.asyncDispose]: async () => {
      await queue.close();
      await redis[Symbol.asyncDispose]();
    },
  };
}

/** Every implementation of the port. */
const QUEUES: readonly (readonly [name: string, open: () => Promise<Opened>])[] = [
  ['BullMQ', () => bullmq()],
  ['BullMQ, under another name', () => bullmq('mine')],
];

function delivery(number: number) {
  const endpoint = {
    url: new URL('http://127.0.0.1:9/'),
    secrets: [{ secret: new Secret(DEVELOPMENT_SECRET) }],
  };
  const job = { eventId: `evt_${number}`, eventName: 'inquiry.approved', body: Buffer.from('{"n":1.0}') };
  return toQueued(
    { ...job, endpoint },
    { policy: DEFAULT_POLICY, timeScale: 1, nowMs: Date.now(), dueMs: 0 },
  );
}

const several = (count: number) => Array.from({ length: count }, (_, number) => delivery(number));

describe.skipIf(lacksRedis).each(QUEUES)(`a queue: %s${withRedis}`, (_, open) => {
  test('adds many deliveries in their order, and returns an id for each', async () => {
    await using opened = await open();
    // More than go to Redis at a time.
    const ids = await opened.queue.addBulk(several(450));
    expect(new Set(ids).size).toBe(450);
    expect(await opened.content()).toEqual(ids.map((id, number) => [id, `evt_${number}`]));
  });

  test('adds nothing for an empty list', async () => {
    await using opened = await open();
    expect(await opened.queue.addBulk([])).toEqual([]);
    expect(await opened.content()).toEqual([]);
  });

  test('adds the same event twice when asked twice', async () => {
    await using opened = await open();
    const [first] = await opened.queue.addBulk([delivery(1)]);
    const [second] = await opened.queue.addBulk([delivery(1)]);
    expect(await opened.content()).toEqual([
      [first, 'evt_1'],
      [second, 'evt_1'],
    ]);
  });

  test('reports how many it added when it is closed meanwhile', async () => {
    await using opened = await open();
    await opened.queue.close();
    const error = await opened.queue.addBulk(several(3)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(EnqueueError);
    expect(error).toMatchObject({ enqueued: 0, unknown: 3, notEnqueued: 0 });
    expect(await opened.content()).toEqual([]);
  });

  test('can be closed twice', async () => {
    await using opened = await open();
    await opened.queue.close();
    await opened.queue.close();
  });
});
