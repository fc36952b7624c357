import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { deliver, type Delivery } from '../../src/delivery/deliver.ts';
import { MovableClock } from '../../src/delivery/movable-clock.ts';
import { DEFAULT_POLICY } from '../../src/persona/policies.ts';
import type { HttpSender } from '../../src/ports.ts';
import { Secret } from '../../src/signing/sign.ts';
import { lacksRedis, redisServer, withRedis } from '../helpers/redis-server.ts';
import { runCli } from '../helpers/run-cli.ts';
import { httpServer } from '../helpers/servers.ts';
import { spawnCli } from '../helpers/spawn-cli.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { settled, twoHandedClock, virtualClock } from '../helpers/virtual-clock.ts';

const START_MS = Date.parse('2026-01-31T12:00:00.250Z');
const HOUR_MS = 3_600_000;

/** Fails once, then accepts; each request's times in milliseconds since the start. */
function begun(timeScale = 1) {
  const clock = twoHandedClock(START_MS);
  const sent: { leftMs: number; t: number; firstAt: number }[] = [];
  const sender: HttpSender = {
    send: ({ headers }) => {
      const t = Number(/^t=(\d+)/.exec(headers['Persona-Signature'] ?? '')?.[1]);
      sent.push({
        leftMs: clock.monotonic(),
        t,
        firstAt: Number(headers['Persona-Webhook-First-Attempted-At']),
      });
      const status = sent.length === 1 ? 500 : 200;
      const response = { status, headers: {}, body: Buffer.alloc(0), truncated: false };
      return Promise.resolve({ kind: 'response', response, timings: { totalMs: 0 } });
    },
  };
  const endpoint = { url: new URL('http://127.0.0.1:9/'), secrets: [{ secret: new Secret('wbhsec_a') }] };
  const job = { eventId: 'evt_1', eventName: 'inquiry.approved', body: Buffer.from('{}'), endpoint };
  const simulatedClock = new MovableClock(clock, timeScale);
  const delivery = deliver(job, { policy: DEFAULT_POLICY, clock, simulatedClock, sender });
  return { clock, sent, delivery, simulatedClock };
}

const seconds = (ms: number) => Math.floor((START_MS + ms) / 1_000);

function timesOf({ attempts }: Delivery) {
  return attempts.map(({ startedAtMs, simulatedAtMs, simulatedElapsedMs }) => ({
    startedMs: startedAtMs - START_MS,
    simulatedMs: simulatedAtMs - START_MS,
    elapsedMs: simulatedElapsedMs,
  }));
}

describe('a wall clock that is set during a wait', () => {
  test('forward: the wait is no shorter, t is fresh, and the first attempt stays where it was', async () => {
    const { clock, sent, delivery } = begun();
    await settled();
    clock.set(HOUR_MS);
    await clock.pass(2_999);
    expect(sent).toHaveLength(1);
    await clock.pass(1);
    expect(timesOf(await delivery)[1]).toEqual({
      startedMs: HOUR_MS + 3_000,
      simulatedMs: HOUR_MS + 3_000,
      elapsedMs: HOUR_MS + 3_000,
    });
    expect(sent[1]).toEqual({ leftMs: 3_000, t: seconds(HOUR_MS + 3_000), firstAt: seconds(0) });
  });

  test('back: the wait is no longer, t is fresh, and simulated time still goes forward', async () => {
    const { clock, sent, delivery } = begun();
    await settled();
    clock.set(-HOUR_MS);
    await clock.pass(3_000);
    expect(timesOf(await delivery)[1]).toEqual({
      startedMs: 3_000 - HOUR_MS,
      simulatedMs: 3_000,
      elapsedMs: 3_000,
    });
    expect(sent[1]).toEqual({
      leftMs: 3_000,
      t: seconds(3_000 - HOUR_MS),
      firstAt: seconds(-HOUR_MS),
    });
  });
});

