import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { diskFiles, bundledFixtures } from '../../src/fixture/files.ts';
import { openJournalStore } from '../../src/journal/sqlite/journal-store.ts';
import { openDatabase } from '../../src/journal/sqlite/driver/choose.ts';
import type { Database } from '../../src/journal/sqlite/driver/driver.ts';
import { GroupCommit } from '../../src/journal/sqlite/group-commit.ts';
import { recordWebhook } from '../../src/journal/webhook-record.ts';
import { configureWebhook } from '../../src/webhook/configure.ts';
import { openJournal } from '../../src/journal/sqlite/open-journal.ts';
import { setDurability } from '../../src/journal/sqlite/write-rows.ts';
import type { StoredDelivery } from '../../src/journal/delivery-store.ts';
import { DEFAULT_POLICY } from '../../src/persona/policies.ts';
import { resumeJournal } from '../../src/simulator/resume.ts';
import { createSimulator } from '../../src/simulator/simulator.ts';
import { askJournal } from '../helpers/ask-journal.ts';
import { numberedEvents } from '../helpers/load.ts';
import { runCli } from '../helpers/run-cli.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

interface Received {
  /** The port that the connection came from. */
  readonly from: number;
  readonly eventId: string;
  readonly sha256: string;
  readonly attempt: number;
  /** Seconds since the first attempt, as the headers tell. */
  readonly elapsed: number;
}

