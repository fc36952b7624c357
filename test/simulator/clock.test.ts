import { describe, expect, test } from 'vitest';
import {
  createSimulator,
  parseScript,
  Secret,
  startReceiver,
  type SimulatorOptions,
} from '../../src/index.ts';
import { manualClock, virtualClock } from '../helpers/virtual-clock.ts';

const secret = 'wbhsec_abcdefgh-1234-5678-9ijk-lmnopqrstuvw';
const oldSecret = 'wbhsec_00000000-1111-2222-3333-444444444444';
const START_MS = Date.parse('2026-01-31T12:00:00.250Z');
const SCHEDULE_S = [3, 66, 731, 4_098, 15_627, 46_658, 117_651, 262_146];
const ELAPSED_S = [0, 3, 69, 800, 4_898, 20_525, 67_183, 184_834, 446_980];

/** A simulator in a real time that stands still, and a receiver that notes what arrived. */
async function setUp(script: string, options: Partial<SimulatorOptions> = {}) {
  const arrived: { event: string; sets: number; firstAttemptedAt: number; t: number }[] = [];
  const receiver = await startReceiver({
    secrets: [new Secret(secret)],
    script: parseScript(script),
    onRequest: ({ body, headers }) => {
      const signature = String(headers['persona-signature']);
      arrived.push({
        event: JSON.parse(body.toString()).data.attributes.name as string,
        sets: signature.split(' ').length,
        firstAttemptedAt: Number(headers['persona-webhook-first-attempted-at']),
        t: Number(/^t=(\d+)/.exec(signature)?.[1]),
      });
    },
  });
  const { webhook, clock = manualClock(START_MS), ...others } = options;
  const simulator = createSimulator({ webhook: { url: receiver.url, secret, ...webhook }, clock, ...others });
  return { simulator, arrived, receiver, [Symbol.asyncDispose]: () => receiver[Symbol.asyncDispose]() };
}

/** A webhook in the middle of a rotation: its old secret ends in so many seconds. */
function rotating(seconds: number): SimulatorOptions['webhook'] {
  const expiresAt = new Date(START_MS + seconds * 1000).toISOString();
  return { secret: undefined, secrets: [{ value: secret }, { value: oldSecret, 'expires-at': expiresAt }] };
}

describe('a test steps through a schedule', () => {
  test('attempt by attempt through all nine', async () => {
    await using run = await setUp('500');
    const { clock } = run.simulator;
    clock.pause();
    const delivery = run.simulator.deliver('inquiry.approved');
    const waitsMs = SCHEDULE_S.map((seconds) => seconds * 1000);
    for (const index of waitsMs.keys()) {
      expect(await clock.next()).toBe(true);
      expect(clock.now() - START_MS).toBe(ELAPSED_S[index + 1]! * 1000);
      expect(clock.leftMs).toBe(waitsMs[index + 1]);
      expect(run.arrived).toHaveLength(index + 2);
    }
    expect(await clock.next()).toBe(false);
    const { state, attempts } = await delivery;
    expect([state, attempts.length]).toEqual(['failed', 9]);
    expect(attempts.map(({ simulatedElapsedMs }) => simulatedElapsedMs / 1000)).toEqual(ELAPSED_S);
    for (const [index, { t, firstAttemptedAt }] of run.arrived.entries()) {
      expect(t).toBe(Math.floor(START_MS / 1000));
      expect(t - firstAttemptedAt).toBe(ELAPSED_S[index]);
    }
  });

  test('by durations', async () => {
    await using run = await setUp('500,500,500,200');
    const { clock } = run.simulator;
    clock.pause();
    const delivery = run.simulator.deliver('inquiry.approved');
    await clock.advance(0);
    expect(run.arrived).toHaveLength(1);
    await clock.advance('2.9s');
    expect(run.arrived).toHaveLength(1);
    await clock.advance('100ms');
    expect(run.arrived).toHaveLength(2);
    await clock.advance('66s');
    expect(run.arrived).toHaveLength(3);
    await clock.advance('3d');
    expect(await delivery).toMatchObject({ state: 'completed', attempts: { length: 4 } });
  });

  test('of several deliveries that share one clock', async () => {
    await using run = await setUp('500');
    const { clock } = run.simulator;
    clock.pause();
    const controller = new AbortController();
    const { signal } = controller;
    const first = run.simulator.deliver('inquiry.created', { signal });
    await clock.advance('10s');
    const second = run.simulator.deliver('inquiry.approved', { signal });
    await clock.advance('100s');
    expect(run.arrived.map(({ event }) => event)).toEqual([
      ...['inquiry.created', 'inquiry.created', 'inquiry.approved', 'inquiry.approved'],
      ...['inquiry.created', 'inquiry.approved'],
    ]);
    controller.abort();
    const [a, b] = await Promise.all([first, second]);
    expect([a.state, b.state]).toEqual(['cancelled', 'cancelled']);
    const begunMs = (b.attempts[0]?.simulatedAtMs ?? 0) - (a.attempts[0]?.simulatedAtMs ?? 0);
    expect(begunMs).toBe(10_000);
    expect(b.attempts[0]?.simulatedElapsedMs).toBe(0);
  });

  test('of a scenario whose gaps and retries share one clock', async () => {
    await using run = await setUp('500,500,500,200');
    const { clock } = run.simulator;
    clock.pause();
    const deliveries = run.simulator.runScenario('quickstart');
    const seen = async () => {
      const isMoved = await clock.next();
      return isMoved && run.arrived.at(-1)?.event;
    };
    // created at 0 s and 3 s; started at 60 s and 63 s; created at 69 s; then the rest.
    expect(await seen()).toBe('inquiry.created');
    expect(await seen()).toBe('inquiry.started');
    expect(await seen()).toBe('inquiry.started');
    expect(await seen()).toBe('inquiry.created');
    expect(run.arrived).toHaveLength(5);
    await clock.advance('6m');
    expect(run.arrived.map(({ event }) => event).slice(5)).toEqual(['inquiry.completed', 'inquiry.approved']);
    expect((await deliveries).map(({ state }) => state)).toEqual(Array(4).fill('completed'));
  });

  test('in which every event of a scenario is at its simulated time', async () => {
    await using run = await setUp('200');
    const { clock } = run.simulator;
    await clock.advance('1h');
    clock.pause();
    const startedMs = START_MS + 3_600_000;
    const deliveries = run.simulator.runScenario('quickstart', { concurrency: 2 });
    await clock.advance('1h');
    const sentMs = (await deliveries).map(({ attempts }) => (attempts[0]?.simulatedAtMs ?? 0) - startedMs);
    expect(sentMs).toEqual([0, 60_212, 132_672, 330_480]);
  });
});

