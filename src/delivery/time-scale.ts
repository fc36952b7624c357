import { UsageError } from '../errors.ts';
import type { Clock } from '../ports.ts';

/**
 * Simulated seconds per real second. It divides the delays between attempts and nothing else: the limit of an
 * attempt is the receiver's own time. `Infinity` ("instant") leaves no wait at all.
 */
export type TimeScale = number;

export const REAL_TIME: TimeScale = 1;

/** For JSON, which has no infinity. */
export type NamedScale = number | 'instant';

export function namedScale(scale: TimeScale): NamedScale {
  return Number.isFinite(scale) ? scale : 'instant';
}

export function scaleOfName(name: NamedScale): TimeScale {
  return name === 'instant' ? Number.POSITIVE_INFINITY : name;
}

const UNIT_SECONDS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3_600, d: 86_400 };

/** Reads `1000`, `1h=1s` (one simulated hour is one real second) or `instant`. @throws {UsageError} */
export function parseTimeScale(text: string): TimeScale {
  if (text === 'instant') return Number.POSITIVE_INFINITY;
  const [simulated = '', real] = text.split('=');
  const scale = real === undefined ? Number(simulated || 'x') : ratio(simulated, real);
  if (Number.isFinite(scale) && scale > 0) return scale;
  throw new UsageError(
    `\`timeScale\` ${text}: expected a number above 0, 'instant', or two durations such as 1h=1s`,
  );
}

function ratio(simulated: string, real: string): number {
  const [from, to] = [parseDurationMs(simulated), parseDurationMs(real)];
  return from === undefined || to === undefined ? Number.NaN : from / to;
}

/** `250ms`, `2s`, `1.5h`, `3d`. */
export const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

/** A duration in milliseconds; undefined for any other text. */
export function parseDurationMs(text: string): number | undefined {
  const match = DURATION.exec(text);
  const unit = UNIT_SECONDS[match?.[2] ?? ''];
  return unit === undefined ? undefined : Number(match?.[1]) * unit * 1000;
}

/** The real wait for a simulated delay, in milliseconds. */
export function scaledMs(delaySeconds: number, scale: TimeScale): number {
  return (delaySeconds * 1000) / scale;
}

/** @throws {UsageError} for a scale that is not above 0 */
export function checkedScale(scale: TimeScale): TimeScale {
  if (scale > 0) return scale;
  throw new UsageError(`time scale ${scale}: expected a number above 0`);
}

/** A hundred years: dates far beyond have no text. */
const LONGEST_MS = 36_525 * 86_400_000;

/** Of milliseconds, or of a text such as `66s`; at most a hundred years. @throws {UsageError} */
export function durationMs(duration: number | string): number {
  const ms = typeof duration === 'number' ? duration : parseDurationMs(duration);
  if (ms !== undefined && ms >= 0 && ms <= LONGEST_MS) return ms;
  const most = ms !== undefined && ms > LONGEST_MS ? '; 36525d is the longest' : '';
  throw new UsageError(`${duration}: expected milliseconds, or a duration such as 66s, 1.5h or 3d${most}`);
}

/** Time as the waits of a schedule see it: all durations are simulated milliseconds. */
export interface SimulatedClock extends Clock {
  readonly scale: TimeScale;
  /** Simulated milliseconds that were jumped over by hand, so far. */
  readonly movedMs: number;
  /** Real milliseconds for which the clock was paused, so far. */
  readonly pausedMs: number;
  /**
   * Counts the work as under way, except while it sleeps on this clock: `next` and `advance` wait for it. What sleeps
   * on the clock does so inside of this, one sleep at a time.
   */
  during<T>(work: () => Promise<T>): Promise<T>;
}
