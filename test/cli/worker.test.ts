import { describe, expect, test } from 'vitest';
import { loadPackage } from '../../src/queue/bullmq/redis-link.ts';
import { startReceiver } from '../../src/receiver/start-receiver.ts';
import { DEVELOPMENT_SECRET, Secret } from '../../src/signing/sign.ts';
import { freePort } from '../helpers/free-port.ts';
import { lacksRedis, redisServer, withRedis } from '../helpers/redis-server.ts';
import { runCli, session, shown, stable as stableRun } from '../helpers/run-cli.ts';

const secret = new Secret(DEVELOPMENT_SECRET);
const AT = ['--seed', '1', '--at', '2026-01-31T12:00:00Z'];
const stable = (text: string) =>
  stableRun(text)
    .replace(/\b[0-9a-z]{15}\b/g, 'ID')
    .replace(/due in [^\n]+/g, 'due in TIME');

describe.skipIf(lacksRedis)(`a queue between send and worker${withRedis}`, () => {
  test('holds what send prints until the worker delivers it', async () => {
    await using redis = await redisServer();
    await using receiver = await startReceiver({
      secrets: [secret],
      script: [
        { kind: 'status', status: 500, delayMs: 0 },
        { kind: 'status', status: 200, delayMs: 0 },
      ],
    });
    const to = ['--to', receiver.url, '--redis', redis.url];
    const sent = await runCli(['send', 'inquiry.approved', ...to, '--time-scale', 'instant', ...AT]);
    expect(sent.code).toBe(0);
    expect(stable(sent.stdout)).toMatchInlineSnapshot(`
      "queued inquiry.approved  evt_ID
        as ID to http://127.0.0.1:PORT/
      "
    `);
    expect(stable(sent.stderr)).toMatchInlineSnapshot(`
      "signing with the development secret wbhsec_00000000-dead-4000-8000-00000000beef: give it to your receiver, or pass --secret
      warning: Redis keeps nothing on disk (no append-only file, no snapshots): a restart loses everything
      1 delivery in the queue; start a worker to deliver them: hookcast worker --redis redis://127.0.0.1:PORT
      "
    `);
    expect(receiver.received).toEqual([]);

    const worked = await runCli(['worker', '--redis', redis.url, '--until-empty']);
    expect(worked.code).toBe(0);
    expect(stable(worked.stdout)).toMatchInlineSnapshot(`
      "ID inquiry.approved 1 of 9  T+TIME  ✗ 500 Internal Server Error (N ms); next in 3s (0 ms of real time)
      ID inquiry.approved 2 of 9  T+TIME  ✓ 200 OK (N ms)
      ID inquiry.approved completed after 2 attempts
      "
    `);
    expect(stable(worked.stderr)).toMatchInlineSnapshot(`
      "warning: Redis keeps nothing on disk (no append-only file, no snapshots): a restart loses everything
      worker on redis://127.0.0.1:PORT, up to 10 attempts at a time
      here: 1 completed, 0 failed
      "
    `);
    expect(receiver.received.map(({ verification }) => verification.kind)).toEqual(['valid', 'valid']);
  });

  test('takes a whole scenario, each event with its due time', async () => {
    await using redis = await redisServer();
    await using receiver = await startReceiver({ secrets: [secret] });
    const to = ['--to', receiver.url, '--redis', redis.url];
    const sent = await runCli(['scenario', 'quickstart', ...to, '--time-scale', '1h=1s', '--json', ...AT]);
    expect(sent.code).toBe(0);
    const queued = sent.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(queued.length).toBeGreaterThan(1);
    const worked = await runCli([
      'worker',
      '--redis',
      redis.url,
      '--until-empty',
      '--json',
      '--concurrency',
      '1',
    ]);
    const records = worked.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const settled = records.filter(({ type }) => type === 'delivery');
    expect(settled.map(({ deliveryId, eventId, state }) => [deliveryId, eventId, state])).toEqual(
      queued.map(({ deliveryId, eventId }) => [deliveryId, eventId, 'completed']),
    );
  });

  test('keeps a delivery whose secret the worker lacks, and the worker says so', async () => {
    await using redis = await redisServer();
    await using receiver = await startReceiver({ secrets: [secret] });
    const own = ['--secret', 'wbhsec_abcdefgh-1234-5678-9ijk-lmnopqrstuvw'];
    const to = ['--to', receiver.url, '--redis', redis.url, ...own];
    await runCli(['send', 'inquiry.approved', ...to, '--header', 'X-Api-Key: hunter2', '--quiet']);
    const worker = ['worker', '--redis', redis.url, '--until-empty'];
    const without = await runCli(worker);
    expect(without.code).toBe(1);
    expect(stable(without.stderr)).toMatchInlineSnapshot(`
      "warning: Redis keeps nothing on disk (no append-only file, no snapshots): a restart loses everything
      worker on redis://127.0.0.1:PORT, up to 10 attempts at a time
      warning: ID stays in the queue: no secret given to this worker is the one it is signed with: pass it with --secret or --webhook; fingerprint ddc60dc3
      here: 0 completed, 0 failed, 1 left for a worker with other secrets or flags
      "
    `);
    const withoutHeader = await runCli([...worker, ...own, '--quiet']);
    expect(withoutHeader.code).toBe(1);
    expect(stable(withoutHeader.stderr)).toMatchInlineSnapshot(`
      "warning: Redis keeps nothing on disk (no append-only file, no snapshots): a restart loses everything
      warning: ID stays in the queue: its header 'X-Api-Key' has a value that is not in the queue: pass it with --header or --webhook
      "
    `);
    expect(receiver.received).toEqual([]);
  });

  test('holds the secret with --store-secrets, so that the worker needs none', async () => {
    await using redis = await redisServer();
    const own = new Secret('wbhsec_abcdefgh-1234-5678-9ijk-lmnopqrstuvw');
    await using receiver = await startReceiver({ secrets: [own] });
    const to = ['--to', receiver.url, '--redis', redis.url, '--secret', own.reveal()];
    await runCli(['send', 'inquiry.approved', ...to, '--store-secrets', '--quiet']);
    expect((await runCli(['worker', '--redis', redis.url, '--until-empty', '--quiet'])).code).toBe(0);
    expect(receiver.received).toMatchObject([{ verification: { kind: 'valid' } }]);
  });

  test('leaves a waiting worker at Ctrl-C', async () => {
    await using redis = await redisServer();
    const stop = new AbortController();
    const { code, stdout } = await runCli(['worker', '--redis', redis.url], {
      interrupted: stop.signal,
      onNotes: (stderr) => stderr.includes('worker on redis://') && stop.abort(),
    });
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
  });
});

