import { Queue } from 'bullmq';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { undiciSender } from '../../src/http/undici-sender.ts';
import { DEFAULT_POLICY } from '../../src/persona/policies.ts';
import { openDeliveryQueue, EnqueueError } from '../../src/queue/bullmq/queue.ts';
import { connectRedis, maskedAddress, RedisError } from '../../src/queue/bullmq/redis-link.ts';
import { workOnQueue, type WorkOptions } from '../../src/queue/bullmq/worker.ts';
import { keyringOf } from '../../src/queue/keyring.ts';
import { toQueued } from '../../src/queue/queued-delivery.ts';
import { DEVELOPMENT_SECRET, Secret } from '../../src/signing/sign.ts';
import { createSimulator } from '../../src/simulator/simulator.ts';
import { lacksRedis, redisServer, withRedis } from '../helpers/redis-server.ts';
import { httpServer } from '../helpers/servers.ts';
import { runCli } from '../helpers/run-cli.ts';

const secret = new Secret(DEVELOPMENT_SECRET);
const keyring = keyringOf({ secrets: [secret], headerValues: [] });
const URL_AWAY = 'http://127.0.0.1:9/';

function delivery(url: string, { id = 1, dueMs = 0 } = {}) {
  const endpoint = { url: new URL(url), secrets: [{ secret }] };
  const job = { eventId: `evt_${id}`, eventName: 'inquiry.approved', body: Buffer.from('{}'), endpoint };
  return toQueued(job, { policy: DEFAULT_POLICY, timeScale: 1, nowMs: Date.now(), dueMs });
}

function work(url: string, options: Partial<WorkOptions> = {}) {
  const events = {
    attempted() {},
    settled() {},
    refused() {},
    takenOver() {},
    trouble() {},
    ...options.events,
  };
  const { signal } = new AbortController();
  return workOnQueue({ url, keyring, sender: undiciSender(), signal, ...options, events });
}

/** Every warning of the process while these tests run, with its first line. */
const warnings: string[] = [];
const note = (warning: Error) => void warnings.push(warning.message.split('\n')[0]!);
beforeAll(() => void process.on('warning', note));
afterAll(() => {
  process.off('warning', note);
  expect(warnings).toEqual([]);
});

