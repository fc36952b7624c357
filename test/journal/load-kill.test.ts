import { createHash } from 'node:crypto';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openJournalStore } from '../../src/journal/sqlite/journal-store.ts';
import { seededRandom } from '../../src/event/seeded-random.ts';
import type { StoredDelivery } from '../../src/journal/delivery-store.ts';
import { bundledChild, killAfter, killsFor, tellToll } from '../helpers/kills.ts';
import { SEED } from '../helpers/seed.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

// More of both: HOOKCAST_KILLS=100 HOOKCAST_SEED=1 npx vitest run test/journal/load-kill.test.ts, or npm run kills
const KILLS = killsFor('load', 6);
const FIXTURES = fileURLToPath(new URL('../../fixtures', import.meta.url));

interface Seen {
  readonly attempt: number;
  readonly sha256: string;
  /** The receiver has accepted, and its answer has left. */
  isConfirmed: boolean;
}

test(
  'a load run or its resume, killed at any moment, loses, skips or changes nothing that had begun',
  { timeout: 120_000 + KILLS * 20_000 },
  async () => {
    const random = seededRandom(SEED);
    await using folder = await temporaryFolder();
    const path = `${folder.path}/kill.db`;
    const childPath = await bundledChild('load-child.ts', folder.path);
    const seen = new Map<string, Seen[]>();
    let onRequest: () => void = () => undefined;
    const answer = async (request: IncomingMessage, response: ServerResponse) => {
      onRequest();
      const body = await buffer(request);
      const id = /evt_\w+/.exec(body.toString('latin1'))?.[0] ?? '';
      const attempt = Number(request.headers['persona-webhook-attempts-made']);
      const one = { attempt, sha256: sha256Of(body), isConfirmed: false };
      const requests = seen.get(id);
      if (requests === undefined) seen.set(id, [one]);
      else requests.push(one);
      response.statusCode = random.below(10) < 7 ? 200 : 500;
      response.end(() => {
        one.isConfirmed = response.statusCode === 200;
      });
    };
    const server = createServer((request, response) => void answer(request, response).catch(() => undefined));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

    const start = (...args: string[]): ChildProcess =>
      spawn(process.execPath, [childPath, path, FIXTURES, ...args], {
        stdio: ['ignore', 'ignore', 'inherit'],
      });
    let kills = 0;
    for (let run = 0; kills < KILLS && run < 3 * KILLS; run += 1) {
      // Two runs, then a resume.
      const child = start(...(run % 3 === 2 ? [] : [url]));
      const first = new Promise<void>((resolve) => (onRequest = resolve));
      if (await killAfter(first, child, random.below(150))) kills += 1;
    }
    const [code] = (await once(start(), 'exit')) as [number];
    expect(code).toBe(0);

    const store = openJournalStore(path);
    const known = new Map<string, StoredDelivery[]>();
    for await (const { id } of store.list()) {
      const delivery = (await store.find(id))!;
      known.set(delivery.eventId, [...(known.get(delivery.eventId) ?? []), delivery]);
    }
    expect(store.unreadable).toBe(0);
    await store.close();
    server.closeAllConnections();
    server.close();
    expect(seen.size).toBeGreaterThan(0);
    const all = [...known.values()].flat();
    const toll = {
      lost: [
        ...[...seen.keys()].filter((id) => !known.has(id)),
        ...all.filter(({ state }) => state !== 'completed' && state !== 'failed').map(({ id }) => id),
      ],
      twice: all.filter((delivery) => acceptedOf(delivery) > 1).map(({ id }) => id),
    };
    tellToll('load', { ...toll, kills, deliveries: all.length });
    expect(toll).toEqual({ lost: [], twice: [] });
    expect(kills).toBe(KILLS);
    for (const [eventId, deliveries] of known) check(deliveries, seen.get(eventId) ?? []);
  },
);

function acceptedOf({ attempts }: StoredDelivery): number {
  return attempts.filter(({ outcome }) => outcome?.kind === 'accepted').length;
}

/** Two deliveries are of an event that was sent twice on purpose. */
function check(deliveries: readonly StoredDelivery[], seen: readonly Seen[]): void {
  for (const { id, state, attempts } of deliveries) {
    const numbers = attempts.flatMap(({ attempt, outcome }) => (outcome === undefined ? [] : [attempt]));
    const accepted = attempts.filter(({ outcome }) => outcome?.kind === 'accepted');
    // Each number has one known outcome, in order, with none left out.
    expect(numbers, id).toEqual(numbers.map((_, index) => index + 1));
    expect(accepted, id).toHaveLength(state === 'completed' ? 1 : 0);
    if (state !== 'completed') expect([state, numbers.length], id).toEqual(['failed', 9]);
  }
  const [{ id, body }] = deliveries as [StoredDelivery];
  const written = deliveries.reduce((total, { attempts }) => total + attempts.length, 0);
  // What left was written down before, and is what is rendered now.
  expect(written, id).toBeGreaterThanOrEqual(seen.length);
  expect([...new Set(seen.map(({ sha256 }) => sha256))], id).toEqual(
    seen.length === 0 ? [] : [sha256Of(body)],
  );
  if (deliveries.length > 1) return;
  for (const [index, one] of seen.entries()) {
    const next = seen[index + 1];
    if (next !== undefined) expect([one.attempt, one.attempt + 1], id).toContain(next.attempt);
    // A confirmed acceptance is known, or was lost with the process and is made again under its number.
    if (one.isConfirmed && next !== undefined) expect(next.attempt, id).toBe(one.attempt);
    if (one.isConfirmed && next === undefined) expect(deliveries[0]?.state, id).toBe('completed');
  }
}

function sha256Of(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
