import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openDeliveryQueue } from '../../src/queue/bullmq/queue.ts';
import { openQueueStore } from '../../src/queue/bullmq/store.ts';
import { seededRandom } from '../../src/event/seeded-random.ts';
import type { DeliverySummary } from '../../src/journal/delivery-store.ts';
import type { DeliveryPolicy } from '../../src/persona/policies.ts';
import { toQueued } from '../../src/queue/queued-delivery.ts';
import { DEVELOPMENT_SECRET, Secret } from '../../src/signing/sign.ts';
import { verify } from '../../src/signing/verify.ts';
import { killsFor, tellToll } from '../helpers/kills.ts';
import { lacksRedis, redisServer, withRedis } from '../helpers/redis-server.ts';
import { SEED } from '../helpers/seed.ts';
import { httpServer } from '../helpers/servers.ts';

const WORKERS = 3;
// More of them: HOOKCAST_KILLS=100 HOOKCAST_SEED=1 npx vitest run test/queue/kill.test.ts, or npm run kills
const KILLS = killsFor('workers', 5);
/** Enough that workers are busy until the last kill. */
const DELIVERIES = Math.max(48, 20 * KILLS);
const WORKER = fileURLToPath(new URL('../helpers/queue-worker.mjs', import.meta.url));
const secret = new Secret(DEVELOPMENT_SECRET);
const policy: DeliveryPolicy = {
  name: 'short',
  timeoutMs: 20_000,
  acceptedStatuses: [200],
  delaysSeconds: [0.1, 0.2, 0.3, 0.4],
  source: 'this test',
};

interface Seen {
  readonly attempt: number;
  readonly status: number;
  readonly body: Buffer;
  readonly isGenuine: boolean;
}

test.skipIf(lacksRedis)(
  `workers that are killed lose nothing${withRedis}`,
  { timeout: 600_000 + KILLS * 3_000 },
  async () => {
    const random = seededRandom(SEED);
    await using redis = await redisServer();
    const seen = new Map<string, Seen[]>();
    await using receiver = await httpServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks);
        const id = String(request.headers['x-delivery']);
        const status = random.below(10) < 5 ? 503 : 200;
        const header = String(request.headers['persona-signature']);
        seen.set(id, [
          ...(seen.get(id) ?? []),
          {
            attempt: Number(request.headers['persona-webhook-attempts-made']),
            status,
            body,
            isGenuine: verify(body, header, { secrets: [secret] }).kind === 'valid',
          },
        ]);
        setTimeout(() => response.writeHead(status).end(), random.below(400));
      });
    });

    const bodies = Array.from({ length: DELIVERIES }, (_, index) =>
      Buffer.from(`{"n":${index}.0,"t":"東京","x":"${'y'.repeat(random.below(2_000))}"}`),
    );
    const queue = await openDeliveryQueue({ url: redis.url });
    const deliveries = bodies.map((body, index) => {
      const customHeaders = { 'X-Delivery': `evt_${index}` };
      const endpoint = { url: receiver.url, secrets: [{ secret }], customHeaders };
      const job = { eventId: `evt_${index}`, eventName: 'inquiry.approved', body, endpoint };
      return toQueued(job, { policy, timeScale: 1, nowMs: Date.now() });
    });
    const ids = await queue.addBulk(deliveries);
    await queue.close();

    await using workers = new Workers(redis.url);
    for (let count = 0; count < WORKERS; count += 1) workers.start();
    for (let kills = 0; kills < KILLS; kills += 1) {
      await workers.someReady();
      await sleep(random.below(250));
      await workers.killOne(random.below(WORKERS));
      workers.start();
    }

    const store = await openQueueStore(redis.url);
    const summaries = await settled(store.list.bind(store));
    const stored = summaries.map(({ id }) => id);
    const toll = {
      lost: ids.filter((id) => !stored.includes(id)),
      twice: stored.filter((id, index) => stored.indexOf(id) !== index),
    };
    tellToll('workers', { ...toll, kills: workers.killed, deliveries: stored.length });
    expect(toll).toEqual({ lost: [], twice: [] });
    expect(stored, `HOOKCAST_SEED=${SEED}`).toEqual(ids);
    for (const { id, eventId, state, attemptsMade } of summaries) {
      const why = `HOOKCAST_SEED=${SEED} ${eventId}`;
      const requests = seen.get(eventId) ?? [];
      const numbers = [...new Set(requests.map(({ attempt }) => attempt))];
      const body = bodies[Number(eventId.slice(4))]!;
      // None skipped: each number appears first after the one before it.
      expect(numbers, why).toEqual(Array.from({ length: attemptsMade }, (_, index) => index + 1));
      expect(
        requests.every((request) => request.body.equals(body) && request.isGenuine),
        why,
      ).toBe(true);
      expect(requests.at(-1)?.status, why).toBe(state === 'completed' ? 200 : 503);
      // Accepted means completed, or made again under the same number since its worker was killed.
      for (const [index, { status, attempt }] of requests.slice(0, -1).entries()) {
        if (status === 200) expect(requests[index + 1]?.attempt, why).toBe(attempt);
      }
      if (state === 'failed') expect(attemptsMade, why).toBe(5);
      const found = await store.find(id);
      expect(found?.body.equals(body), why).toBe(true);
      expect(
        found?.attempts.map(({ attempt, outcome }) => [attempt, outcome === undefined]),
        why,
      ).toEqual(numbers.map((number) => [number, false]));
    }
    await store.close();
    expect(workers.killed).toBe(KILLS);
    // Else nothing was under way when they were killed.
    expect(workers.takenOver).toBeGreaterThan(0);
  },
);

async function settled(list: () => AsyncIterable<DeliverySummary>): Promise<DeliverySummary[]> {
  const endMs = performance.now() + 300_000;
  for (;;) {
    const summaries: DeliverySummary[] = [];
    for await (const summary of list()) summaries.push(summary);
    const pending = summaries.filter(({ state }) => state === 'pending');
    if (pending.length === 0) return summaries;
    if (performance.now() > endMs) throw new Error(`${pending.length} deliveries never settled`);
    await sleep(100);
  }
}

/** Worker processes, which may be killed at any moment. */
class Workers implements AsyncDisposable {
  readonly #url: string;
  readonly #running: ChildProcess[] = [];
  readonly #ready = new Set<ChildProcess>();
  killed = 0;
  takenOver = 0;

  constructor(url: string) {
    this.#url = url;
  }

  start(): void {
    const child = spawn(process.execPath, [WORKER, this.#url], { stdio: ['ignore', 'pipe', 'inherit'] });
    child.stdout.on('data', (chunk: Buffer) => {
      const lines = chunk.toString().split('\n');
      if (lines.includes('ready')) this.#ready.add(child);
      this.takenOver += lines.filter((line) => line === 'taken over').length;
    });
    this.#running.push(child);
  }

  async someReady(): Promise<void> {
    while (this.#ready.size === 0) await sleep(10);
  }

  async killOne(index: number): Promise<void> {
    const child = [...this.#ready][index % this.#ready.size]!;
    this.#ready.delete(child);
    this.#running.splice(this.#running.indexOf(child), 1);
    await killed(child);
    this.killed += 1;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#running.map(killed));
  }
}

function killed(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}
