import { describe, expect, test } from 'vitest';
import { startReceiver } from '../../src/receiver/start-receiver.ts';
import { DEVELOPMENT_SECRET, Secret } from '../../src/signing/sign.ts';
import { lacksRedis, redisServer, withRedis } from '../helpers/redis-server.ts';
import { runCli, session, stable } from '../helpers/run-cli.ts';

const secret = new Secret(DEVELOPMENT_SECRET);
const NOWHERE = [
  'load',
  '--to',
  'http://127.0.0.1:9',
  '--secret',
  'wbhsec_a',
  '--redis',
  'redis://127.0.0.1:9',
];

describe.skipIf(lacksRedis)(`a load run through a queue${withRedis}`, () => {
  test('is delivered by workers, each event as often as it was queued and with the same bytes', async () => {
    await using redis = await redisServer();
    await using receiver = await startReceiver({ secrets: [secret] });
    const to = ['--to', receiver.url, '--redis', redis.url, '--seed', '7'];
    const how = ['--count', '120', '--mix', 'inquiry.created=3,report/*=1', '--duplicates', '0.25'];
    const queued = await runCli(['load', ...to, ...how, '--reorder', '10']);
    expect(queued.code).toBe(0);
    expect(queued.stdout).toBe('');
    const total = Number(/^(\d+) deliveries in the queue/m.exec(queued.stderr)?.[1]);
    expect(total).toBeGreaterThan(120);

    const worked = await runCli(['worker', '--redis', redis.url, '--until-empty', '--quiet']);
    expect(worked).toMatchObject({ code: 0 });
    expect(receiver.received).toHaveLength(total);
    expect(new Set(receiver.received.map(({ verification }) => verification.kind))).toEqual(
      new Set(['valid']),
    );
    const bodies = new Map<string, string[]>();
    for (const { body } of receiver.received) {
      const text = body.toString('utf8');
      const id = /"id":"(evt_\w+)"/.exec(text)?.[1] ?? '';
      bodies.set(id, [...(bodies.get(id) ?? []), text]);
    }
    expect(bodies.size).toBe(120);
    for (const texts of bodies.values()) expect(new Set(texts).size).toBe(1);
  });

  test('is spread over time by --rate and counted by --json', async () => {
    await using redis = await redisServer();
    const to = ['--to', 'http://127.0.0.1:9', '--redis', redis.url, '--seed', '7', '--json'];
    const queued = await runCli([
      'load',
      ...to,
      '--rate',
      '2/h',
      '--duration',
      '2h',
      '--scenario',
      'quickstart',
    ]);
    expect(queued).toMatchObject({ code: 0 });
    expect(JSON.parse(queued.stdout)).toEqual({ type: 'queued', deliveries: 4, seed: 7 });
    expect(stable(queued.stderr)).toMatchInlineSnapshot(`
      "warning: Redis keeps nothing on disk (no append-only file, no snapshots): a restart loses everything
      4 deliveries in the queue; start a worker to deliver them: hookcast worker --redis redis://127.0.0.1:PORT
      seed N
      "
    `);
  });
});

test('load refuses flags that cannot be combined with --redis', async () => {
  const lines = [
    ['--duration', '5s'],
    ['--count', '1', '--concurrency', '2'],
    ['--count', '1', '--allow-remote'],
    ['--count', '1', '--forged', '0.5'],
    ['--count', '1', '--rate', '1/s', '--time-scale', 'instant'],
  ];
  expect(await session(lines.map((flags) => [...NOWHERE, ...flags]))).toMatchInlineSnapshot(`
    "$ hookcast load --to http://127.0.0.1:9 --secret wbhsec_a --redis redis://127.0.0.1:9 --duration 5s
    warning: the secret is not wbhsec_ and a UUID, as Persona's secrets are
    error: --redis needs a number of events: pass --count, or --rate with --duration
    exit code 2
    $ hookcast load --to http://127.0.0.1:9 --secret wbhsec_a --redis redis://127.0.0.1:9 --count 1 --concurrency 2
    warning: the secret is not wbhsec_ and a UUID, as Persona's secrets are
    error: --concurrency applies to the sender; pass it to "hookcast worker" when using --redis
    exit code 2
    $ hookcast load --to http://127.0.0.1:9 --secret wbhsec_a --redis redis://127.0.0.1:9 --count 1 --allow-remote
    warning: the secret is not wbhsec_ and a UUID, as Persona's secrets are
    error: --allow-remote applies to the sender; pass it to "hookcast worker" when using --redis
    exit code 2
    $ hookcast load --to http://127.0.0.1:9 --secret wbhsec_a --redis redis://127.0.0.1:9 --count 1 --forged 0.5
    warning: the secret is not wbhsec_ and a UUID, as Persona's secrets are
    error: --forged needs a run in this process; leave out either it or --redis
    exit code 2
    $ hookcast load --to http://127.0.0.1:9 --secret wbhsec_a --redis redis://127.0.0.1:9 --count 1 --rate 1/s --time-scale instant
    warning: the secret is not wbhsec_ and a UUID, as Persona's secrets are
    error: --rate spreads deliveries over time, and --time-scale instant leaves none; choose one
    exit code 2
    "
  `);
});
