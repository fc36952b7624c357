import { Redis } from 'ioredis';
import { expect, test, describe, vi } from 'vitest';
import { EnqueueError, openDeliveryQueue } from '../../src/queue/bullmq/queue.ts';
import { openQueueStore } from '../../src/queue/bullmq/store.ts';
import { workOnQueue, type WorkOptions } from '../../src/queue/bullmq/worker.ts';
import { undiciSender } from '../../src/http/undici-sender.ts';
import { DEFAULT_POLICY, type DeliveryPolicy } from '../../src/persona/policies.ts';
import { keyringOf } from '../../src/queue/keyring.ts';
import { toQueued } from '../../src/queue/queued-delivery.ts';
import { startReceiver } from '../../src/receiver/start-receiver.ts';
import { Secret } from '../../src/signing/sign.ts';
import { freePort } from '../helpers/free-port.ts';
import { lacksRedis, redisServer, withRedis } from '../helpers/redis-server.ts';
import { tcpServer } from '../helpers/servers.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const secret = new Secret('wbhsec_abcdefgh-1234-5678-9ijk-lmnopqrstuvw');
const keyring = keyringOf({ secrets: [secret], headerValues: [] });
const policy: DeliveryPolicy = { ...DEFAULT_POLICY, name: 'two', delaysSeconds: [3_600] };
const FAILING = [{ kind: 'status', status: 500, delayMs: 0 } as const];
const SILENT = {
  attempted: () => {},
  settled: () => {},
  refused: () => {},
  takenOver: () => {},
  trouble: () => {},
};

function deliveryTo(url: string, { id = 1, timeScale = Infinity, dueMs = 0 } = {}) {
  const body = Buffer.from(`{"n":${id}.0}`);
  const endpoint = { url: new URL(url), secrets: [{ secret }] };
  const job = { eventId: `evt_${id}`, eventName: 'inquiry.approved', body, endpoint };
  return toQueued(job, { policy, timeScale, nowMs: Date.now(), dueMs });
}

function work(url: string, options: Partial<WorkOptions> = {}) {
  const { signal } = new AbortController();
  return workOnQueue({
    url,
    keyring,
    sender: undiciSender(),
    untilEmpty: true,
    signal,
    events: SILENT,
    ...options,
  });
}

async function enqueue(
  url: string,
  deliveries: Parameters<typeof toQueued>[0][] | ReturnType<typeof deliveryTo>[],
) {
  const queue = await openDeliveryQueue({ url });
  const ids = await queue.addBulk(deliveries as ReturnType<typeof deliveryTo>[]);
  await queue.close();
  return ids;
}