describe('without a queue', () => {
  test('send and worker report it with exit code 3', async () => {
    const url = `redis://user:hunter2@127.0.0.1:${await freePort()}`;
    const runs: string[] = [];
    for (const argv of [['worker'], ['send', 'inquiry.approved', '--to', 'http://127.0.0.1:1/']]) {
      const run = await runCli([...argv, '--redis', url]);
      expect(run.stderr).not.toContain('hunter2');
      runs.push(shown(run));
    }
    expect(runs.join('')).toMatchInlineSnapshot(`
      "error: no Redis at redis://[secret]@127.0.0.1:PORT: nothing listens there; start one with redis-server, or pass the URL of another
      exit code 3
      signing with the development secret wbhsec_00000000-dead-4000-8000-00000000beef: give it to your receiver, or pass --secret
      error: no Redis at redis://[secret]@127.0.0.1:PORT: nothing listens there; start one with redis-server, or pass the URL of another
      exit code 3
      "
    `);
  });

  test('send refuses flags that cannot be combined with --redis', async () => {
    const lines = [['--insecure'], ['--redis-patience', 'long'], ['--queue', 'a:b']];
    const send = [
      'send',
      'inquiry.approved',
      '--to',
      'http://127.0.0.1:1/',
      '--redis',
      'redis://127.0.0.1:1',
    ];
    expect(await session(lines.map((flags) => [...send, ...flags]))).toMatchInlineSnapshot(`
      "$ hookcast send inquiry.approved --to http://127.0.0.1:1/ --redis redis://127.0.0.1:1 --insecure
      signing with the development secret wbhsec_00000000-dead-4000-8000-00000000beef: give it to your receiver, or pass --secret
      error: --insecure applies to the sender; pass it to "hookcast worker" when using --redis
      exit code 2
      $ hookcast send inquiry.approved --to http://127.0.0.1:1/ --redis redis://127.0.0.1:1 --redis-patience long
      error: --redis-patience long: expected a duration above 0, such as 500ms, 30s, 5m or 2h
      (see: hookcast send --help)
      exit code 2
      $ hookcast send inquiry.approved --to http://127.0.0.1:1/ --redis redis://127.0.0.1:1 --queue a:b
      signing with the development secret wbhsec_00000000-dead-4000-8000-00000000beef: give it to your receiver, or pass --secret
      error: --queue: expected a name of letters, digits, dots, dashes and underscores
      exit code 2
      "
    `);
  });

  test('a missing package is named', async () => {
    const missing = 'hookcast-no-such-package';
    await expect(loadPackage(() => import(missing))).rejects.toMatchObject({
      code: 'USAGE',
      message: 'a queue in Redis needs two packages that are not installed: npm install bullmq ioredis',
    });
  });
});
