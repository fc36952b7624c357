import type { AlarmClock } from '../../src/load/ports.ts';

/** Time that passes only in `run`, from one thing that is waited for to the next. */
export interface VirtualAlarms extends AlarmClock {
  /** Calls back after this time: for the other side, e.g. a receiver that takes its time. */
  after(ms: number, callback: () => void): void;
  /** Lets time pass until the promise is settled. */
  run<Value>(promise: Promise<Value>): Promise<Value>;
}

export const VIRTUAL_START_MS = Date.parse('2026-01-31T12:00:00.250Z');

export function virtualAlarms(): VirtualAlarms {
  const waiting = new Map<object, { dueMs: number; ring: () => void }>();
  let nowMs = VIRTUAL_START_MS;
  const step = () => {
    const [next] = [...waiting].sort(([, a], [, b]) => a.dueMs - b.dueMs);
    if (next === undefined) throw new Error('everybody waits for something that never comes');
    waiting.delete(next[0]);
    nowMs = Math.max(nowMs, next[1].dueMs);
    next[1].ring();
  };
  return {
    now: () => nowMs,
    alarm: (ring) => {
      const key = {};
      return { set: (dueMs) => waiting.set(key, { dueMs, ring }), clear: () => waiting.delete(key) };
    },
    after: (ms, ring) => {
      waiting.set({}, { dueMs: nowMs + ms, ring });
    },
    run: async (promise) => {
      const state = { isSettled: false };
      const settled = promise.finally(() => (state.isSettled = true));
      settled.catch(() => undefined);
      await turn();
      while (!state.isSettled) {
        step();
        await turn();
      }
      return settled;
    },
  };
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
