import type { Clock } from '../../src/ports.ts';

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
