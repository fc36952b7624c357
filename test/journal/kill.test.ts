import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';
import { expect, test } from 'vitest';
import { openJournalStore } from '../../src/adapters/journal/journal-store.ts';
import { openJournal } from '../../src/adapters/journal/sqlite-journal.ts';
import { newSeed, seededRandom } from '../../src/adapters/seeded-random.ts';
import type { StoredDelivery } from '../../src/journal/delivery-store.ts';
import { recordWebhook } from '../../src/journal/webhook-record.ts';
import { DEFAULT_POLICY } from '../../src/persona/policies.ts';
import { DEVELOPMENT_SECRET, Secret } from '../../src/signing/secret.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

// More of both: HOOKCAST_KILLS=500 HOOKCAST_KILL_SEED=1 npx vitest run test/journal/kill.test.ts
const KILLS = Number(process.env['HOOKCAST_KILLS'] ?? 15);
const DELIVERIES = 20 * KILLS;
/** On a busy machine fewer kills have to do. */
const LONGEST_MS = KILLS * 700;

/** One file that starts fast: it starts often. */
async function bundledChild(folder: string): Promise<string> {
  const outfile = `${folder}/child.cjs`;
  const libsql = createRequire(import.meta.url).resolve('libsql');
  await build({
    input: fileURLToPath(new URL('../helpers/resume-child.ts', import.meta.url)),
    platform: 'node',
    resolve: { alias: { libsql } },
    external: [libsql],
    output: { file: outfile, format: 'cjs', minify: true, codeSplitting: false },
    logLevel: 'warn',
  });
  return outfile;
}

interface Seen {
  readonly attempt: number;
  readonly body: string;
  /** The receiver has accepted, and its answer has left. */
  isConfirmed: boolean;
}

const bodyOf = (eventId: string) => `{"data":{"id":"${eventId}","amount":100.0}}`;

test(
  'whenever it is killed, nothing is lost, skipped, settled twice or changed',
  { timeout: 20_000 + KILLS * 1_500 },
  async () => {
    const seed = Number(process.env['HOOKCAST_KILL_SEED'] ?? newSeed());
    const random = seededRandom(seed);
    console.log(`kill test: seed ${seed}, ${KILLS} kills`); // eslint-disable-line no-console -- to repeat a failure
    await using folder = await temporaryFolder();
    const path = `${folder.path}/kill.db`;
    const childPath = await bundledChild(folder.path);
    const seen = new Map<string, Seen[]>();
    let onRequest: () => void = () => undefined;

    const answer = async (request: IncomingMessage, response: ServerResponse) => {
      onRequest();
      const body = (await buffer(request)).toString('utf8');
      const id = /evt_\d+/.exec(body)?.[0] ?? '';
      const one: Seen = {
        attempt: Number(request.headers['persona-webhook-attempts-made']),
        body,
        isConfirmed: false,
      };
      seen.set(id, [...(seen.get(id) ?? []), one]);
      const chance = random.below(10);
      if (chance === 0) {
        request.socket.destroy();
        return;
      }
      response.statusCode = chance < 5 ? 200 : 500;
      response.end('answer', () => {
        one.isConfirmed = response.statusCode === 200;
      });
    };
    const server = createServer((request, response) => void answer(request, response).catch(() => undefined));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);

    const journal = openJournal(path);
    const endpoint = { url, secrets: [{ secret: new Secret(DEVELOPMENT_SECRET) }] };
    const source = { from: 'development' } as const;
    const webhook = journal.addWebhook(
      recordWebhook(endpoint, { policy: DEFAULT_POLICY, salt: journal.salt, source }),
    );
    for (let n = 1; n <= DELIVERIES; n += 1) {
      const eventId = `evt_${n}`;
      const body = Buffer.from(bodyOf(eventId));
      const nowMs = Date.now();
      journal.addDelivery({
        eventId,
        eventName: 'inquiry.approved',
        webhook,
        body,
        createdAtMs: nowMs,
        dueAtMs: nowMs,
      });
    }
    await journal.commit();
    journal.close();

    const start = (): ChildProcess =>
      spawn(process.execPath, [childPath, path], { stdio: ['ignore', 'ignore', 'inherit'] });
    let kills = 0;
    const startedMs = performance.now();
    while (kills < KILLS && performance.now() - startedMs < LONGEST_MS) {
      const child = start();
      const ended = once(child, 'exit');
      await Promise.race([new Promise<void>((resolve) => (onRequest = resolve)), ended]);
      const waitMs = random.below(40);
      await Promise.race([new Promise((resolve) => setTimeout(resolve, waitMs)), ended]);
      child.kill('SIGKILL');
      const [, signal] = (await ended) as [number | null, string | null];
      if (signal !== 'SIGKILL') break; // All settled: there is nothing more to kill.
      kills += 1;
    }
    const [code] = (await once(start(), 'exit')) as [number];
    expect(code).toBe(0);
    expect(kills).toBeGreaterThan(0);

    const store = openJournalStore(path);
    let count = 0;
    for await (const { id } of store.list()) {
      count += 1;
      const delivery = await store.find(id);
      check(delivery!, seen.get(delivery!.eventId) ?? []);
    }
    expect(count).toBe(DELIVERIES);
    expect(store.unreadable).toBe(0);
    await store.close();
    server.closeAllConnections();
    server.close();
  },
);

function check({ id, eventId, state, attempts, body }: StoredDelivery, seen: readonly Seen[]): void {
  const known = attempts.filter(({ outcome }) => outcome !== undefined);
  const accepted = known.filter(({ outcome }) => outcome?.kind === 'accepted');
  const numbers = known.map(({ attempt }) => attempt);
  expect(['completed', 'failed'], id).toContain(state);
  // Each number has one known outcome, in order, with none left out.
  expect(numbers, id).toEqual(numbers.map((_, index) => index + 1));
  expect(accepted, id).toHaveLength(state === 'completed' ? 1 : 0);
  if (state === 'completed') expect(known.at(-1), id).toBe(accepted[0]);
  else expect(numbers, id).toHaveLength(9);
  // What left was written down before.
  expect(attempts.length, id).toBeGreaterThanOrEqual(seen.length);
  expect(body.toString('utf8'), id).toBe(bodyOf(eventId));
  for (const [index, one] of seen.entries()) {
    const next = seen[index + 1];
    expect(one.body, id).toBe(bodyOf(eventId));
    if (next !== undefined) expect([one.attempt, one.attempt + 1], id).toContain(next.attempt);
    // A confirmed acceptance is known, or was lost with the process and is made again under its number.
    if (one.isConfirmed && next !== undefined) expect(next.attempt, id).toBe(one.attempt);
    if (one.isConfirmed && next === undefined) expect(state, id).toBe('completed');
  }
}
