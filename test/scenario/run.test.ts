import { describe, expect, test } from 'vitest';
import { undiciSender } from '../../src/http/undici-sender.ts';
import { MovableClock } from '../../src/delivery/movable-clock.ts';
import { createSimulator } from '../../src/simulator/simulator.ts';
import type { SimulatorOptions } from '../../src/simulator/deps.ts';
import type { ScenarioHooks, ScenarioOptions } from '../../src/simulator/scenario.ts';
import { parseScript } from '../../src/receiver/reaction.ts';
import { startReceiver } from '../../src/receiver/start-receiver.ts';
import { Places } from '../../src/scenario/places.ts';
import { runScenario } from '../../src/scenario/run.ts';
import { Secret } from '../../src/signing/sign.ts';
import { sharedVirtualClock, virtualClock } from '../helpers/virtual-clock.ts';

const secret = 'wbhsec_abcdefgh-1234-5678-9ijk-lmnopqrstuvw';
const AT = new Date('2026-01-31T12:00:00Z');
const START_MS = Date.parse('2026-01-31T12:00:00.250Z');

/** Runs a scenario against a receiver with a script, and says what arrived when. */
async function run(
  name: string,
  {
    script = '200',
    ...given
  }: { script?: string } & ScenarioOptions & ScenarioHooks & Pick<SimulatorOptions, 'timeScale'> = {},
) {
  const clock = sharedVirtualClock(START_MS);
  const arrivals: { event: string; atMs: number; body: string }[] = [];
  await using receiver = await startReceiver({
    secrets: [new Secret(secret)],
    script: parseScript(script),
    onRequest: ({ body }) => {
      const event = JSON.parse(body.toString()).data.attributes.name as string;
      arrivals.push({ event, atMs: microseconds(clock.now() - START_MS), body: body.toString() });
    },
  });
  const simulator = createSimulator({
    webhook: { url: receiver.url, secret },
    seed: 7,
    clock,
    sender: clock.watching(undiciSender()),
    timeScale: given.timeScale,
  });
  const deliveries = await simulator.runScenario(name, { at: AT, ...given });
  return { deliveries, arrivals, simulator };
}

/** Fractions of a divided time are not round numbers in binary. */
const microseconds = (ms: number) => Math.round(ms * 1000) / 1000;

const timesOf = (arrivals: { event: string; atMs: number }[]) =>
  arrivals.map(({ event, atMs }) => [event, atMs]);