describe.skipIf(lacksRedis)(`a queue in Redis${withRedis}`, () => {
  test('is worked off in the order in which it was filled', async () => {
    await using redis = await redisServer();
    await using receiver = await startReceiver({ secrets: [secret] });
    const deliveries = Array.from({ length: 220 }, (_, id) => deliveryTo(receiver.url, { id }));
    const ids = await enqueue(redis.url, deliveries);
    expect(new Set(ids).size).toBe(220);
    expect(ids).toEqual([...ids].sort());
    const summary = await work(redis.url, { concurrency: 1 });
    expect(summary).toEqual({ completed: 220, failed: 0, refused: 0 });
    expect(receiver.received.map(({ body }) => body.toString())).toEqual(
      deliveries.map((_, id) => `{"n":${id}.0}`),
    );
    expect(receiver.received.every(({ verification }) => verification.kind === 'valid')).toBe(true);
  });

  test('can be inspected while deliveries wait and after they are settled', async () => {
    await using redis = await redisServer();
    await using failing = await startReceiver({ secrets: [secret], script: FAILING });
    await using accepting = await startReceiver({ secrets: [secret] });
    const [accepted = '', failed = '', later = ''] = await enqueue(redis.url, [
      deliveryTo(accepting.url, { id: 1 }),
      deliveryTo(failing.url, { id: 2 }),
      deliveryTo(failing.url, { id: 3, timeScale: 1 }),
    ]);
    const done = new AbortController();
    let [settled, attempts] = [0, 0];
    const events = {
      ...SILENT,
      attempted: () => {
        attempts += 1;
      },
      settled: () => {
        settled += 1;
      },
    };
    const working = work(redis.url, { untilEmpty: false, signal: done.signal, events });
    await expect.poll(() => [settled, attempts]).toEqual([2, 4]);
    done.abort();
    expect(await working).toEqual({ completed: 1, failed: 1, refused: 0 });

    const store = await openQueueStore(redis.url);
    const rows = [];
    for await (const { id, state, attemptsMade, attemptsTotal } of store.list())
      rows.push([id, state, attemptsMade, attemptsTotal]);
    expect(rows).toEqual([
      [accepted, 'completed', 1, 2],
      [failed, 'failed', 2, 2],
      [later, 'pending', 1, 2],
    ]);
    const pending = [];
    for await (const summary of store.list({ state: 'pending' })) pending.push(summary);
    const dueInMs = (pending[0]?.nextAttemptAtMs ?? 0) - Date.now();
    expect(dueInMs).toBeGreaterThan(3_500_000);
    expect(dueInMs).toBeLessThanOrEqual(3_600_000);
    expect(await store.find('nonsense')).toBeUndefined();
    expect(await store.find(failed)).toMatchObject({
      id: failed,
      eventId: 'evt_2',
      body: Buffer.from('{"n":2.0}'),
      attempts: [
        { attempt: 1, outcome: { kind: 'rejected', status: 500 } },
        { attempt: 2, outcome: { kind: 'rejected', status: 500 } },
      ],
    });
    await store.close();
  });

  test('keeps what a worker without the secret refuses, for one that has it', async () => {
    await using redis = await redisServer();
    await using receiver = await startReceiver({ secrets: [secret] });
    await enqueue(redis.url, [deliveryTo(receiver.url), deliveryTo(receiver.url, { id: 2 })]);
    const reasons: string[] = [];
    const events = { ...SILENT, refused: (_: string, reason: string) => reasons.push(reason) };
    const strange = keyringOf({ secrets: [], headerValues: [] });
    expect(await work(redis.url, { keyring: strange, events })).toEqual({
      completed: 0,
      failed: 0,
      refused: 2,
    });
    expect(reasons).toEqual([
      expect.stringMatching(/^no secret given to this worker .* fingerprint [0-9a-f]{8}$/),
    ]);
    expect(receiver.received).toEqual([]);
    const store = await openQueueStore(redis.url);
    for await (const { state, attemptsMade } of store.list())
      expect({ state, attemptsMade }).toEqual({ state: 'pending', attemptsMade: 0 });
    await store.close();
  });

  test('keeps deliveries to remote addresses when the worker may not send them', async () => {
    await using redis = await redisServer();
    await enqueue(redis.url, [deliveryTo('http://192.0.2.1/')]);
    const reasons: string[] = [];
    const events = { ...SILENT, refused: (_: string, reason: string) => reasons.push(reason) };
    expect(await work(redis.url, { events })).toMatchObject({ refused: 1, failed: 0 });
    expect(reasons).toEqual([expect.stringContaining('pass `allowRemote`')]);
  });

  // The connection that waits for jobs is cut off, and the worker is told to stop when it has come so far again.
  test.each([
    { name: 'reconnecting', then: ['connecting', 'connect', 'ready', 'close', 'end'] },
    { name: 'connecting', then: ['connect', 'ready', 'close', 'end'] },
    { name: 'connect', then: ['ready', 'close', 'end'] },
  ] as const)('is left at once while a connection is $name', async ({ name, then }) => {
    await using redis = await redisServer();
    const stop = new AbortController();
    const duplicate = vi.spyOn(Redis.prototype, 'duplicate');
    const working = work(redis.url, { untilEmpty: false, signal: stop.signal });
    const admin = new Redis(redis.url);
    const waiting = async () => /id=(\d+) .*cmd=bzpopmin/.exec(String(await admin.client('LIST')))?.[1];
    await expect.poll(waiting).toBeDefined();
    const blocking = duplicate.mock.results[0]?.value as Redis;
    duplicate.mockRestore();
    const seen: string[] = [];
    blocking.once(name, () => {
      for (const status of ['reconnecting', 'connecting', 'connect', 'ready', 'close', 'end'])
        blocking.on(status, () => seen.push(status));
      stop.abort();
    });
    await admin.client('KILL', 'ID', Number(await waiting()));
    await working;
    admin.disconnect();
    // It is hung up on once, and not made again to be rid of a command that was lost.
    expect(seen).toEqual(then);
  });

  test('hands out an interrupted attempt again under its number', async () => {
    await using redis = await redisServer();
    await using receiver = await startReceiver({
      secrets: [secret],
      script: [
        { kind: 'status', status: 500, delayMs: 0 },
        { kind: 'status', status: 200, delayMs: 0 },
      ],
    });
    await enqueue(redis.url, [deliveryTo(receiver.url, { timeScale: 1 })]);
    const store = await openQueueStore(redis.url);
    const done = new AbortController();
    const working = work(redis.url, { untilEmpty: false, signal: done.signal });
    await expect.poll(() => receiver.received.length).toBe(1);
    done.abort();
    await working;
    const found = [];
    for await (const summary of store.list()) found.push(summary);
    expect(found).toMatchObject([{ state: 'pending', attemptsMade: 1 }]);
    await store.close();
  });

  test('warns of a Redis that may lose things, and prints no password', async () => {
    await using redis = await redisServer({
      args: ['--maxmemory-policy', 'allkeys-lru', '--requirepass', 'hunter2'],
    });
    const queue = await openDeliveryQueue({ url: `redis://:hunter2@127.0.0.1:${redis.port}/1` });
    expect(queue.address).toBe(`redis://[secret]@127.0.0.1:${redis.port}/1`);
    expect(queue.warnings).toEqual([
      expect.stringContaining('maxmemory-policy allkeys-lru'),
      expect.stringContaining('keeps nothing on disk'),
    ]);
    await queue.close();
    await expect(openDeliveryQueue({ url: redis.url })).rejects.toThrow('it wants a password');
    const wrong = openDeliveryQueue({ url: `redis://:hunter3@127.0.0.1:${redis.port}` });
    await expect(wrong).rejects.toThrow(/refuses the user or password/);
    await expect(wrong).rejects.not.toThrow(/hunter/);
  });

  test('ends worker and enqueuer with exact numbers when Redis is lost for too long', async () => {
    await using redis = await redisServer();
    const told: string[] = [];
    const options = {
      url: redis.url,
      patienceMs: 300,
      onLost: (address: string) => told.push(`lost ${address}`),
    };
    const queue = await openDeliveryQueue(options);
    let stopped: Promise<void> | undefined;
    const working = work(redis.url, {
      ...options,
      untilEmpty: false,
      onReady: () => {
        stopped = redis.stop();
      },
    });
    await expect(working).rejects.toMatchObject({
      code: 'REDIS',
      message: `Redis at ${redis.url} did not come back within 0.3 s`,
    });
    await stopped;
    expect(told).toContain(`lost ${redis.url}`);
    const deliveries = Array.from({ length: 250 }, (_, id) => deliveryTo('http://127.0.0.1:1/', { id }));
    const failure = await queue.addBulk(deliveries).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(EnqueueError);
    expect(failure).toMatchObject({ enqueued: 0, unknown: 200, notEnqueued: 50 });
    await queue.close();
  });

  test('is used again when Redis comes back', async () => {
    // It keeps its data: a Redis that came back empty would end the worker.
    await using folder = await temporaryFolder();
    const args = ['--dir', folder.path, '--appendonly', 'yes', '--appendfsync', 'always'];
    const redis = await redisServer({ args });
    await using receiver = await startReceiver({ secrets: [secret] });
    const done = new AbortController();
    const told: string[] = [];
    let settled = 0;
    const events = { ...SILENT, settled: () => (settled += 1) };
    const working = work(redis.url, {
      untilEmpty: false,
      signal: done.signal,
      events,
      onReady: () => void redis.stop(),
      onLost: () => told.push('lost'),
      onBack: () => told.push('back'),
    });
    await expect.poll(() => told).toContain('lost');
    await redis.stop();
    await using again = await redisServer({ port: redis.port, args });
    await enqueue(again.url, [deliveryTo(receiver.url)]);
    await Promise.race([working, expect.poll(() => settled).toBe(1)]);
    done.abort();
    expect(await working).toMatchObject({ completed: 1 });
    expect(told).toEqual(['lost', 'back']);
    await redis[Symbol.asyncDispose]();
  });
});

describe('without a Redis', () => {
  test('a port where nothing listens is reported at once', async () => {
    const url = `redis://127.0.0.1:${await freePort()}`;
    await expect(openDeliveryQueue({ url })).rejects.toMatchObject({
      code: 'REDIS',
      message: `no Redis at ${url}: nothing listens there; start one with redis-server, or pass the URL of another`,
    });
  });

  test('something else on that port is reported, too', async () => {
    await using server = await tcpServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const url = `redis://u:hunter2@127.0.0.1:${server.port}`;
    await expect(openDeliveryQueue({ url })).rejects.toThrow(
      `no Redis at redis://[secret]@127.0.0.1:${server.port}: what listens there is not a Redis`,
    );
  });

  test.each(['localhost:6379', 'http://localhost', 'redis://', 'hunter2', 'redis:hunter2'])(
    'the URL %s is refused without being repeated',
    async (url) => {
      await expect(openDeliveryQueue({ url })).rejects.toMatchObject({
        code: 'USAGE',
        message: 'the URL of Redis: expected one such as redis://127.0.0.1:6379, or rediss:// for TLS',
      });
    },
  );
});
