import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { openDeliveryQueue } from '../../src/queue/bullmq/queue.ts';
import { openJournal } from '../../src/journal/sqlite/open-journal.ts';
import { DEFAULT_POLICY } from '../../src/persona/policies.ts';
import type { HttpSender } from '../../src/ports.ts';
import { toQueued } from '../../src/queue/queued-delivery.ts';
import { startReceiver } from '../../src/receiver/start-receiver.ts';
import { DEVELOPMENT_SECRET, Secret } from '../../src/signing/sign.ts';
import { createSimulator } from '../../src/simulator/simulator.ts';
import { lacksRedis, redisServer, withRedis } from '../helpers/redis-server.ts';
import { runCli, stable } from '../helpers/run-cli.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

/** Two deliveries: one accepted at once, one at the second attempt. */
async function makeJournal(path: string): Promise<string> {
  const journal = openJournal(path);
  let count = 0;
  const sender: HttpSender = {
    send: () =>
      Promise.resolve({
        kind: 'response',
        response: {
          status: ++count === 2 ? 500 : 200,
          headers: {},
          body: Buffer.from('ok'),
          truncated: false,
        },
        timings: { totalMs: 1 },
      }),
  };
  const webhook = { url: 'http://127.0.0.1:9/hook' };
  const simulator = createSimulator({ webhook, journal, sender, seed: 1, timeScale: Infinity });
  for (const name of ['inquiry.created', 'inquiry.approved']) await simulator.deliver(name);
  journal.close();
  return path;
}

const rows = (text: string) => text.replace(/evt_\w{24}/g, 'evt_ID');
const parsed = (ndjson: string) =>
  ndjson
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('a journal', () => {
  test.each([
    ['by its flag', (path: string) => [['--journal', path], {}] as const],
    ['by the environment', (path: string) => [[], { HOOKCAST_JOURNAL: path }] as const],
  ])('named %s is listed, shown and exported', async (_, named) => {
    await using folder = await temporaryFolder();
    const [flags, env] = named(await makeJournal(`${folder.path}/j.db`));
    const run = (...argv: string[]) => runCli([...argv, ...flags], { env });
    expect(rows((await run('deliveries')).stdout)).toMatchInlineSnapshot(`
      "id  state      tries  next  event             event id
      d1  completed  1/9    -     inquiry.created   evt_ID
      d2  completed  2/9    -     inquiry.approved  evt_ID
      "
    `);
    expect(JSON.parse((await run('delivery', '2', '--json')).stdout)).toMatchObject({
      id: 'd2',
      attempts: [{ outcome: { status: 500 } }, { outcome: { status: 200 } }],
    });
    const exported = await run('export');
    expect(parsed(exported.stdout).map(({ attempt, answer }) => [attempt, answer.status])).toEqual([
      [1, 200],
      [1, 500],
      [2, 200],
    ]);
    expect((await run('export', '--only', 'inquiry.created')).stdout.split('\n')).toHaveLength(2);
  });

  test.each([
    ['as an argument', (path: string) => [path]],
    ['by its flag', (path: string) => ['--journal', path]],
  ])('is replayed %s, each delivery once and byte for byte', async (_, named) => {
    await using folder = await temporaryFolder();
    await using target = await startReceiver({ secrets: [new Secret(DEVELOPMENT_SECRET)] });
    const path = await makeJournal(`${folder.path}/j.db`);
    const run = await runCli(['replay', ...named(path), '--to', target.url, '--time-scale', 'instant']);
    expect(run.code).toBe(0);
    expect(stable(run.stderr).replace(/over \d+s/, 'over TIME')).toMatchInlineSnapshot(`
      "signing with the development secret wbhsec_00000000-dead-4000-8000-00000000beef: give it to your receiver, or pass --secret
      2 deliveries out of 3 recorded requests, over TIME
      "
    `);
    const bodies = await Promise.all(
      ['d1', 'd2'].map(async (id) => (await runCli(['delivery', id, '--journal', path, '--body'])).stdout),
    );
    expect(target.received.map(({ body }) => body.toString())).toEqual(bodies);
  });

  test('is listed in as many columns as the terminal has', async () => {
    await using folder = await temporaryFolder();
    const path = await makeJournal(`${folder.path}/j.db`);
    for (const columns of [72, 80]) {
      const run = await runCli(['deliveries', '--journal', path], { isTty: true, columns });
      const longest = Math.max(...run.stdout.split('\n').map((line) => line.length));
      expect([columns, longest]).toEqual([columns, columns === 72 ? 72 : 74]);
    }
  });

  test('that is damaged is exported as far as it can be read, with a warning', async () => {
    await using folder = await temporaryFolder();
    const path = await makeJournal(`${folder.path}/j.db`);
    const bytes = await readFile(path);
    const at = bytes.indexOf('"inquiry.approved"');
    bytes[at + 1] = 0x49; // Another letter in a body: its digest no longer fits.
    await writeFile(path, bytes);
    const run = await runCli(['export', path]);
    expect(parsed(run.stdout)).toHaveLength(1);
    expect(run.stderr.replaceAll(folder.path, 'FOLDER')).toMatchInlineSnapshot(`
      "warning: left out: FOLDER/j.db: the body of d2 is damaged or not kept
      "
    `);
  });

  test('is refused when the file has another form', async () => {
    await using folder = await temporaryFolder();
    const path = await folder.write('body.json', '{"a":1}');
    for (const argv of [['export'], ['replay', '--to', 'http://127.0.0.1:9'], ['deliveries']]) {
      const run = await runCli([...argv, '--journal', path]);
      expect(run.stderr).toBe(`error: ${path}: not a hookcast journal\n`);
      expect(run.code).toBe(2);
    }
  });
});

