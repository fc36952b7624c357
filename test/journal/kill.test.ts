import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { symlink } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { build, type RolldownOptions } from 'rolldown';
import { loadConfig } from 'rolldown/config';
import { expect, test } from 'vitest';
import { openJournalStore } from '../../src/journal/sqlite/journal-store.ts';
import { openJournal } from '../../src/journal/sqlite/sqlite-journal.ts';
import { seededRandom } from '../../src/event/seeded-random.ts';
import type { StoredDelivery } from '../../src/journal/delivery-store.ts';
import { recordWebhook } from '../../src/journal/webhook-record.ts';
import { DEFAULT_POLICY } from '../../src/persona/policies.ts';
import type { Random } from '../../src/ports.ts';
import { DEVELOPMENT_SECRET, Secret } from '../../src/signing/secret.ts';
import { runCli } from '../helpers/run-cli.ts';
import { isSample } from '../helpers/sample.ts';
import { SEED } from '../helpers/seed.ts';
import { BIN } from '../helpers/spawn-cli.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

// More of them: HOOKCAST_KILLS=500 HOOKCAST_SEED=1 npx vitest run test/journal/kill.test.ts
const KILLS = Number(process.env['HOOKCAST_KILLS'] ?? (isSample ? 3 : 15));
const DELIVERIES = 15 * KILLS;
/** On a busy machine fewer kills have to do. */
const LONGEST_MS = Math.min(KILLS * 700, 80_000);
const SENDS = isSample ? 1 : 5;