/** Answers with what `react` says to the n-th request of all, and keeps what came. */
async function receiver(react: (nth: number, request: Received) => number | Promise<number>) {
  const received: Received[] = [];
  const read = async (request: IncomingMessage): Promise<Received> => {
    const body = await buffer(request);
    return {
      from: request.socket.remotePort ?? 0,
      eventId: /evt_\w+/.exec(body.toString())?.[0] ?? '',
      sha256: sha256Of(body),
      attempt: Number(request.headers['persona-webhook-attempts-made']),
      elapsed:
        Number(/t=(\d+)/.exec(String(request.headers['persona-signature']))?.[1]) -
        Number(request.headers['persona-webhook-first-attempted-at']),
    };
  };
  const server = createServer((request, response) => {
    void read(request).then(async (one) => {
      response.statusCode = await react(received.push(one), one);
      response.end();
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    received,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function sha256Of(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function all(path: string): Promise<StoredDelivery[]> {
  const store = openJournalStore(path);
  const found: StoredDelivery[] = [];
  for await (const { id } of store.list()) found.push((await store.find(id))!);
  await store.close();
  return found;
}

const EVENTS = { mix: 'inquiry-session.*' };

test('each delivery of a load run is kept, with its bytes and the history of its retries', async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/j.db`;
  await using hook = await receiver((_, { attempt, eventId }) =>
    attempt === 1 && /[a-m]$/.test(eventId) ? 500 : 200,
  );
  const journal = openJournal(path, { durability: 'normal' });
  const simulator = createSimulator({ webhook: { url: hook.url }, journal, seed: 1, timeScale: 1e6 });
  const result = await simulator.emit(EVENTS, { count: 100, concurrency: 8, forged: 0.1 });
  expect(journal.pendingCount()).toBe(0);
  journal.close();
  const deliveries = await all(path);
  expect(deliveries).toHaveLength(result.events);
  expect(result.retries).toBeGreaterThan(0);
  for (const { eventId, state, body, attempts } of deliveries) {
    const requests = hook.received.filter((one) => one.eventId === eventId);
    expect(state).toBe('completed');
    expect(attempts.map(({ attempt, outcome }) => [attempt, outcome?.kind])).toEqual(
      /[a-m]$/.test(eventId)
        ? [
            [1, 'rejected'],
            [2, 'accepted'],
          ]
        : [[1, 'accepted']],
    );
    expect(new Set(requests.map(({ sha256 }) => sha256))).toEqual(new Set([sha256Of(body)]));
  }
});

function overviewOf(path: string): string[][] {
  const database = openDatabase(path);
  const sql = 'SELECT event_id, event_name, url, state FROM delivery_overview ORDER BY id';
  const rows = database.prepareRaw(sql).all() as string[][];
  database.close();
  return rows;
}

test('SQLite views show all deliveries and attempts, including those under way', async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/j.db`;
  const ids: string[] = [];
  let seen: string[][] = [];
  await using hook = await receiver(async (nth, { eventId }) => {
    ids.push(eventId);
    // An outcome is on disk some milliseconds later at most.
    if (nth === 5) {
      const fourth = () => (seen = overviewOf(path))[3]?.[3];
      await expect.poll(fourth).toBe('completed');
    }
    return nth === 3 ? 500 : 200;
  });
  const journal = openJournal(path);
  const policy = { ...DEFAULT_POLICY, timeoutMs: 120_000 };
  const simulator = createSimulator({ webhook: { url: hook.url }, policy, journal, seed: 1, timeScale: 1 });
  await simulator.emit({ mix: 'inquiry.approved' }, { count: 5, concurrency: 1, drain: false });
  journal.close();
  const states = ['completed', 'completed', 'pending', 'completed', 'pending'];
  expect(seen).toEqual(states.map((state, index) => [ids[index], 'inquiry.approved', hook.url, state]));
  const database = openDatabase(path);
  const sql = 'SELECT attempt, outcome, status FROM attempt_overview ORDER BY delivery_id';
  expect(database.prepareRaw(sql).all()).toEqual(
    [200, 200, 500, 200, 200].map((status) => [1, status === 200 ? 'accepted' : 'rejected', status]),
  );
  database.close();
});

test('deliveries that wait at Ctrl-C continue with the same bytes, the next number and the elapsed time', async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/j.db`;
  const stop = new AbortController();
  let isUp = false;
  await using hook = await receiver((nth) => {
    if (nth === 20) stop.abort();
    return isUp ? 200 : 500;
  });
  const journal = openJournal(path, { durability: 'normal' });
  const simulator = createSimulator({ webhook: { url: hook.url }, journal, seed: 1 });
  const result = await simulator.emit(EVENTS, { count: 100, concurrency: 4, signal: stop.signal });
  expect(result.isInterrupted).toBe(true);
  const before = [...hook.received];
  expect(journal.pendingCount()).toBe(before.length);
  isUp = true;
  await resumeJournal({ journal, timeScale: Infinity });
  expect(journal.pendingCount()).toBe(0);
  journal.close();
  for (const first of before) {
    const { eventId, sha256 } = first;
    const [, again] = hook.received.filter((one) => one.eventId === eventId);
    expect(again).toMatchObject({ eventId, sha256, attempt: 2 });
    // Three, and the fractions of seconds that both times leave out.
    expect([3, 4]).toContain(again?.elapsed);
  }
});

test('the backlog of an outage is written to disk before it is due', async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/j.db`;
  const stop = new AbortController();
  await using hook = await receiver(() => 200);
  const journal = openJournal(path, { durability: 'normal' });
  const simulator = createSimulator({ webhook: { url: hook.url }, journal, seed: 1 });
  await simulator.emit(EVENTS, {
    outageMs: 3_600_000,
    ratePerSecond: 0.01,
    signal: stop.signal,
    onStart: () => stop.abort(),
  });
  const pending = journal.pendingCount();
  expect(pending).toBe(36);
  await resumeJournal({ journal, timeScale: Infinity });
  journal.close();
  expect(hook.received).toHaveLength(pending);
  const attempts = hook.received.map(({ attempt }) => attempt);
  expect([Math.min(...attempts), Math.max(...attempts)]).toEqual([4, 5]);
});

test('resume sends deliveries of a load run over at most `concurrency` connections', async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/j.db`;
  await using hook = await receiver((_, { attempt }) => (attempt === 1 ? 500 : attempt === 2 ? 302 : 200));
  const journal = openJournal(path, { durability: 'normal' });
  const simulator = createSimulator({ webhook: { url: hook.url }, journal, seed: 1 });
  await simulator.emit(EVENTS, { count: 120, concurrency: 8, drain: false });
  journal.close();
  const first = hook.received.splice(0);
  const run = await runCli(['resume', '--journal', path, '--concurrency', '4', '--time-scale', '1h=1ms']);
  expect([run.code, run.stdout.trimEnd().split('\n').at(-1)]).toEqual([0, '120 completed']);
  expect(new Set(hook.received.map(({ from }) => from)).size).toBeLessThanOrEqual(4);
  const sent = (attempt: number) =>
    hook.received
      .filter((one) => one.attempt === attempt)
      .map(({ eventId, sha256 }) => `${eventId} ${sha256}`)
      .sort();
  const ofFirst = first.map(({ eventId, sha256 }) => `${eventId} ${sha256}`).sort();
  expect([sent(2), sent(3)]).toEqual([ofFirst, ofFirst]);
  const stories = (await all(path)).map(({ state, attempts }) => [
    state,
    ...attempts.map(({ outcome }) => outcome?.kind),
  ]);
  expect(stories).toEqual(
    Array.from({ length: 120 }, () => ['completed', 'rejected', 'rejected', 'accepted']),
  );
});

test('resume waits for the disk only for deliveries with a stored body', async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/j.db`;
  const synchronous = (database: Database) =>
    (database.prepareRaw('PRAGMA synchronous').get() as [number])[0];
  openJournal(path).close();
  const database = openDatabase(path);
  database.pragma('foreign_keys = OFF');
  const [NORMAL, FULL] = [1, 2];
  setDurability(database, 'auto');
  expect(synchronous(database)).toBe(NORMAL);
  const insert = `INSERT INTO deliveries (event_id, event_name, webhook_id, run_id, state, attempts_total, created_at_ms)`;
  database.exec(`${insert} VALUES ('evt_1', 'a.b', 1, 1, 'pending', 9, 0)`);
  setDurability(database, 'auto');
  expect(synchronous(database)).toBe(NORMAL);
  const group = new GroupCommit(path, database);
  group.syncFromNext();
  group.write(() => database.exec(`${insert} VALUES ('evt_2', 'a.b', 1, NULL, 'pending', 9, 0)`));
  await group.commit();
  expect(synchronous(database)).toBe(FULL);
  setDurability(database, 'normal');
  setDurability(database, 'auto');
  expect(synchronous(database)).toBe(FULL);
  database.close();
});

/** A journal with a load run under way. */
function journalOfLoad(path: string) {
  const journal = openJournal(path);
  const { endpoint } = configureWebhook({ url: 'http://127.0.0.1:1/hook' });
  const how = { policy: DEFAULT_POLICY, salt: journal.salt, source: { from: 'flag' } } as const;
  const webhook = journal.addWebhook(recordWebhook(endpoint, how));
  const ledger = journal.startLoad({ webhook, attemptsTotal: 9, recipe: '{}' });
  return { journal, endpoint, webhook, ledger };
}

test('rows that are written together are read before they are, each with what follows from it', async () => {
  await using folder = await temporaryFolder();
  const { journal, webhook, ledger } = journalOfLoad(`${folder.path}/j.db`);
  const event = { eventName: 'inquiry.approved', happenedAtMs: 1, startedAtMs: 2 };
  const ids = Array.from({ length: 40 }, (_, eventNumber) =>
    ledger.begin({ ...event, eventId: `evt_${eventNumber}`, eventNumber }),
  );
  expect(journal.pendingCount()).toBe(40);
  for (const id of ids.slice(0, 20)) ledger.complete(id, { startedAtMs: 3, totalMs: 1, status: 200 });
  ledger.withdraw(ids[39] ?? 0);
  expect(journal.pendingOf([webhook])).toEqual(ids.slice(0, 39));
  ledger.end();
  expect(journal.pendingOf([webhook])).toEqual(ids.slice(20, 39));
  journal.close();
});

test('pending deliveries are the same whether they are read one by one or many at a time', async () => {
  await using folder = await temporaryFolder();
  const { journal, endpoint, webhook, ledger } = journalOfLoad(`${folder.path}/j.db`);
  const times = { happenedAtMs: 1_795_957_807_638, startedAtMs: 1_795_957_807_638.4226 };
  const names = ['inquiry.approved', 'inquiry.approved', 'größe.山', '', 'inquiry.expired'];
  const [underWay = 0, waiting = 0, ...others] = names.map((eventName, eventNumber) =>
    ledger.begin({ ...times, eventName, eventId: `evt_é${eventNumber}`, eventNumber }),
  );
  const wait = { delayMs: 66_000.5, sinceMs: times.startedAtMs + 0.1, timeScale: 3 };
  const place = { attemptsMade: 2, firstAtMs: times.startedAtMs, dueAtMs: wait.sinceMs + 1, wait };
  journal.waits(waiting, place);
  const position = { attempt: 1, attemptsLeft: 8, nowMs: 5.25, simulatedElapsedMs: 0, simulatedAtMs: 6 };
  const request = { url: endpoint.url, headers: {}, body: Buffer.alloc(0) };
  const skipped = { skippedMs: 0.1, skippedBeforeMs: -1 / 3 };
  journal.attemptBegins({ delivery: underWay, webhook, position, request, ...skipped });
  journal.settle(others.pop() ?? 0, 'failed', times.startedAtMs);
  const single = { eventId: 'evt_s', eventName: 'a.b', webhook, body: Buffer.from('{}') };
  const kept = journal.addDelivery({ ...single, createdAtMs: 1, dueAtMs: 1 });
  const loads = [
    underWay,
    waiting,
    ...others,
    ledger.add({ ...times, eventName: 'a.b', eventId: '', eventNumber: 9 }, 7),
  ];
  const oneByOne = new Map(loads.map((id) => [id, journal.pending(id)]));
  expect(journal.pendingLoads([...loads, kept, 99])).toStrictEqual(oneByOne);
  expect(oneByOne.get(waiting)).toMatchObject({
    ...{ attemptsMade: 2, firstAttemptAtMs: times.startedAtMs },
    wait: { delayMs: wait.delayMs, sinceMs: wait.sinceMs },
    recipe: { run: 1, event: 1, atMs: times.happenedAtMs },
  });
  expect(oneByOne.get(underWay)).toMatchObject({ ...skipped, wait: undefined });
  journal.close();
});

test('resend makes a new delivery, even when the first attempt was accepted', async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/j.db`;
  await using hook = await receiver(() => 200);
  const journal = openJournal(path);
  const simulator = createSimulator({ webhook: { url: hook.url }, journal, seed: 1 });
  await simulator.emit(EVENTS, { count: 3 });
  journal.carryOut({ kind: 'resend', deliveries: [2] });
  await resumeJournal({ journal });
  journal.close();
  const deliveries = await all(path);
  expect(deliveries.map(({ id, state }) => [id, state])).toEqual(
    ['d1', 'd2', 'd3', 'd4'].map((id) => [id, 'completed']),
  );
  expect(deliveries[3]?.body).toEqual(deliveries[1]?.body);
  expect(hook.received[3]?.eventId).toBe(deliveries[1]?.eventId);
});

test('events that were recorded ahead and never sent leave no trace', async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/j.db`;
  const stop = new AbortController();
  await using hook = await receiver((nth) => {
    if (nth === 20) stop.abort();
    return 200;
  });
  const journal = openJournal(path);
  const simulator = createSimulator({ webhook: { url: hook.url }, journal, seed: 1 });
  const plan = { count: 100, concurrency: 4, duplicates: 0.3, forged: 0.2, signal: stop.signal };
  const result = await simulator.emit(EVENTS, plan);
  journal.close();
  const kept = await all(path);
  expect(result.isInterrupted).toBe(true);
  expect(kept.map(({ state }) => state)).toEqual(kept.map(() => 'completed'));
  // Forgeries are not deliveries.
  expect(kept).toHaveLength(hook.received.length - result.forged.sent);
  expect(kept).toHaveLength(result.events + result.duplicates);
  expect(result.deliveries).toMatchObject({ completed: kept.length, waiting: 0 });
});

test('a disabled webhook gets no more events, and its pending deliveries fail', async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/j.db`;
  await using hook = await receiver((nth) => {
    if (nth === 10) simulator.disable();
    return 500;
  });
  const journal = openJournal(path);
  const simulator = createSimulator({ webhook: { url: hook.url }, journal, seed: 1 });
  const { deliveries } = await simulator.emit(EVENTS, { count: 1_000, concurrency: 3 });
  journal.close();
  expect(hook.received.length).toBeLessThanOrEqual(12);
  expect(deliveries).toMatchObject({ failed: hook.received.length, waiting: 0 });
  expect((await all(path)).map(({ state }) => state)).toEqual(hook.received.map(() => 'failed'));
});

test('another process can disable the webhook', async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/j.db`;
  await using hook = await receiver(async (nth) => {
    if (nth === 5) await askJournal(path, 'disable', [[1]]);
    return nth < 5 ? 500 : 200;
  });
  const journal = openJournal(path);
  const simulator = createSimulator({ webhook: { url: hook.url }, journal, seed: 1 });
  const plan = { ratePerSecond: 100, durationMs: 60_000, concurrency: 1 };
  const { deliveries } = await simulator.emit(EVENTS, plan);
  journal.close();
  expect(deliveries).toMatchObject({ failed: 4, waiting: 0 });
  expect(deliveries.completed).toBe(hook.received.length - 4);
});

test('a run does not wait for a delivery that another process cancels', async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/j.db`;
  await using hook = await receiver(async (nth) => {
    if (nth === 3) await askJournal(path, 'cancel', [[1, 2, 3]]);
    return 500;
  });
  const journal = openJournal(path);
  const simulator = createSimulator({ webhook: { url: hook.url }, journal, seed: 1, timeScale: 0.01 });
  const { deliveries } = await simulator.emit(EVENTS, { count: 3, concurrency: 1 });
  journal.close();
  expect(deliveries).toMatchObject({ cancelled: 3, waiting: 0 });
  expect((await all(path)).map(({ state }) => state)).toEqual(['cancelled', 'cancelled', 'cancelled']);
});

test('nothing is sent after the journal cannot be written, and the report says what was done', async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/j.db`;
  await using hook = await receiver(async (nth) => {
    if (nth === 10) await rm(path);
    return 200;
  });
  const { code, stdout, stderr } = await runCli(
    ['load', '--to', hook.url, '--count', '1000', '--concurrency', '1', '--journal', path].concat(
      '--seed',
      '1',
    ),
  );
  expect(code).toBe(3);
  const count = (pattern: RegExp) => Number(pattern.exec(stdout)?.[1] ?? 0);
  const [events, completed, waiting] = [/events +(\d+)/, /(\d+) completed/, /(\d+) waiting/].map(count);
  expect(stdout).toMatch(/^Stopped with work left\n/);
  expect(events).toBe(completed! + waiting!);
  // Twenty for each connection are written down ahead at most.
  expect(events).toBeGreaterThanOrEqual(10);
  expect(events).toBeLessThanOrEqual(30);
  expect(hook.received.length).toBeLessThanOrEqual(events!);
  expect(stderr).toContain(`${path}: the file was removed`);
});