test.each([
  [['export'], 'no recording given: name a file or folder, --journal hookcast.db or --redis <url>'],
  [['replay'], 'no recording given: name a file or folder, --journal hookcast.db or --redis <url>'],
  [
    ['deliveries'],
    'no journal given: pass --journal hookcast.db (or set HOOKCAST_JOURNAL), or --redis for a queue',
  ],
  [['delivery', 'd1', '--journal', 'a', '--redis', 'redis://b'], '--journal and --redis: choose one'],
])('%s says which flag is missing or is one too many', async (argv, message) => {
  const run = await runCli(argv);
  expect(run).toEqual({ code: 2, stdout: '', stderr: `error: ${message}\n` });
});

describe.skipIf(lacksRedis)(`a queue in Redis${withRedis}`, () => {
  test('is listed, shown, exported and replayed', async () => {
    await using redis = await redisServer();
    const queue = await openDeliveryQueue({ url: redis.url, queueName: 'mine' });
    const endpoint = {
      url: new URL('http://127.0.0.1:9/'),
      secrets: [{ secret: new Secret(DEVELOPMENT_SECRET) }],
    };
    const job = {
      eventId: `evt_${'a'.repeat(24)}`,
      eventName: 'inquiry.approved',
      body: Buffer.from('{"n":1.0}'),
    };
    const queued = toQueued(
      { ...job, endpoint },
      { policy: DEFAULT_POLICY, timeScale: 1, nowMs: Date.now(), dueMs: 0 },
    );
    const [id = ''] = await queue.addBulk([queued]);
    await queue.close();
    const flags = ['--redis', redis.url, '--queue', 'mine'];
    const run = (...argv: string[]) => runCli([...argv, ...flags], { env: { HOOKCAST_JOURNAL: '/none' } });
    const list = (await run('deliveries')).stdout.replace(id, 'ID'.padEnd(id.length));
    expect(stable(list)).toMatchInlineSnapshot(`
      "id               state    tries  next     event             event id
      ID               pending  0/9    overdue  inquiry.approved  evt_ID
      "
    `);
    expect((await run('delivery', id, '--body')).stdout).toBe('{"n":1.0}');
    const unknown = await run('delivery', 'nothing');
    expect(stable(unknown.stderr)).toMatchInlineSnapshot(`
      "error: unknown delivery 'nothing'
      All deliveries: hookcast deliveries --redis 'redis://127.0.0.1:PORT' --queue mine
      "
    `);
    // No attempt was made yet: there is nothing to export, and nothing to send again.
    expect(await run('export')).toEqual({ code: 0, stdout: '', stderr: '' });
    const replay = await run('replay', '--to', 'http://127.0.0.1:9/');
    expect(stable(replay.stderr)).toMatchInlineSnapshot(`
      "error: nothing to send: the recording is empty
      "
    `);
  });
});
