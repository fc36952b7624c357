import { InvalidArgumentError } from 'commander';
import { parseDurationMs } from '../../delivery/time-scale.ts';
import { parseIsoTime } from '../../text/time.ts';

/**
 * Readers of flags' values, one for each kind. @throws {InvalidArgumentError} whose message is what was expected; the
 * flag and the value are put before it (see strict.ts)
 */
export type Parse<T> = (text: string) => T;

const MAX_SEED = 4_294_967_295;
const MAX_PORT = 65_535;
const MAX_COUNT = 1_000_000_000_000;

/** A whole number; ASCII digits alone. */
function whole({ least, most }: { readonly least: number; readonly most: number }): Parse<number> {
  return (text) => {
    const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (number >= least && number <= most) return number;
    // A count has a limit, too, and nobody asks for it by mistake.
    const range = most < MAX_COUNT || number > most ? `from ${least} to ${most}` : `from ${least}`;
    throw new InvalidArgumentError(`expected a whole number ${range}`);
  };
}

export const count = whole({ least: 1, most: MAX_COUNT });
/** What a machine can have of at once: connections, threads, requests under way, events in a window. */
export const size = whole({ least: 1, most: 10_000_000 });
export const port = whole({ least: 0, most: MAX_PORT });
/** A seed, or a number of seconds. */
export const wholeNumber = whole({ least: 0, most: MAX_SEED });

/** From 0 to 1. */
export function probability(text: string): number {
  if (/^(0|1|[01]?\.\d{1,15})$/.test(text) && Number(text) <= 1) return Number(text);
  throw new InvalidArgumentError('expected a number from 0 to 1, such as 0.05');
}

/** The longest time a timer can be asked for without a second thought: ten years. */
const MAX_DURATION_MS = 10 * 365.25 * 86_400_000;

function durationFrom(leastMs: number): Parse<number> {
  const above = leastMs > 0 ? ' above 0' : '';
  return (text) => {
    const ms = parseDurationMs(text);
    if (ms !== undefined && ms >= leastMs && ms <= MAX_DURATION_MS) return ms;
    throw new InvalidArgumentError(`expected a duration${above}, such as 500ms, 30s, 5m or 2h`);
  };
}

/** In milliseconds, from 0. */
export const duration = durationFrom(0);
/** In milliseconds, above 0. */
export const someDuration = durationFrom(Number.MIN_VALUE);

const TIME = 'expected a time like 2026-01-31T12:00:00Z, or unix seconds';

/** ISO 8601 with a zone, a day, or unix seconds of 9 to 11 digits: 2026 is a year, not a moment of 1970. */
export function time(text: string): Date {
  if (/^\d{9,11}$/.test(text)) return new Date(Number(text) * 1000);
  const ms = parseIsoTime(text);
  if (ms !== undefined) return new Date(ms);
  if (parseIsoTime(`${text}Z`) !== undefined)
    throw new InvalidArgumentError(`${TIME}; add Z for UTC, or an offset such as +09:00`);
  if (/^\d{12,14}$/.test(text)) throw new InvalidArgumentError(`${TIME}; is this in milliseconds?`);
  throw new InvalidArgumentError(TIME);
}

/** Events, ids and other names with commas between; a flag given again adds to the list. */
export function list(text: string, previous: readonly string[] = []): string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.includes(''))
    throw new InvalidArgumentError('expected names with commas between, and none empty');
  return [...previous, ...names];
}

/** For a flag that may be given several times. */
export function collect(text: string, previous: readonly string[] = []): string[] {
  return [...previous, text];
}

/** First attempts a second. */
export function rate(text: string): number {
  const match = /^(\d{1,15}(?:\.\d{1,15})?)\/([smh])$/.exec(text);
  const seconds = { s: 1, m: 60, h: 3_600 }[match?.[2] ?? 's'] ?? 1;
  const perSecond = Number(match?.[1] ?? 0) / seconds;
  if (perSecond > 0 && perSecond <= MAX_COUNT) return perSecond;
  const isBare = /^\d+(\.\d+)?$/.test(text) && Number(text) > 0;
  const guess = isBare ? `; did you mean ${text}/s?` : '';
  throw new InvalidArgumentError(`expected a number above 0 with a unit: 500/s, 30/m or 100/h${guess}`);
}

/** `name: value`. The text is not repeated: without its colon it may be a credential alone. */
export function header(text: string): [name: string, value: string] {
  const colon = text.indexOf(':');
  if (colon > 0) return [text.slice(0, colon).trim(), text.slice(colon + 1).trim()];
  throw new InvalidArgumentError(`expected 'name: value', with a colon`);
}