test('deliveries stay pending when the fixtures have changed, since their bytes would differ', async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/j.db`;
  await using hook = await receiver(() => 500);
  const journal = openJournal(path);
  const simulator = createSimulator({ webhook: { url: hook.url }, journal, seed: 1 });
  await simulator.emit({ mix: 'inquiry.approved' }, { count: 2, drain: false });
  const library = bundledFixtures();
  const files = {
    read: async (file: string) =>
      Buffer.from((await diskFiles.read(file)).toString().replaceAll('"approved"', '"passed"')),
  };
  const skipped: string[] = [];
  const onSkipped = (id: number, reason: string) => skipped.push(`d${id}: ${reason}`);
  await resumeJournal({ journal, fixtures: { ...library, files }, onSkipped, timeScale: Infinity });
  expect(skipped).toHaveLength(2);
  expect(skipped[0]).toBe(
    'd1: its body cannot be rendered again: fixtures have changed since its load run; use the version of hookcast and the files it was made with',
  );
  expect([journal.pendingCount(), hook.received.length]).toEqual([2, 2]);
  journal.close();
});

test('an event source in code is refused, since the journal could not re-create its bodies', async () => {
  await using folder = await temporaryFolder();
  const journal = openJournal(`${folder.path}/j.db`);
  const simulator = createSimulator({ webhook: { url: 'http://127.0.0.1:1/' }, journal });
  await expect(simulator.emit(numberedEvents(1), { count: 1 })).rejects.toThrow('use a mix or a scenario');
  journal.close();
});

test('the journal of a load run holds neither secrets nor headers', async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/j.db`;
  await using hook = await receiver(() => 200);
  const journal = openJournal(path);
  const secret = 'wbhsec_11111111-2222-4333-8444-555555555555';
  const webhook = { url: hook.url, secret, 'custom-http-headers': { Authorization: 'Bearer letmein' } };
  await createSimulator({ webhook, journal }).emit(EVENTS, { count: 3 });
  journal.close();
  const file = (await readFile(path)).toString('latin1');
  expect(file).not.toContain('55555555');
  expect(file).not.toContain('letmein');
});

