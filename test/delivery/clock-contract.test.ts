import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { MovableClock } from '../../src/delivery/movable-clock.ts';
import { monotonicMs, systemClock } from '../../src/delivery/system-clock.ts';
import type { Clock } from '../../src/ports.ts';
import { manualClock, sharedVirtualClock, twoHandedClock, virtualClock } from '../helpers/virtual-clock.ts';

interface Implementation {
  readonly clock: Clock;
  /** Lets time pass, where it does not by itself. */
  readonly pass?: (ms: number) => Promise<void>;
}

/** Every implementation of the port: ours, and those that tests trust in. */
const CLOCKS: readonly (readonly [name: string, create: () => Implementation])[] = [
  ['the system', () => ({ clock: systemClock })],
  ['a movable one on the system', () => ({ clock: new MovableClock(systemClock, 1) })],
  ['a movable one at ten times the speed', () => ({ clock: new MovableClock(systemClock, 10) })],
  ['a movable one without real waits', () => ({ clock: new MovableClock(systemClock, Infinity) })],
  [
    'a movable one that is moved by hand',
    () => {
      const clock = new MovableClock(manualClock(), 1);
      return { clock, pass: (ms) => clock.advance(ms) };
    },
  ],
  ['virtual', () => ({ clock: virtualClock() })],
  ['virtual and shared', () => ({ clock: sharedVirtualClock() })],
  ['manual', () => moved(manualClock())],
  ['of two hands', () => moved(twoHandedClock())],
];

function moved(clock: ReturnType<typeof manualClock>): Implementation {
  return { clock, pass: (ms) => clock.pass(ms) };
}

/** A double of the size of a time holds it to a quarter of a microsecond. */
const EXACT_MS = 0.001;
const reason = new Error('stop');

describe.each(CLOCKS)('a clock: %s', (name, create) => {
  /** What sleeps on a movable clock says that it is under way. */
  const during = <T>(clock: Clock, work: () => Promise<T>) =>
    clock instanceof MovableClock ? clock.during(work) : work();

  test('never wakes early', async () => {
    const { clock, pass } = create();
    for (const ms of [0, 0.3, 1, 5.5, 20]) {
      const [beforeMs, waitsSinceMs] = [clock.now(), monotonicMs(clock)];
      const sleep = during(clock, () => clock.sleep(ms));
      await pass?.(ms);
      await sleep;
      expect(clock.now() - beforeMs).toBeGreaterThan(ms - EXACT_MS);
      expect(monotonicMs(clock) - waitsSinceMs).toBeGreaterThan(ms - EXACT_MS);
    }
  });

  // Where time passes within the call, nobody sleeps beside another.
  test.skipIf(name === 'virtual')('wakes in the order in which the sleepers are due', async () => {
    const { clock, pass } = create();
    const woken: number[] = [];
    const sleeps = [60, 20, 40].map((ms) =>
      during(clock, async () => {
        await clock.sleep(ms);
        woken.push(ms);
      }),
    );
    await pass?.(60);
    await Promise.all(sleeps);
    expect(woken).toEqual([20, 40, 60]);
  });

  test('does not begin to sleep once it is aborted, and gives the reason', async () => {
    const { clock } = create();
    const sleep = during(clock, () => clock.sleep(60_000, AbortSignal.abort(reason)));
    await expect(sleep).rejects.toBe(reason);
  });

  test.skipIf(name === 'virtual')(
    'is aborted in its sleep, with the reason, before time passes',
    async () => {
      const { clock } = create();
      const stop = new AbortController();
      const beforeMs = clock.now();
      const sleep = during(clock, () => clock.sleep(3_000_000_000, stop.signal));
      stop.abort(reason);
      await expect(sleep).rejects.toBe(reason);
      expect(clock.now() - beforeMs).toBeLessThan(3_000_000_000);
    },
  );

  test('leaves nothing at a signal that many sleeps share', async () => {
    const { clock, pass } = create();
    const { signal } = new AbortController();
    for (let sleeps = 0; sleeps < 3; sleeps += 1) {
      const sleep = during(clock, () => clock.sleep(1, signal));
      await pass?.(1);
      await sleep;
    }
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('does not run backwards', () => {
    const { clock } = create();
    let beforeMs = monotonicMs(clock);
    for (let reads = 0; reads < 1_000; reads += 1) {
      const nowMs = monotonicMs(clock);
      expect(nowMs).toBeGreaterThanOrEqual(beforeMs);
      beforeMs = nowMs;
    }
  });
});