describe('a secret that expires stops signing when the simulated time passes its end', () => {
  test('in waits between attempts that are skipped', async () => {
    await using run = await setUp('500', { webhook: rotating(60) });
    const { clock } = run.simulator;
    clock.pause();
    const delivery = run.simulator.deliver('inquiry.approved');
    while (await clock.next());
    await delivery;
    expect(run.arrived.map(({ sets }) => sets)).toEqual([2, 2, 1, 1, 1, 1, 1, 1, 1]);
  });

  test.each([Number.POSITIVE_INFINITY, 10_000_000])('in waits at the time scale %d', async (timeScale) => {
    await using run = await setUp('500', {
      webhook: rotating(3_600),
      timeScale,
      clock: virtualClock(START_MS),
    });
    await run.simulator.deliver('inquiry.approved');
    expect(run.arrived.map(({ sets }) => sets)).toEqual([2, 2, 2, 2, 1, 1, 1, 1, 1]);
  });

  test.each([Number.POSITIVE_INFINITY, 100_000])(
    'in the gaps of a scenario, at scale %d',
    async (timeScale) => {
      await using run = await setUp('200', {
        webhook: rotating(100),
        timeScale,
        clock: virtualClock(START_MS),
      });
      await run.simulator.runScenario('quickstart');
      expect(run.arrived.map(({ sets }) => sets)).toEqual([2, 2, 1, 1]);
    },
  );

  test('in an advance, even before anything was sent', async () => {
    await using run = await setUp('200', { webhook: rotating(3_600) });
    await run.simulator.deliver('inquiry.created');
    await run.simulator.clock.advance('30m');
    await run.simulator.deliver('inquiry.started');
    await run.simulator.clock.advance('31m');
    await run.simulator.deliver('inquiry.approved');
    await run.simulator.runScenario('quickstart', { until: 'inquiry.created' });
    expect(run.arrived.map(({ sets }) => sets)).toEqual([2, 2, 1, 1]);
  });
});

test('real time that passes during a pause does not count', async () => {
  const real = manualClock(START_MS);
  await using run = await setUp('500,200', { webhook: rotating(3_600), clock: real });
  const { clock } = run.simulator;
  clock.pause();
  const delivery = run.simulator.deliver('inquiry.approved');
  await clock.advance('1s');
  await real.pass(7_200_000);
  await clock.advance('2s');
  const { attempts } = await delivery;
  expect(attempts[1]).toMatchObject({ simulatedElapsedMs: 3_000, simulatedAtMs: START_MS + 3_000 });
  expect(attempts[1]?.startedAtMs).toBe(START_MS + 7_200_000);
  expect(run.arrived.map(({ sets }) => sets)).toEqual([2, 2]);
});
