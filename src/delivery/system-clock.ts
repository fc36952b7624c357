import { setTimeout as sleep } from 'node:timers/promises';
import { performance } from 'node:perf_hooks';
import type { Clock } from '../ports.ts';

/** setTimeout takes at most 2^31-1 ms and fires at once when asked for more. */
export const LONGEST_TIMEOUT_MS = 2_147_483_647;

// Reading it costs more than reading the time.
const ORIGIN_MS = performance.timeOrigin;

export const systemClock: Clock = {
  // Monotonic: a system clock that is set back in the middle of a schedule must not confuse it.
  now: () => ORIGIN_MS + performance.now(),

  async sleep(ms, signal) {
    const dueMs = performance.now() + ms;
    // setTimeout may fire up to 2 ms early, so the rest is waited for once more.
    for (let leftMs = ms; leftMs > 0; leftMs = dueMs - performance.now()) {
      await sleep(Math.min(Math.ceil(leftMs), LONGEST_TIMEOUT_MS), undefined, signal && { signal });
    }
    signal?.throwIfAborted();
  },
};
