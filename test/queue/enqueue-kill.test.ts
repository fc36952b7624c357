import { expect, test } from 'vitest';
import { seededRandom } from '../../src/event/seeded-random.ts';
import { openQueueStore } from '../../src/queue/bullmq/store.ts';
import type { StoredDelivery } from '../../src/journal/delivery-store.ts';
import { killAfter, killsFor, spawnCommand, tellToll } from '../helpers/kills.ts';
import { lacksRedis, redisServer, withRedis } from '../helpers/redis-server.ts';
import { runCli } from '../helpers/run-cli.ts';
import { SEED } from '../helpers/seed.ts';
import { httpServer } from '../helpers/servers.ts';

// More of them: HOOKCAST_KILLS=100 HOOKCAST_SEED=1 npx vitest run test/queue/enqueue-kill.test.ts, or npm run kills
const KILLS = killsFor('enqueuers', 4);

const NAMES = ['inquiry.created', 'inquiry.started', 'inquiry.completed', 'inquiry.approved'];
const COMMANDS = [
  ['send', ...NAMES],
  ['scenario', 'inquiry-approved', '--time-scale', 'instant'],
  ['load', '--count', '600', '--mix', 'inquiry.approved=1'],
];

test.skipIf(lacksRedis)(
  `whoever enqueues, killed at any moment, has enqueued what it printed, and all there is delivered once${withRedis}`,
  { timeout: 300_000 + KILLS * 10_000 },
  async () => {
    const random = seededRandom(SEED);
    await using redis = await redisServer();
    /** How often each event was accepted. */
    const accepted = new Map<string, number>();
    await using receiver = await httpServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const id = /evt_\w+/.exec(Buffer.concat(chunks).toString('latin1'))?.[0] ?? '';
        accepted.set(id, (accepted.get(id) ?? 0) + 1);
        response.end();
      });
    });
    const where = ['--to', receiver.url.href, '--redis', redis.url, '--json'];
    const printed = new Set<string>();
    let kills = 0;
    for (let runs = 0; kills < KILLS && runs < 4 * KILLS; runs += 1) {
      const run = spawnCommand([...COMMANDS[runs % COMMANDS.length]!, ...where]);
      // At its first line, or somewhere before its end.
      const line = new Promise<void>((resolve) => run.child.stdout?.once('data', () => resolve()));
      const [moment, waitMs] = random.below(3) === 0 ? [line, 0] : [Promise.resolve(), random.below(700)];
      if (await killAfter(moment, run.child, waitMs)) kills += 1;
      for (const [, id] of run.printed().matchAll(/"deliveryId":"([^"]+)"/g)) printed.add(id!);
    }
    expect(kills).toBe(KILLS);

    const worker = ['worker', '--redis', redis.url, '--until-empty', '--concurrency', '20', '--quiet'];
    expect(await runCli(worker)).toMatchObject({ code: 0, stdout: '' });
    const store = await openQueueStore(redis.url);
    const stored = new Map<string, StoredDelivery['state']>();
    const events: string[] = [];
    for await (const { id, eventId, state } of store.list()) {
      stored.set(id, state);
      events.push(eventId);
    }
    await store.close();
    const toll = {
      lost: [
        ...[...printed].filter((id) => !stored.has(id)),
        ...[...stored].filter(([, state]) => state !== 'completed').map(([id]) => id),
        ...events.filter((eventId) => !accepted.has(eventId)),
      ],
      twice: [...accepted].filter(([, count]) => count > 1).map(([eventId]) => eventId),
    };
    tellToll('enqueuers', { ...toll, kills, deliveries: stored.size });
    expect(toll).toEqual({ lost: [], twice: [] });
    expect(new Set(events).size).toBe(events.length);
    expect(stored.size).toBeGreaterThan(0);
  },
);
