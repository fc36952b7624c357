import type { AlarmClock } from '../ports.ts';

/**
 * When an attempt and the first one of its delivery are made, by the wall clock. The first one stays where it was when
 * the clock is set forward, as if the machine had slept; a clock that is set back takes it along, so that simulated time
 * still goes forward.
 */
export function wallTimes(
  { attempt, firstAtMs, skippedMs }: { attempt: number; firstAtMs: number; skippedMs: number },
  nowMs: number,
  clock: Pick<AlarmClock, 'skewMs'> | undefined,
) {
  const skewMs = clock?.skewMs?.() ?? 0;
  const firstSkewMs = attempt === 1 ? skewMs : Math.min(skewMs, clock?.skewMs?.(firstAtMs) ?? 0);
  const first = attempt === 1 ? nowMs : firstAtMs;
  return {
    nowMs: nowMs + skewMs,
    firstAtMs: first + firstSkewMs,
    // What was skipped has passed then.
    skippedMs: Math.max(0, skippedMs - (skewMs - firstSkewMs)),
  };
}
