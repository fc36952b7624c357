import { createHash } from 'node:crypto';
import { UsageError } from '../errors.ts';
import { didYouMean } from '../text/nearest.ts';
import { shuffled } from '../text/shuffled.ts';
import type { Random } from '../ports.ts';
import type { Recording } from './recording.ts';

export interface ReplayPlanOptions {
  /** Only the events of these names. @default all */
  readonly only?: readonly string[] | undefined;
  /** The first so many deliveries. @default all */
  readonly limit?: number | undefined;
  /** Every recorded attempt is sent, once. @default the attempts of one delivery become one delivery */
  readonly everyAttempt?: boolean | undefined;
  /** The moments of sending stay, which recording is sent at which is drawn. */
  readonly shuffle?: boolean | undefined;
}

/** One delivery to begin. */
export interface PlannedReplay {
  readonly recording: Recording;
  /** Of the plan, before it was shuffled. */
  readonly eventIndex: number;
  /** When, in milliseconds since the first. */
  readonly dueMs: number;
  /** 2 for the second delivery of the same event, and so on. */
  readonly copy: number;
}

/**
 * What is sent when: in the order of the recorded times where every recording has one, else as they stand.
 * @throws {UsageError} when nothing is left to send
 */
export function planReplay(
  recordings: readonly Recording[],
  options: ReplayPlanOptions,
  random: Random,
): PlannedReplay[] {
  const chosen = chooseEvents(inOrder(recordings), options);
  const begun = options.everyAttempt === true ? chosen : firstAttempts(chosen);
  const limited = begun.slice(0, options.limit);
  const slotsMs = dueTimes(limited);
  const indexed = limited.map((recording, eventIndex) => ({ recording, eventIndex }));
  const order = options.shuffle === true ? shuffled(indexed, random) : indexed;
  const copyOf = counter();
  return order.map((entry, slot) => ({
    ...entry,
    dueMs: slotsMs[slot] ?? 0,
    copy: copyOf(entry.recording.eventId ?? ''),
  }));
}

function inOrder(recordings: readonly Recording[]): readonly Recording[] {
  if (recordings.some(({ atMs }) => atMs === undefined)) return recordings;
  return recordings.toSorted((a, b) => (a.atMs ?? 0) - (b.atMs ?? 0));
}

function chooseEvents(recordings: readonly Recording[], { only }: ReplayPlanOptions): readonly Recording[] {
  if (recordings.length === 0) throw new UsageError('nothing to send: the recording is empty');
  if (only === undefined) return recordings;
  const missing = missingEvents(
    only,
    recordings.map(({ eventName = '' }) => eventName),
  );
  if (missing !== undefined) throw new UsageError(missing);
  return recordings.filter(({ eventName }) => eventName !== undefined && only.includes(eventName));
}

/** What to say of a name in `only` that no recording bears; undefined where there is none. */
export function missingEvents(only: readonly string[], recorded: Iterable<string>): string | undefined {
  const names = [...new Set(recorded)].filter((name) => name !== '');
  const unknown = only.find((name) => !names.includes(name));
  if (unknown === undefined) return undefined;
  return `\`only\` ${unknown}: not in the recording${didYouMean(unknown, names)}\nIts events: ${names.join(', ') || 'none'}`;
}

/**
 * Of a delivery with an id only the first counts. Elsewhere a retry bears a higher number than the attempt before it, and the same bytes. The same event with the same
 * number again is a duplicate: a delivery of its own.
 */
function firstAttempts(recordings: readonly Recording[]): Recording[] {
  const lastAttempt = new Map<string, number>();
  return recordings.filter((recording) => {
    const key = deliveryKey(recording);
    const { attempt, deliveryId } = recording;
    if (key === undefined || attempt === undefined) return true;
    const previous = lastAttempt.get(key);
    lastAttempt.set(key, attempt);
    // An attempt that a crash interrupted is made again under its number: the delivery is known by its id.
    return previous === undefined || (deliveryId === undefined && attempt <= previous);
  });
}

function deliveryKey({ deliveryId, eventId, url, body }: Recording): string | undefined {
  if (deliveryId !== undefined) return deliveryId;
  if (eventId === undefined) return undefined;
  return `${eventId} ${url} ${createHash('sha256').update(body).digest('hex')}`;
}

/** A recording without a time follows the one before it at once; time never runs backwards. */
function dueTimes(recordings: readonly Recording[]): number[] {
  const firstMs = recordings[0]?.atMs;
  let dueMs = 0;
  return recordings.map(({ atMs }) => {
    if (atMs !== undefined && firstMs !== undefined) dueMs = Math.max(dueMs, atMs - firstMs);
    return dueMs;
  });
}

function counter(): (key: string) => number {
  const counts = new Map<string, number>();
  return (key) => {
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return count;
  };
}