test('a process that was stopped sends at once; the first attempt does not move', async () => {
  const { clock, sent, delivery } = begun();
  await settled();
  // The timer rings late: nothing could run before.
  await clock.pass(3_000 - 1);
  clock.set(12_000);
  await clock.pass(1);
  expect(timesOf(await delivery)[1]).toEqual({ startedMs: 15_000, simulatedMs: 15_000, elapsedMs: 15_000 });
  expect(sent[1]?.firstAt).toBe(seconds(0));
});

test('at a scale the wait is divided, whatever the wall clock does', async () => {
  const { clock, sent, delivery } = begun(1_000);
  await settled();
  clock.set(-HOUR_MS);
  await clock.pass(3);
  expect((await delivery).attempts.map(({ simulatedElapsedMs }) => simulatedElapsedMs)).toEqual([0, 3_000]);
  expect(sent.map(({ leftMs }) => leftMs)).toEqual([0, 3]);
});

describe.each([
  ['one hand', () => virtualClock()],
  ['two hands', () => twoHandedClock()],
])('a movable clock on a clock with %s', (_, create) => {
  test('starts at the wall clock and runs by the monotonic hand', () => {
    const real = create();
    const clock = new MovableClock(real, 1);
    expect(clock.now()).toBe(real.now());
    if ('set' in real) real.set(HOUR_MS);
    expect(clock.now()).toBe(START_MS);
  });
});

const lacksFaketime = !isInstalled() && process.env['CI'] !== 'true';
const LIBRARY = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1';

interface Place {
  readonly url: string;
  readonly redis: string;
}

const COMMANDS: [string, (place: Place) => { prepare?: string[]; argv: string[] }][] = [
  ['send', ({ url }) => ({ argv: ['send', 'inquiry.approved', '--to', url, '--time-scale', '6'] })],
  ['load', ({ url }) => ({ argv: ['load', '--count', '1', '--to', url, '--time-scale', '6'] })],
  [
    'worker',
    ({ url, redis }) => ({
      prepare: ['send', 'inquiry.approved', '--to', url, '--redis', redis],
      argv: ['worker', '--redis', redis, '--until-empty'],
    }),
  ],
];

const lacks = lacksFaketime ? ' (skipped: no faketime installed)' : withRedis;

describe.skipIf(lacksFaketime)(`on a machine whose clock is set forward${lacks}`, () => {
  // Side by side, since each waits for its next attempt in real time.
  test.concurrent.each(COMMANDS)(
    '%s signs with the new time, and the first attempt stays where it was',
    async (name, of) => {
      if (name === 'worker' && lacksRedis) return;
      expect(existsSync(LIBRARY)).toBe(true);
      await using folder = await temporaryFolder();
      const offset = await folder.write('offset', '+0');
      const headers: Record<string, unknown>[] = [];
      await using receiver = await httpServer((request, response) => {
        headers.push(request.headers);
        request.resume();
        if (headers.length === 1) void folder.write('offset', '+3600');
        response.writeHead(headers.length === 1 ? 500 : 200).end();
      });
      await using redis = name === 'worker' ? await redisServer() : undefined;
      const { prepare, argv } = of({ url: receiver.url.href, redis: redis?.url ?? '' });
      if (prepare !== undefined) expect(await runCli(prepare)).toMatchObject({ code: 0 });
      const env = {
        LD_PRELOAD: LIBRARY,
        FAKETIME_TIMESTAMP_FILE: offset,
        FAKETIME_NO_CACHE: '1',
        FAKETIME_DONT_FAKE_MONOTONIC: '1',
      };
      await using run = spawnCli(argv, env);
      const { code, stdout, stderr } = await run.ended;
      expect(code, stdout + stderr).toBe(0);
      expect(headers).toHaveLength(2);
      const t = headers.map((each) => Number(/^t=(\d+)/.exec(String(each['persona-signature']))?.[1]));
      const jumped = t[1]! - t[0]!;
      expect(jumped).toBeGreaterThanOrEqual(3_600);
      expect(jumped).toBeLessThan(3_660);
      const first = headers.map((each) => Number(each['persona-webhook-first-attempted-at']));
      // Both are cut to whole seconds.
      expect(Math.abs(first[1]! - first[0]!)).toBeLessThanOrEqual(1);
    },
  );
});

function isInstalled(): boolean {
  try {
    execFileSync('faketime', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