// Side by side, since most of them wait until a Redis counts as lost.
describe.skipIf(lacksRedis).concurrent(`a Redis that is lost${withRedis}`, () => {
  test('ends a worker when it does not answer within the patience', async () => {
    await using redis = await redisServer();
    const seen: string[] = [];
    const tell = { onLost: () => seen.push('lost'), onBack: () => seen.push('back') };
    const working = work(redis.url, { patienceMs: 600, ...tell, onReady: () => redis.stall() });
    await expect(working).rejects.toThrow(/^Redis at .* did not come back within 0\.6 s$/);
    // On a busy machine an answer may have been late before, and then have come.
    expect(seen.join(' ')).toMatch(/^lost(?: back lost)*$/);
    redis.wake();
  });

  test('is used again when it answers in time', async () => {
    await using redis = await redisServer();
    const stop = new AbortController();
    const seen: string[] = [];
    const link = await connectRedis({
      url: redis.url,
      patienceMs: 20_000,
      onLost: () => {
        seen.push('lost');
        redis.wake();
      },
      onBack: () => {
        seen.push('back');
        stop.abort();
      },
    });
    redis.stall();
    await new Promise((resolve) => stop.signal.addEventListener('abort', resolve));
    expect(seen).toEqual(['lost', 'back']);
    link.close();
  });

  test('does not keep a worker from stopping at once', async () => {
    await using redis = await redisServer();
    const stop = new AbortController();
    // Not after its patience, which is longer than a test may take.
    await work(redis.url, {
      signal: stop.signal,
      patienceMs: 600_000,
      onReady: () => redis.stall(),
      onLost: () => stop.abort(),
    });
    redis.wake();
  });

  test('ends the enqueuer with counts of the whole run', async () => {
    await using redis = await redisServer();
    const queue = await openDeliveryQueue({ url: redis.url, patienceMs: 6_000 });
    const simulator = createSimulator({ webhook: { url: URL_AWAY }, seed: 7 });
    const running = simulator.enqueue(
      { mix: 'inquiry.created' },
      { queue, count: 5_000, onProgress: (enqueued) => enqueued === 4_000 && redis.stall() },
    );
    const error = await running.then(
      () => undefined,
      (thrown: unknown) => thrown as EnqueueError,
    );
    expect(error).toBeInstanceOf(EnqueueError);
    expect(error).toMatchObject({ enqueued: 4_000, unknown: 200, notEnqueued: 800 });
    expect(error?.message).toMatch(
      /did not come back within 6 s; 4000 deliveries in the queue, up to 200 more may be, 800 not$/,
    );
    await queue.close();
    redis.wake();
  });

  test('does not keep an interrupted enqueuer waiting', async () => {
    await using redis = await redisServer();
    const queue = await openDeliveryQueue({ url: redis.url });
    redis.stall();
    const adding = queue.addBulk([delivery(URL_AWAY)], AbortSignal.abort());
    await expect(adding).rejects.toThrow(
      'interrupted; 0 deliveries in the queue, up to 1 more may be, 0 not',
    );
    await queue.close();
    redis.wake();
  });

  test('is noticed when it was restarted empty', async () => {
    const redis = await redisServer();
    const queue = await openDeliveryQueue({ url: redis.url });
    await queue.addBulk([delivery(URL_AWAY, { dueMs: 3_600_000 })]);
    await queue.close();
    const { promise: lost, resolve: onLost } = deferred();
    const working = work(redis.url, {
      untilEmpty: true,
      onLost: () => onLost(undefined),
      onReady: () => void redis.stop(),
    });
    working.catch(() => undefined);
    await lost;
    const again = await redisServer({ port: redis.port });
    await expect(working).rejects.toThrow(/was restarted and has lost what was in the queue$/);
    await expect(working).rejects.toBeInstanceOf(RedisError);
    await again[Symbol.asyncDispose]();
    await redis[Symbol.asyncDispose]();
  });

  test('a foreign job is set aside once, and the other deliveries are made', async () => {
    await using redis = await redisServer();
    await using receiver = await httpServer((_, response) => response.end());
    const foreign = new Queue('deliveries', { prefix: 'hookcast', connection: { url: redis.url } });
    const strange = { ...delivery(receiver.url.href), url: 'http://[' };
    await foreign.add('x', strange, { jobId: 'strange', attempts: 9 });
    await foreign.close();
    const queue = await openDeliveryQueue({ url: redis.url });
    await queue.addBulk([delivery(receiver.url.href)]);
    await queue.close();
    const aside: string[] = [];
    const events = { setAside: (id: string, reason: string) => void aside.push(`${id}: ${reason}`) };
    const summary = await work(redis.url, { untilEmpty: true, events: events as WorkOptions['events'] });
    expect(summary).toEqual({ completed: 1, failed: 0, refused: 0 });
    expect(aside).toEqual(['strange: it is not a delivery of hookcast']);
  });

  test('100 attempts at a time cause no warning of Node', async () => {
    await using redis = await redisServer();
    await using receiver = await httpServer((_, response) => void setTimeout(() => response.end(), 50));
    const queue = await openDeliveryQueue({ url: redis.url });
    await queue.addBulk(Array.from({ length: 200 }, (_, id) => delivery(receiver.url.href, { id })));
    await queue.close();
    const run = await runCli([
      'worker',
      '--redis',
      redis.url,
      '--until-empty',
      '--concurrency',
      '100',
      '--quiet',
    ]);
    expect(run).toMatchObject({ code: 0, stdout: '' });
  });
});

test.each(['redis://:p%zz@127.0.0.1:6379', 'redis://u%:p@127.0.0.1', 'redis://127.0.0.1/%'])(
  'a bare %% in a URL is wrong usage, and the text stays out of the message',
  async (url) => {
    expect(() => maskedAddress(url)).toThrow(/^the URL of Redis has a % that begins no escape; write %25/);
    const run = await runCli(['worker', '--redis', url]);
    expect(run.code).toBe(2);
    expect(run.stderr).not.toContain('zz');
  },
);

test.each([['scenario'], ['send']])(
  '%s of many deliveries at a time causes no warning of Node',
  async (command) => {
    await using receiver = await httpServer(
      (_, response) => void setTimeout(() => response.writeHead(500).end(), 20),
    );
    const what =
      command === 'scenario'
        ? ['scenario', 'inquiry-approved', '--concurrency', '50']
        : ['send', ...Array<string>(20).fill('inquiry.approved')];
    const run = await runCli([...what, '--to', receiver.url.href, '--time-scale', 'instant', '--quiet']);
    expect(run.code).toBe(1);
  },
);

function deferred() {
  let resolve: (value: unknown) => void = () => {};
  const promise = new Promise<unknown>((done) => (resolve = done));
  return { promise, resolve };
}