test.each([
  [
    'v1',
    [
      ['d1', 'completed', 1],
      ['d2', 'pending', 1],
    ],
  ],
  [
    'v2',
    [
      ['d1', 'completed', 1],
      ['d2', 'completed', 1],
      ['d3', 'completed', 1],
      ['d4', 'pending', 1],
      ['d5', 'completed', 1],
      ['d6', 'completed', 1],
      ['d7', 'pending', 1],
    ],
  ],
])(
  'a journal of format %s can be read as it is, and is brought up to date by a run',
  async (version, before) => {
    await using folder = await temporaryFolder();
    const path = `${folder.path}/j.db`;
    const old = gunzipSync(await readFile(new URL(`../vectors/journal-${version}.db.gz`, import.meta.url)));
    await writeFile(path, old);
    const states = (deliveries: StoredDelivery[]) =>
      deliveries.map(({ id, state, attempts }) => [id, state, attempts.length]);
    const asItWas = await all(path);
    expect(states(asItWas)).toEqual(before);
    expect(await readFile(path)).toEqual(old);
    await using hook = await receiver(() => 200);
    const journal = openJournal(path);
    await createSimulator({ webhook: { url: hook.url }, journal }).emit(EVENTS, { count: 1 });
    journal.close();
    const now = await all(path);
    expect(now.slice(0, -1)).toEqual(asItWas);
    expect(states(now).at(-1)).toEqual([`d${before.length + 1}`, 'completed', 1]);
  },
);
