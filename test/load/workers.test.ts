import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { setImmediate } from 'node:timers/promises';
import { emitTogether, type WorkerPool, type WorkerProgress } from '../../src/load/workers/run-workers.ts';
import { emit } from '../../src/load/engine/emit.ts';
import type { LoadPlan } from '../../src/load/plan.ts';
import type { LoadResult } from '../../src/load/result.ts';
import { mergeResults } from '../../src/load/merge-results.ts';
import { shareOut } from '../../src/load/share.ts';
import { DEFAULT_POLICY } from '../../src/persona/policies.ts';
import { configureWebhook } from '../../src/webhook/configure.ts';
import { emitVirtually, numberedEvents, pretendedReceiver, type SeenRequest } from '../helpers/load.ts';
import { VIRTUAL_START_MS, virtualAlarms } from '../helpers/virtual-alarms.ts';

const PLAN = { concurrency: 8, timeScale: 1, seed: 1 };

/** Every worker on a clock of its own, and what all of them sent, by time. */
async function sentBy(plan: LoadPlan, { workers, together }: { workers: number; together: number }) {
  const results: LoadResult[] = [];
  const sent: { worker: number; request: SeenRequest }[] = [];
  for (const [worker, part] of shareOut(plan, workers).entries()) {
    const clock = virtualAlarms();
    // Refuses every third first attempt: retries belong to the worker, too.
    const sender = pretendedReceiver(clock, ({ eventId, before }) => ({
      status: before === 0 && Number(eventId.slice(4)) % 3 === 0 ? 500 : 200,
    }));
    const source = { ...numberedEvents(), together };
    results.push(await emitVirtually(clock, { ...part, startMs: VIRTUAL_START_MS }, { sender }, source));
    sent.push(...sender.seen.map((request) => ({ worker, request })));
  }
  const [first, ...others] = results;
  return { sent, result: mergeResults([first!, ...others]) };
}

/** What, when, how often tried, and whether with the right key. */
function wire({ sent }: Awaited<ReturnType<typeof sentBy>>): string[] {
  return sent
    .map(({ request }) => [request.atMs, request.body, JSON.stringify(request.headers)].join(' '))
    .sort();
}

describe('workers together', () => {
  it('send what one worker would send, each request once and at the same time', async () => {
    const plans = fc.record({
      workers: fc.integer({ min: 2, max: 5 }),
      together: fc.integer({ min: 1, max: 4 }),
      count: fc.integer({ min: 5, max: 80 }),
      duplicates: fc.constantFrom(0, 0.3, 1),
      forged: fc.constantFrom(0, 0.4),
      reorder: fc.constantFrom(1, 7),
      ratePerSecond: fc.constantFrom(8, 125),
      durationMs: fc.constantFrom(undefined, 1_000),
      seed: fc.integer({ min: 0, max: 1e9 }),
    });
    await fc.assert(
      fc.asyncProperty(plans, async ({ workers, together, ...chosen }) => {
        const plan = { ...PLAN, ...chosen };
        const alone = await sentBy(plan, { workers: 1, together });
        const shared = await sentBy(plan, { workers, together });
        expect(wire(shared)).toEqual(wire(alone));
        expect({ ...shared.result, examples: [] }).toEqual({ ...alone.result, examples: [] });
      }),
      { numRuns: 40 },
    );
  });

  it('share the backlog of an outage', async () => {
    const plan = { ...PLAN, outageMs: 70_000, ratePerSecond: 1 };
    const [alone, shared] = [
      await sentBy(plan, { workers: 1, together: 1 }),
      await sentBy(plan, { workers: 3, together: 1 }),
    ];
    expect(wire(shared)).toEqual(wire(alone));
    expect(shared.result).toMatchObject({ events: 70, attempts: 94 });
  });

  it('keep events that belong together in one worker', async () => {
    const { sent } = await sentBy({ ...PLAN, count: 30 }, { workers: 2, together: 5 });
    const storyOf = ({ request }: (typeof sent)[number]) => Math.floor(Number(request.eventId.slice(4)) / 5);
    expect(sent.map((one) => [storyOf(one), one.worker])).toEqual(
      sent.map((one) => [storyOf(one), storyOf(one) % 2]),
    );
  });

  it('each count the events that they never sent', async () => {
    const parts = shareOut({ ...PLAN, concurrency: 2, ratePerSecond: 10, durationMs: 2_000 }, 2);
    const results = await Promise.all(
      parts.map((part) => {
        const clock = virtualAlarms();
        const sender = pretendedReceiver(clock, () => ({ status: 200, after: 1_000 }));
        return emitVirtually(clock, { ...part, startMs: VIRTUAL_START_MS }, { sender });
      }),
    );
    expect(results.map(({ events, unsent }) => events + unsent)).toEqual([10, 10]);
  });
});

