import { expect, test } from 'vitest';
import { openJournalStore } from '../../src/journal/sqlite/journal-store.ts';
import { openJournal } from '../../src/journal/sqlite/open-journal.ts';
import { MovableClock } from '../../src/delivery/movable-clock.ts';
import type { Journal } from '../../src/journal/journal.ts';
import { recordWebhook } from '../../src/journal/webhook-record.ts';
import { DEFAULT_POLICY } from '../../src/persona/policies.ts';
import type { Exchange, HttpRequest, HttpSender } from '../../src/ports.ts';
import { resumeJournal } from '../../src/simulator/resume.ts';
import { DEVELOPMENT_SECRET, Secret } from '../../src/signing/sign.ts';
import { createSimulator } from '../../src/simulator/simulator.ts';
import { runCli } from '../helpers/run-cli.ts';
import { httpServer } from '../helpers/servers.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { manualClock } from '../helpers/virtual-clock.ts';

const response = (status: number): Exchange => ({
  kind: 'response',
  response: { status, headers: {}, body: Buffer.alloc(0), truncated: false },
  timings: { totalMs: 1 },
});

function webhookIn(journal: Journal, secret = DEVELOPMENT_SECRET): number {
  const endpoint = { url: new URL('http://127.0.0.1:9/'), secrets: [{ secret: new Secret(secret) }] };
  const source = { from: 'flag' } as const;
  return journal.addWebhook(recordWebhook(endpoint, { policy: DEFAULT_POLICY, salt: journal.salt, source }));
}

function addTo(journal: Journal, webhook: number, n: number, dueAtMs: number): number {
  const body = Buffer.from(`{"n":${n}}`);
  return journal.addDelivery({
    eventId: `evt_${n}`,
    eventName: 'a.b',
    webhook,
    body,
    createdAtMs: 0,
    dueAtMs,
  });
}

test('resume sends overdue attempts at once, the longest overdue first, and keeps at most one body per slot', async () => {
  await using folder = await temporaryFolder();
  const journal = openJournal(`${folder.path}/j.db`, { durability: 'normal' });
  const webhook = webhookIn(journal);
  const count = 2_000;
  for (let n = 1; n <= count; n += 1) addTo(journal, webhook, n, count - n);
  await journal.commit();
  let [underWay, most] = [0, 0];
  const order: number[] = [];
  const sender: HttpSender = {
    send: async ({ body }: HttpRequest) => {
      underWay += 1;
      most = Math.max(most, underWay);
      order.push((JSON.parse(body.toString()) as { n: number }).n);
      await new Promise(setImmediate);
      underWay -= 1;
      return response(200);
    },
  };
  let loaded = 0;
  const counting: Journal = Object.create(journal, {
    broken: { get: () => journal.broken },
    salt: { value: journal.salt },
    ...Object.fromEntries(
      (
        [
          'due',
          'webhooks',
          'pendingOf',
          'commit',
          'attemptBegins',
          'attemptSettled',
          'pendingLoads',
          'reschedule',
          'limitWaits',
          'onChange',
        ] as const
      ).map((name) => [name, { value: (journal[name] as (...values: unknown[]) => unknown).bind(journal) }]),
    ),
    pending: {
      value: (id: number) => {
        loaded += 1;
        expect(loaded - order.length).toBeLessThanOrEqual(4);
        return journal.pending(id);
      },
    },
  });
  await resumeJournal({ journal: counting, sender, concurrency: 4 });
  journal.close();
  expect(order).toEqual(Array.from({ length: count }, (_, index) => count - index));
  expect([most, loaded]).toEqual([4, count]);
});