describe('a run', () => {
  test('sends each event when it happens, to the millisecond', async () => {
    const { arrivals, deliveries } = await run('quickstart');
    expect(timesOf(arrivals)).toEqual([
      ['inquiry.created', 0],
      ['inquiry.started', 60_212],
      ['inquiry.completed', 132_672],
      ['inquiry.approved', 330_480],
    ]);
    expect(deliveries.map(({ state }) => state)).toEqual(Array(4).fill('completed'));
  });

  test('divides the gaps, and the waits for retries, by the time scale', async () => {
    const { arrivals } = await run('quickstart', { timeScale: 1000, script: '500,200' });
    expect(timesOf(arrivals)).toEqual([
      ['inquiry.created', 0],
      ['inquiry.created', 3],
      ['inquiry.started', 60.212],
      ['inquiry.completed', 132.672],
      ['inquiry.approved', 330.48],
    ]);
  });

  test('a failing event does not hold up the others, even one at a time', async () => {
    const { arrivals } = await run('quickstart', { script: '500,500,500,200' });
    expect(timesOf(arrivals)).toEqual([
      ['inquiry.created', 0],
      ['inquiry.created', 3_000],
      ['inquiry.started', 60_212],
      ['inquiry.started', 63_212],
      ['inquiry.created', 69_000],
      ['inquiry.completed', 132_672],
      ['inquiry.approved', 330_480],
    ]);
  });

  test('instant: no gaps, and still in order', async () => {
    const { arrivals } = await run('inquiry-approved', { timeScale: Number.POSITIVE_INFINITY });
    const { scenario } = await createSimulator({ webhook: { url: 'http://localhost/' } }).prepareScenario(
      'inquiry-approved',
    );
    expect(timesOf(arrivals)).toEqual(scenario.steps.map(({ event }) => [event, 0]));
  });

  test('shuffled and doubled it repeats to the byte with its seed and time', async () => {
    const options = { shuffle: true, duplicates: 0.5, jitterMs: 60_000, script: '500,200,500,200' };
    const [first, second] = [await run('inquiry-approved', options), await run('inquiry-approved', options)];
    expect(first.arrivals).toEqual(second.arrivals);
    expect(first.arrivals.length).toBeGreaterThan(25);
  });

  test('order of arrival changes no body, nor does sending a part', async () => {
    const bodies = async (options: ScenarioOptions) =>
      new Set((await run('inquiry-approved', options)).arrivals.map(({ body }) => body));
    const plain = await bodies({});
    expect(await bodies({ shuffle: true, duplicates: 0.5, jitterMs: 60_000 })).toEqual(plain);
    const part = await bodies({ only: ['inquiry.approved'] });
    expect(part.size).toBe(1);
    expect(plain.has([...part][0]!)).toBe(true);
  });

  test('a duplicate is a delivery of its own: the same bytes, counted from one', async () => {
    const { deliveries } = await run('quickstart', { duplicates: 1, only: ['inquiry.approved'] });
    expect(deliveries).toHaveLength(2);
    expect(deliveries[0]!.body.equals(deliveries[1]!.body)).toBe(true);
    expect(deliveries.map(({ attempts }) => attempts.map(({ attempt }) => attempt))).toEqual([[1], [1]]);
  });

  test('cancelled: attempts under way end, the rest is cancelled without an attempt', async () => {
    const controller = new AbortController();
    const started: string[] = [];
    const { deliveries } = await run('quickstart', {
      signal: controller.signal,
      onStart: ({ event }) => started.push(event.name),
      onAttempt: () => {
        if (started.length === 2) controller.abort();
      },
    });
    expect(deliveries.map(({ state, attempts }) => [state, attempts.length])).toEqual([
      ['completed', 1],
      ['completed', 1],
      ['cancelled', 0],
      ['cancelled', 0],
    ]);
    expect(started).toEqual(['inquiry.created', 'inquiry.started']);
  });

  test('a bug, or a remote address, ends all of it', async () => {
    const simulator = createSimulator({ webhook: { url: 'http://8.8.8.8/' }, clock: virtualClock() });
    const started: string[] = [];
    const running = simulator.runScenario('quickstart', { onStart: ({ event }) => started.push(event.name) });
    await expect(running).rejects.toMatchObject({ code: 'REMOTE_ADDRESS' });
    expect(started).toEqual(['inquiry.created']);
  });

  test('without a time it is in the past, and ends now', async () => {
    const clock = virtualClock(START_MS);
    const webhook = { url: 'http://localhost/' };
    const simulator = createSimulator({ webhook, clock, timeScale: Number.POSITIVE_INFINITY });
    const { sendings } = await simulator.prepareScenario('inquiry-expired');
    expect(sendings.at(-1)?.event.createdAtMs).toBe(START_MS);
  });
});

describe('concurrency', () => {
  /** How many requests were under way at most, when all of them are due at once. */
  async function mostAtOnce(concurrency?: number): Promise<number> {
    let [now, most] = [0, 0];
    const plan = Array.from({ length: 8 }, (_, eventIndex) => ({ eventIndex, dueMs: 0, copy: 1 }));
    const clock = virtualClock();
    await runScenario(plan, {
      ...{ clock, simulatedClock: new MovableClock(clock, 1), concurrency },
      deliver: async ({ eventIndex }) => {
        now += 1;
        most = Math.max(most, now);
        await new Promise((resolve) => setImmediate(resolve));
        now -= 1;
        const body = Buffer.alloc(0);
        return {
          eventId: String(eventIndex),
          eventName: '',
          url: '',
          state: 'completed',
          attempts: [],
          body,
        };
      },
    });
    return most;
  }

  test.each([
    [undefined, 1],
    [1, 1],
    [3, 3],
    [100, 8],
    [Number.POSITIVE_INFINITY, 8],
  ])('%s: at most %i at a time', async (concurrency, most) => {
    expect(await mostAtOnce(concurrency)).toBe(most);
  });

  test('below 1 it is refused', async () => {
    await expect(mostAtOnce(0)).rejects.toThrow('`concurrency` 0: expected 1 or more');
  });

  test('slots go to the longest waiting; one that gives up is forgotten', async () => {
    const places = new Places(1);
    const entered: string[] = [];
    const leaver = new AbortController();
    await places.take();
    const gone = places.take(leaver.signal).catch((error: unknown) => error);
    const [a, b] = ['a', 'b'].map((name) => places.take().then(() => entered.push(name)));
    leaver.abort('left');
    expect(await gone).toBe('left');
    places.giveBack();
    await a;
    expect(entered).toEqual(['a']);
    places.giveBack();
    await b;
    expect(entered).toEqual(['a', 'b']);
  });
});
