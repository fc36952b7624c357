import type { Clock, HttpSender } from '../../src/ports.ts';

/** Time that passes only in `sleep`, at once. `slept` holds every wait asked for, in milliseconds. */
export interface VirtualClock extends Clock {
  readonly slept: readonly number[];
}

export function virtualClock(startMs = Date.parse('2026-01-31T12:00:00.250Z')): VirtualClock {
  const slept: number[] = [];
  let nowMs = startMs;
  return {
    slept,
    now: () => nowMs,
    // eslint-disable-next-line @typescript-eslint/require-await -- an abort must reject, not throw
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      slept.push(ms);
      nowMs += ms;
    },
  };
}

/**
 * Time for things that go on side by side: it passes, to the next that anyone waits for, only when no request is
 * under way and everybody sleeps. Several deliveries over real HTTP then take place in one exact order.
 */
export function sharedVirtualClock(startMs = Date.parse('2026-01-31T12:00:00.250Z')): SharedVirtualClock {
  const sleepers: { readonly dueMs: number; wake(): void }[] = [];
  let [nowMs, requests] = [startMs, 0];
  const passTime = () => {
    if (requests > 0) return;
    const dueMs = Math.min(...sleepers.map((sleeper) => sleeper.dueMs));
    const next = sleepers.findIndex((sleeper) => sleeper.dueMs === dueMs);
    if (next < 0) return;
    nowMs = dueMs;
    sleepers.splice(next, 1)[0]?.wake();
    setImmediate(passTime);
  };
  return {
    now: () => nowMs,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        const abort = () => reject(signal?.reason as Error);
        signal?.addEventListener('abort', abort, { once: true });
        const wake = () => {
          signal?.removeEventListener('abort', abort);
          resolve();
        };
        sleepers.push({ dueMs: nowMs + ms, wake });
        setImmediate(passTime);
      }),
    watching: (sender) => ({
      send: async (request, limits) => {
        requests += 1;
        try {
          return await sender.send(request, limits);
        } finally {
          requests -= 1;
          setImmediate(passTime);
        }
      },
    }),
  };
}

export interface SharedVirtualClock extends Clock {
  /** Time stands still while one of this sender's requests is under way. */
  watching(sender: HttpSender): HttpSender;
}

/** Time that passes only when it is told to: `pass` wakes whoever is due on the way, each at the time of its own. */
export interface ManualClock extends Clock {
  pass(ms: number): Promise<void>;
}

export function manualClock(startMs = 0): ManualClock {
  const sleepers = new Set<{ readonly dueMs: number; wake(): void }>();
  let nowMs = startMs;
  const dueBy = (untilMs: number) =>
    [...sleepers].filter(({ dueMs }) => dueMs <= untilMs).sort((a, b) => a.dueMs - b.dueMs)[0];
  return {
    now: () => nowMs,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        const abort = () => {
          sleepers.delete(sleeper);
          reject(signal?.reason as Error);
        };
        const wake = () => {
          signal?.removeEventListener('abort', abort);
          resolve();
        };
        const sleeper = { dueMs: nowMs + ms, wake };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', abort, { once: true });
      }),
    pass: async (ms) => {
      const untilMs = nowMs + ms;
      await settled();
      for (let next = dueBy(untilMs); next !== undefined; next = dueBy(untilMs)) {
        nowMs = Math.max(nowMs, next.dueMs);
        sleepers.delete(next);
        next.wake();
        await settled();
      }
      nowMs = untilMs;
    },
  };
}

/** When everything that follows from what was done has happened, as far as it waits for no one outside. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A clock whose hands part: `set` moves the wall clock alone, `pass` both. */
export interface TwoHandedClock extends ManualClock {
  monotonic(): number;
  /** Sets the wall clock forward, or back. */
  set(byMs: number): void;
}

export function twoHandedClock(startMs = Date.parse('2026-01-31T12:00:00.250Z')): TwoHandedClock {
  const steady = manualClock();
  let offsetMs = startMs;
  return {
    ...steady,
    now: () => steady.now() + offsetMs,
    monotonic: () => steady.now(),
    set: (byMs) => {
      offsetMs += byMs;
    },
  };
}
