import { uptime } from 'node:os';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../ports.ts';

/** setTimeout takes at most 2^31-1 ms and fires at once when asked for more. */
export const LONGEST_TIMEOUT_MS = 2_147_483_647;

/** Timers stand still while the machine sleeps, so that a long wait is looked at this often. */
const SLICE_MS = 1_000;

/** Two readings of the same time differ by less than this. */
const CLOCK_SET_MS = 2;

/** The time since boot is read in steps of up to a second; a shorter sleep of the machine passes unnoticed. */
const SUSPENDED_MS = 2_000;

// Reading it costs more than reading the time.
const ORIGIN_MS = performance.timeOrigin;

/** Milliseconds with fractions since 1970, as the wall clock was at the start: it ignores a clock that is set. */
export function steadyNow(): number {
  return ORIGIN_MS + performance.now();
}

/** The time since boot goes on while a machine sleeps (Linux, macOS and Windows); the clock of timers does not. */
class SuspendWatch {
  #behindMs = uptime() * 1_000 - performance.now();
  #checkedAtMs = performance.now();
  /** How long the machine has slept since the start. */
  #suspendedMs = 0;

  suspendedMs(): number {
    const nowMs = performance.now();
    if (nowMs - this.#checkedAtMs < SLICE_MS / 2) return this.#suspendedMs;
    this.#checkedAtMs = nowMs;
    const behindMs = uptime() * 1_000 - nowMs;
    if (behindMs - this.#behindMs > SUSPENDED_MS) {
      this.#suspendedMs += behindMs - this.#behindMs;
      this.#behindMs = behindMs;
    }
    return this.#suspendedMs;
  }
}

const watch = new SuspendWatch();

interface Skew {
  /** By `steadyNow`. */
  readonly sinceMs: number;
  readonly skewMs: number;
}

/** A clock that is slewed is set again and again. */
const MOST_SKEWS = 1_000;

/** What was added to the clock of the start, to follow the wall clock when it is set; the last one holds. */
const skews: Skew[] = [];
let skewMs = 0;

/** The wall clock, which has whole milliseconds only, with the fractions of the steady one. */
function wallNow(): number {
  const wallMs = Date.now();
  const nowMs = steadyNow() + skewMs;
  if (Math.abs(nowMs - wallMs) < CLOCK_SET_MS) return nowMs;
  skewMs += wallMs - nowMs;
  skews.push({ sinceMs: steadyNow(), skewMs });
  if (skews.length > MOST_SKEWS) skews.shift();
  return wallMs;
}

/** How far the wall clock is ahead of `steadyNow`, or was at a time of that: 0 until it is set. */
export function wallSkewMs(atMs = Infinity): number {
  wallNow();
  if (skews.length === 0 || atMs === Infinity) return skewMs;
  return skews.findLast(({ sinceMs }) => sinceMs <= atMs)?.skewMs ?? 0;
}

export const systemClock: Clock & { monotonic(): number } = {
  now: wallNow,

  monotonic: () => performance.now() + watch.suspendedMs(),

  async sleep(ms, signal) {
    const dueMs = systemClock.monotonic() + ms;
    // setTimeout may fire up to 2 ms early, so the rest is waited for once more.
    for (let leftMs = ms; leftMs > 0; leftMs = dueMs - systemClock.monotonic()) {
      const slice = sleep(Math.min(Math.ceil(leftMs), SLICE_MS), undefined, signal && { signal });
      // Node's timer rejects with an error of its own.
      await slice.catch((error: unknown) => {
        throw (signal?.reason ?? error) as Error;
      });
    }
    signal?.throwIfAborted();
  },
};

/** The hand for waits. A clock with one hand is both. */
export function monotonicMs(clock: Clock): number {
  return clock.monotonic?.() ?? clock.now();
}
