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
  /** So many equal readings in a row count as quiet. */
  readonly quietReadings: number;
  readonly deadlineMs: number;
}

export const DEFAULT_PATIENCE: Patience = { pollMs: 100, quietReadings: 3, deadlineMs: 5_000 };

/** Reads until `digest` of the reading stays the same, or the deadline is over. */
export async function readWhenQuiet(
  oracle: Oracle,
  digest: (reading: OracleReading) => string,
  { clock, patience }: { clock: Clock; patience: Patience },
): Promise<OracleReading> {
  const endMs = clock.now() + patience.deadlineMs;
  let reading = await oracle.read();
  let [last, equal] = [digest(reading), 1];
  while (equal < patience.quietReadings && clock.now() < endMs) {
    await clock.sleep(patience.pollMs);
    reading = await oracle.read();
    const next = digest(reading);
    equal = next === last ? equal + 1 : 1;
    last = next;
  }
  return reading;
}