test.each([
  [2, 5, [3, 2]],
  [3, 3, [1, 1, 1]],
  [4, 50, [13, 13, 12, 12]],
])('%i workers share %i connections as %j', (workers, concurrency, shares) => {
  expect(shareOut({ ...PLAN, concurrency }, workers).map((plan) => plan.concurrency)).toEqual(shares);
});

test.each([
  [
    9,
    {},
    '9 workers for a concurrency of 8: each needs a connection of its own; use at most 8 workers, or a concurrency of at least 9',
  ],
  [4, { count: 3 }, '4 workers for 3 events: use at most 3 workers'],
])('%d workers cannot share %j', (workers, plan, message) => {
  expect(() => shareOut({ ...PLAN, ...plan }, workers)).toThrow(message);
});

/** Workers that say what the test wants, and write down what they are told. */
function pretendedPool() {
  const told: string[] = [];
  const workers: ReturnType<typeof pretendedWorker>[] = [];
  const pool: WorkerPool = () => {
    const worker = pretendedWorker((what) => told.push(`${workers.indexOf(worker) + 1} ${what}`));
    workers.push(worker);
    return worker;
  };
  return { pool, told, workers };
}

function pretendedWorker(tell: (what: string) => void) {
  const says = {} as {
    ready: () => void;
    done: (result: LoadResult) => void;
    failed: (error: Error) => void;
  };
  return {
    says,
    progress: undefined as WorkerProgress | undefined,
    ready: new Promise<void>((resolve) => (says.ready = resolve)),
    result: new Promise<LoadResult>((resolve, reject) =>
      Object.assign(says, { done: resolve, failed: reject }),
    ),
    begin: (startMs: number) => tell(`begin ${startMs}`),
    stop: () => tell('stop'),
    terminate: () => tell('terminate'),
  };
}

describe('a pool of workers', () => {
  const plans = shareOut(PLAN, 2);
  const aResult = () => {
    const clock = virtualAlarms();
    const { endpoint } = configureWebhook({ url: 'http://127.0.0.1:1/hook' });
    const means = { endpoint, policy: DEFAULT_POLICY, clock, sender: pretendedReceiver(clock) };
    return clock.run(emit(numberedEvents(), { ...PLAN, count: 3 }, means));
  };

  it('starts when all workers are ready, adds up their counts, and stops', async () => {
    const { pool, told, workers } = pretendedPool();
    const views: (() => unknown)[] = [];
    const whole = emitTogether(plans, { pool, now: () => 7, onStart: (progress) => views.push(progress) });
    workers[0]!.says.ready();
    await setImmediate();
    expect(told).toEqual([]);
    workers[1]!.says.ready();
    await setImmediate();
    expect(told).toEqual(['1 begin 7', '2 begin 7']);
    const counts = { elapsedMs: 9, begun: 3, inFlight: 1, waiting: 1, attempts: 4, accepted: 2, failed: 2 };
    workers[0]!.progress = { ...counts, latency: [[1_000, 3]] };
    workers[1]!.progress = { ...counts, elapsedMs: 8, latency: [[5_000, 1]] };
    expect(views.map((view) => view())).toEqual([
      {
        elapsedMs: 9,
        begun: 6,
        inFlight: 2,
        waiting: 2,
        attempts: 8,
        accepted: 4,
        failed: 4,
        p50Ms: 1,
        p99Ms: 5,
      },
    ]);
    const result = await aResult();
    workers[1]!.says.done(result);
    workers[0]!.says.done(result);
    expect(await whole).toMatchObject({ events: 6, attempts: 6 });
    expect(told.slice(2)).toEqual(['1 terminate', '2 terminate']);
  });

  it('ends with the first failure of a worker', async () => {
    const { pool, told, workers } = pretendedPool();
    const whole = emitTogether(plans, { pool, now: () => 7 });
    const failure = new Error('first');
    workers[1]!.says.failed(failure);
    workers[0]!.says.failed(new Error('second'));
    await expect(whole).rejects.toBe(failure);
    expect(told).toEqual(['1 terminate', '2 terminate']);
  });

  it('passes on an interrupt, even one that came before the start', async () => {
    const { pool, told, workers } = pretendedPool();
    const stop = new AbortController();
    stop.abort();
    void emitTogether(plans, { pool, now: () => 7, signal: stop.signal });
    for (const { says } of workers) says.ready();
    await setImmediate();
    expect(told).toEqual(['1 begin 7', '2 begin 7', '1 stop', '2 stop']);
  });
});