test('an interrupted wait continues, and the time of the first attempt is kept', async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/j.db`;
  const interrupt = new AbortController();
  const requests: HttpRequest[] = [];
  const sender: HttpSender = {
    send: (request) => {
      requests.push(request);
      return Promise.resolve(response(requests.length === 3 ? 200 : 500));
    },
  };
  const first = openJournal(path);
  const simulator = createSimulator({ webhook: { url: 'http://127.0.0.1:9/' }, journal: first, sender });
  const delivery = await simulator.deliver('inquiry.approved', {
    signal: interrupt.signal,
    onAttempt: () => interrupt.abort(new Error('interrupted')),
  });
  first.close();
  expect(delivery.state).toBe('cancelled');

  const again = openJournal(path);
  const clock = new MovableClock({ now: () => Date.now(), sleep: () => Promise.resolve() }, Infinity);
  const attempts: number[][] = [];
  await resumeJournal({
    journal: again,
    sender,
    simulatedClock: clock,
    onAttempt: (_, { attempt, simulatedElapsedMs }) =>
      attempts.push([attempt, Math.floor(simulatedElapsedMs / 1000)]),
  });
  again.close();
  // 3 s and 66 s of simulated time, whatever passed really.
  expect(attempts).toEqual([
    [2, 3],
    [3, 69],
  ]);
  expect(new Set(requests.map(({ body }) => body.toString())).size).toBe(1);
  const store = openJournalStore(path);
  expect(await store.find('d1')).toMatchObject({ state: 'completed', attemptsMade: 3 });
});

test('a secret that is not stored must be given again, with a warning when it differs', async () => {
  await using folder = await temporaryFolder();
  const journal = openJournal(`${folder.path}/j.db`);
  addTo(journal, webhookIn(journal, 'wbhsec_real'), 1, 0);
  await journal.commit();
  const sender: HttpSender = { send: () => Promise.resolve(response(200)) };
  const warnings: string[] = [];
  const onWarning = (warning: string) => warnings.push(warning);
  await expect(resumeJournal({ journal, sender })).rejects.toThrow('pass it again with `secrets`');
  const given = { secrets: [{ value: 'wbhsec_other', source: { from: 'flag' } as const }] };
  await resumeJournal({ journal, sender, given, onWarning });
  journal.close();
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain('not the one that the deliveries were begun with');
});

test('the gaps of a scenario continue after Ctrl-C, and count as simulated time', async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/j.db`;
  const requests: HttpRequest[] = [];
  const sender: HttpSender = {
    send: (request) => {
      requests.push(request);
      return Promise.resolve(response(200));
    },
  };
  const hour = 3_600_000;
  const realStartMs = Date.parse('2026-01-31T12:00:00Z');
  const clock = manualClock(realStartMs);
  const scenario = await folder.write(
    'story.json',
    JSON.stringify({
      description: 'Two events, ten hours apart.',
      steps: [{ event: 'inquiry.created' }, { event: 'inquiry.started', after: '10h' }],
    }),
  );
  const first = openJournal(path);
  const simulator = createSimulator({
    ...{ webhook: { url: 'http://127.0.0.1:9/' }, journal: first, sender, clock },
    timeScale: 3_600, // An hour in a second.
  });
  const interrupt = new AbortController();
  const prepared = await simulator.prepareScenario(scenario);
  const gapMs = prepared.sendings[1]!.dueMs;
  expect(gapMs).toBe(10 * hour);
  const run = simulator.runScenario(prepared, {
    signal: interrupt.signal,
    onWait: () => interrupt.abort(new Error('interrupted')),
  });
  expect((await run).map(({ state }) => state)).toEqual(['completed', 'cancelled']);
  first.close();
  const store = openJournalStore(path);
  expect(await store.find('d2')).toMatchObject({
    state: 'pending',
    attemptsMade: 0,
    nextAttemptAtMs: realStartMs + 10_000,
  });
  await store.close();

  await clock.pass(4_000);
  const again = openJournal(path);
  const simulatedClock = new MovableClock(clock, 1_800); // Half as fast.
  const times: number[][] = [];
  const resumed = resumeJournal({
    ...{ journal: again, sender, clock, simulatedClock },
    onAttempt: (_, { startedAtMs, simulatedAtMs, simulatedElapsedMs }) =>
      times.push([startedAtMs - realStartMs, simulatedAtMs - realStartMs, simulatedElapsedMs]),
  });
  await clock.pass(11_999);
  expect(times).toEqual([]);
  await clock.pass(1);
  await resumed;
  again.close();
  // Six of ten hours were left: twelve seconds.
  expect(times).toEqual([[16_000, 10 * hour, 0]]);
  const headers = requests[1]!.headers;
  expect(headers['Persona-Webhook-Attempts-Made']).toBe('1');
});

