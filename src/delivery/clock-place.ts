import type { Clock } from '../ports.ts';
import { monotonicMs } from './system-clock.ts';
import type { TimeScale } from './time-scale.ts';

/** Where a clock stands. */
export interface ClockPlace {
  readonly nowMs: number;
  readonly movedMs: number;
  readonly isPaused: boolean;
  readonly scale: TimeScale;
}

/** One moment on all hands. */
export interface ClockAnchor {
  /** Monotonic. */
  readonly realMs: number;
  /** Milliseconds since 1970. */
  readonly wallMs: number;
  readonly simulatedMs: number;
}

export function anchorAt(real: Clock, simulatedMs: number): ClockAnchor {
  return { realMs: monotonicMs(real), wallMs: real.now(), simulatedMs };
}