/** One file that starts fast: it starts often. */
async function bundledChild(folder: string): Promise<string> {
  const outfile = `${folder}/child.cjs`;
  // For libsql, where this Node has no SQLite of its own.
  await symlink(fileURLToPath(new URL('../../node_modules', import.meta.url)), `${folder}/node_modules`);
  const { plugins } = (await loadConfig('rolldown.config.js')) as RolldownOptions;
  await build({
    input: fileURLToPath(new URL('../helpers/resume-child.ts', import.meta.url)),
    platform: 'node',
    // As in the command: a part of undici, loaded in a third of the time.
    plugins,
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

/** Accepts, refuses or hangs up, by chance, and remembers what came. */
async function fickleReceiver(random: Random) {
  const seen = new Map<string, Seen[]>();
  let onRequest: () => void = () => undefined;
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    onRequest();
    const body = (await buffer(request)).toString('utf8');
    const id = /evt_\w+/.exec(body)?.[0] ?? '';
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
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`),
    seen,
    nextRequest: () => new Promise<void>((resolve) => (onRequest = resolve)),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

type FickleReceiver = Awaited<ReturnType<typeof fickleReceiver>>;

/** Kills a process some milliseconds after its first request; false when it had ended by then. */
async function killAtWork(child: ChildProcess, receiver: FickleReceiver, waitMs: number): Promise<boolean> {
  const ended = once(child, 'exit');
  await Promise.race([receiver.nextRequest(), ended]);
  await Promise.race([new Promise((resolve) => setTimeout(resolve, waitMs)), ended]);
  child.kill('SIGKILL');
  const [, signal] = (await ended) as [number | null, string | null];
  return signal === 'SIGKILL';
}

function newRandom(what: string): Random {
  console.log(`kill test: seed ${SEED}, ${what}`); // eslint-disable-line no-console -- to repeat a failure
  return seededRandom(SEED);
}

/** Every delivery of the journal against what arrived. @returns how many there are */
async function checkAll(path: string, { seen }: FickleReceiver): Promise<number> {
  const store = openJournalStore(path);
  const known = new Set<string>();
  for await (const { id } of store.list()) {
    const delivery = await store.find(id);
    check(delivery!, seen.get(delivery!.eventId) ?? []);
    known.add(delivery!.eventId);
  }
  expect(store.unreadable).toBe(0);
  await store.close();
  expect([...seen.keys()].filter((id) => !known.has(id))).toEqual([]);
  return known.size;
}

const bodyOf = (eventId: string) => `{"data":{"id":"${eventId}","amount":100.0}}`;

test(
  'a run killed at any moment loses, skips, settles twice or changes nothing',
  { timeout: 300_000 + LONGEST_MS },
  async () => {
    const random = newRandom(`${KILLS} kills`);
    await using folder = await temporaryFolder();
    await using receiver = await fickleReceiver(random);
    const path = `${folder.path}/kill.db`;
    const childPath = await bundledChild(folder.path);

    const journal = openJournal(path);
    const endpoint = { url: receiver.url, secrets: [{ secret: new Secret(DEVELOPMENT_SECRET) }] };
    const source = { from: 'development' } as const;
    const webhook = journal.addWebhook(
      recordWebhook(endpoint, { policy: DEFAULT_POLICY, salt: journal.salt, source }),
    );
    for (let n = 1; n <= DELIVERIES; n += 1) {
      const eventId = `evt_${n}`;
      const body = Buffer.from(bodyOf(eventId));
      const times = { createdAtMs: Date.now(), dueAtMs: Date.now() };
      journal.addDelivery({ eventId, eventName: 'inquiry.approved', webhook, body, ...times });
    }
    await journal.commit();
    journal.close();

    const start = () => spawn(process.execPath, [childPath, path], { stdio: ['pipe', 'ignore', 'inherit'] });
    let [kills, next] = [0, start()];
    const startedMs = performance.now();
    for (let isAtWork = true; isAtWork && kills < KILLS && performance.now() - startedMs < LONGEST_MS;) {
      const child = next;
      next = start();
      const killed = killAtWork(child, receiver, random.below(40));
      child.stdin.write('\n');
      isAtWork = await killed;
      if (isAtWork) kills += 1;
    }
    next.stdin.write('\n');
    const [code] = (await once(next, 'exit')) as [number];
    expect(code).toBe(0);
    expect(kills).toBeGreaterThan(0);
    const tookMs = Math.round(performance.now() - startedMs);
    console.log(`kill test: ${kills} kills of resume in ${tookMs} ms`); // eslint-disable-line no-console -- of CI
    expect(await checkAll(path, receiver)).toBe(DELIVERIES);
    const wrong = [...receiver.seen].filter(([id, seen]) => seen.some(({ body }) => body !== bodyOf(id)));
    expect(wrong).toEqual([]);
  },
);

test('resume delivers what send had accepted when it was killed', { timeout: 300_000 }, async () => {
  const random = newRandom(`${SENDS} kills of send`);
  await using folder = await temporaryFolder();
  await using receiver = await fickleReceiver(random);
  const path = `${folder.path}/kill.db`;
  const names = ['inquiry.created', 'inquiry.started', 'inquiry.completed', 'inquiry.approved'];
  const flags = ['--journal', path, '--time-scale', '1000000', '--quiet'];
  let kills = 0;
  for (let n = 0; n < SENDS; n += 1) {
    const argv = [BIN, 'send', ...names, '--to', receiver.url.href, ...flags];
    const child = spawn(process.execPath, argv, { stdio: 'ignore' });
    if (await killAtWork(child, receiver, random.below(25))) kills += 1;
  }
  expect(kills).toBeGreaterThan(0);
  const { stderr } = await runCli(['resume', ...flags]);
  expect(stderr).toBe('');
  // All of a run are taken on before the first one leaves.
  expect(await checkAll(path, receiver)).toBe(SENDS * names.length);
});

function check({ id, state, attempts, body }: StoredDelivery, seen: readonly Seen[]): void {
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
  for (const [index, one] of seen.entries()) {
    const next = seen[index + 1];
    expect(one.body, id).toBe(body.toString('utf8'));
    if (next !== undefined) expect([one.attempt, one.attempt + 1], id).toContain(next.attempt);
    // A confirmed acceptance is known, or was lost with the process and is made again under its number.
    if (one.isConfirmed && next !== undefined) expect(next.attempt, id).toBe(one.attempt);
    if (one.isConfirmed && next === undefined) expect(state, id).toBe('completed');
  }
}