test('deliveries that may not be sent are reported at the end, and the others are sent', async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/j.db`;
  await using hook = await httpServer((request, response) => {
    request.resume();
    response.end();
  });
  const journal = openJournal(path);
  const add = (url: string, n: number) => {
    const endpoint = { url: new URL(url), secrets: [{ secret: new Secret(DEVELOPMENT_SECRET) }] };
    const source = { from: 'development' } as const;
    const how = { policy: DEFAULT_POLICY, salt: journal.salt, source };
    addTo(journal, journal.addWebhook(recordWebhook(endpoint, how)), n, 0);
  };
  add('http://203.0.113.5/', 1);
  add(hook.url.href, 2);
  await journal.commit();
  const skipped: [number, string][] = [];
  const onSkipped = (id: number, reason: string) => skipped.push([id, reason]);
  await expect(resumeJournal({ journal, onSkipped })).rejects.toMatchObject({ code: 'REMOTE_ADDRESS' });
  expect(skipped).toEqual([[1, expect.stringContaining('203.0.113.5 is not on this machine')]]);
  expect([journal.pending(1)?.attemptsMade, journal.pending(2)]).toEqual([0, undefined]);
  journal.close();
  const run = await runCli(['resume', '--journal', path]);
  expect([run.code, run.stdout]).toEqual([2, 'no deliveries were settled\n']);
});

test('a delivery to a forbidden address is not recorded', async () => {
  await using folder = await temporaryFolder();
  const journal = openJournal(`${folder.path}/j.db`);
  const simulator = createSimulator({ webhook: { url: 'http://203.0.113.5/' }, journal });
  await expect(simulator.deliver('inquiry.approved')).rejects.toMatchObject({ code: 'REMOTE_ADDRESS' });
  const event = await simulator.build('inquiry.approved');
  expect(() => simulator.takeOn([event])).toThrow('203.0.113.5');
  expect(journal.pendingCount()).toBe(0);
  journal.close();
});

test('a new delivery is on disk before its id is printed', async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/j.db`;
  const journal = openJournal(path);
  const simulator = createSimulator({ webhook: { url: 'http://127.0.0.1:9/' }, journal });
  const event = await simulator.build('inquiry.approved');
  simulator.takeOn([event]);
  const store = openJournalStore(path);
  expect((await store.find('d1'))?.eventId).toBe(event.id);
  await store.close();
  journal.close();
});

test('no wait is longer than planned after the clock is set back', async () => {
  await using folder = await temporaryFolder();
  const journal = openJournal(`${folder.path}/j.db`);
  const webhook = webhookIn(journal);
  const nowMs = Date.parse('2026-01-31T12:00:00Z');
  const anHourAheadMs = nowMs + 3_600_000;
  const wait = { delayMs: 3_000, sinceMs: anHourAheadMs, timeScale: 1 };
  const body = Buffer.from('{}');
  const event = { eventId: 'evt_1', eventName: 'a.b', webhook, body, createdAtMs: anHourAheadMs };
  journal.addDelivery({ ...event, dueAtMs: anHourAheadMs + 3_000, wait });
  journal.addDelivery({ ...event, dueAtMs: anHourAheadMs });
  await journal.commit();
  const clock = manualClock(nowMs);
  const times: [number, number, number][] = [];
  const resumed = resumeJournal({
    ...{ journal, clock, sender: { send: () => Promise.resolve(response(200)) } },
    onAttempt: ({ id }, { startedAtMs, simulatedElapsedMs }) =>
      times.push([id, startedAtMs - nowMs, simulatedElapsedMs]),
  });
  await clock.pass(3_000);
  await resumed;
  journal.close();
  expect(times).toEqual([
    [2, 0, 0],
    [1, 3_000, 0],
  ]);
});

test('a refused resend writes nothing', async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/j.db`;
  const journal = openJournal(path);
  const id = addTo(journal, webhookIn(journal, 'wbhsec_real'), 1, 0);
  journal.settle(id, 'completed', 0);
  await journal.commit();
  journal.close();
  const run = await runCli(['resend', 'd1', '--journal', path]);
  expect(run.code).toBe(2);
  expect(run.stderr).toContain('pass it again with --secret or --webhook');
  const store = openJournalStore(path);
  const ids: string[] = [];
  for await (const delivery of store.list()) ids.push(delivery.id);
  await store.close();
  expect(ids).toEqual(['d1']);
});
