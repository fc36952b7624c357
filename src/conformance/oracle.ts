import type { Clock } from '../ports.ts';
import { HookcastError } from '../errors.ts';

/** What the user gives us to look behind the status code. */
export interface OracleReading {
  /** How often the event was processed; 0 for one that is not listed. */
  processed(eventId: string): number;
  /** The state that the receiver holds of an object, e.g. an inquiry's status; undefined when it holds none. */
  status(objectId: string): string | undefined;
}

export interface Oracle {
  /** Everything that the receiver knows now. @throws {OracleError} when that cannot be had */
  read(): Promise<OracleReading>;
  /** Does it also tell the state of objects? */
  readonly tellsState: boolean;
}

/** An oracle that cannot be asked or answers nonsense: the run breaks, it proves nothing about the receiver. */
export class OracleError extends HookcastError {
  override name = 'OracleError' as const;
  override readonly exit = 'broken' as const;

  constructor(message: string, options?: ErrorOptions) {
    super('ORACLE', message, options);
  }
}

/** How long to wait for work that a receiver does after its answer. */
export interface Patience {
  readonly pollMs: number;
  /** This many equal readings in a row count as quiet. */
  readonly quietReadings: number;
  readonly deadlineMs: number;
  /** How long an effect that must come may take: workers that look into their queue every few seconds. @default deadlineMs */
  readonly effectMs?: number;
}

export const DEFAULT_PATIENCE: Patience = {
  ...{ pollMs: 100, quietReadings: 3, deadlineMs: 5_000, effectMs: 10_000 },
};

interface Pace {
  readonly clock: Clock;
  readonly patience: Patience;
  readonly learnt: Learnt;
}

interface Awaited {
  readonly digest: (reading: OracleReading) => string;
  /** What must have happened before quiet means anything. */
  readonly isDone?: ((reading: OracleReading) => boolean) | undefined;
}

/** Reads until what is awaited has happened and `digest` of the reading stays the same, or the time is over. */
export async function readWhenQuiet(
  oracle: Oracle,
  { digest, isDone = () => true }: Awaited,
  pace: Pace,
): Promise<OracleReading> {
  const { clock, patience, learnt } = pace;
  let reading = await readUntil(oracle, isDone, pace);
  // A receiver that was slow once may be as slow again: quiet must last longer than that.
  const quietMs = QUIET_FACTOR * learnt.slowestEffectMs;
  const endMs = clock.now() + patience.deadlineMs + quietMs;
  let [last, equal, sinceMs] = [digest(reading), 1, clock.now()];
  while ((equal < patience.quietReadings || clock.now() - sinceMs < quietMs) && clock.now() < endMs) {
    await clock.sleep(patience.pollMs);
    reading = await oracle.read();
    const next = digest(reading);
    if (next !== last) [last, equal, sinceMs] = [next, 0, clock.now()];
    equal += 1;
  }
  return reading;
}

const QUIET_FACTOR = 1.5;

async function readUntil(
  oracle: Oracle,
  isDone: (reading: OracleReading) => boolean,
  { clock, patience: { pollMs, deadlineMs, effectMs = deadlineMs }, learnt }: Pace,
): Promise<OracleReading> {
  const startMs = clock.now();
  let reading = await oracle.read();
  if (isDone(reading)) return reading;
  while (clock.now() - startMs < effectMs) {
    await clock.sleep(pollMs);
    reading = await oracle.read();
    if (!isDone(reading)) continue;
    learnt.slowestEffectMs = Math.max(learnt.slowestEffectMs, clock.now() - startMs);
    return reading;
  }
  return reading;
}

/** What a run learns of a receiver while it asks. */
export interface Learnt {
  /** The longest time after which the work of an accepted event was seen to be done, milliseconds. */
  slowestEffectMs: number;
  /** The event that it acts on, where that is not one that nearly every receiver acts on. */
  usualEvent: string | undefined;
}

export function newLearnt(): Learnt {
  return { slowestEffectMs: 0, usualEvent: undefined };
}
