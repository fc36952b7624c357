import { describe, expect, test } from 'vitest';
import { startReceiver } from '../../src/receiver/start-receiver.ts';
import { DEVELOPMENT_SECRET, Secret } from '../../src/signing/secret.ts';
import { lacksRedis, redisServer, withRedis } from '../helpers/redis-server.ts';
import { runCli, stable } from '../helpers/run-cli.ts';

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
  test('workers deliver each event as often as it was queued, the doubled ones to the byte', async () => {
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

  test('--rate spreads them over time, and --json says how many there are', async () => {
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
    expect(stable(queued.stderr)).toContain('4 deliveries in the queue');
  });
});

test.each([
  [['--duration', '5s'], '--redis needs a number of events: pass --count, or --rate with --duration'],
  [
    ['--count', '1', '--concurrency', '2'],
    '--concurrency applies to the sender; pass it to "hookcast worker" when using --redis',
  ],
  [
    ['--count', '1', '--allow-remote'],
    '--allow-remote applies to the sender; pass it to "hookcast worker" when using --redis',
  ],
  [
    ['--count', '1', '--forged', '0.5'],
    '--forged needs a run in this process; leave out either it or --redis',
  ],
  [
    ['--count', '1', '--rate', '1/s', '--time-scale', 'instant'],
    '--rate spreads deliveries over time, and --time-scale instant leaves none; choose one',
  ],
])('%j makes no sense with --redis: a sentence, exit code 2', async (flags, message) => {
  const { code, stderr } = await runCli([...NOWHERE, ...flags]);
  expect(stderr.split('\n')).toContain(`error: ${message}`);
  expect(code).toBe(2);
});
