import type { NextStep } from '../delivery/schedule.ts';
import type { HookcastError } from '../errors.ts';
import type { EventIdentity } from '../render/event-source.ts';
import type { WaitingDelivery } from './engine/pending-retries.ts';

/** The time of a load run: one clock and one alarm for everything that is waited for. */
export interface AlarmClock {
  /** Milliseconds since 1970 (UTC), with fractions where the platform has them. Never runs backwards. */
  now(): number;
  /**
   * How far the wall clock is ahead of `now`, or was at a time of that: signatures, records and the times of events
   * follow it, waits do not. @default 0
   */
  skewMs?(atMs?: number): number;
  alarm(ring: () => void): Alarm;
}

export interface Alarm {
  /** Rings once, at about this time: a little early or late. Setting it again moves it. */
  set(atMs: number): void;
  clear(): void;
}

/**
 * Writes down what a load run does, in groups. An attempt leaves when the commit that follows its beginning calls
 * back: nothing leaves that is not written down.
 */
export interface LoadLog {
  /** Takes on what an outage left behind, before it waits. @returns its number in the log */
  leftBehind(delivery: WaitingDelivery, event: EventIdentity): number;
  /** @returns the delivery's number in the log: a new one before its first attempt */
  begin(delivery: WaitingDelivery, event: EventIdentity, atMs: number): number;
  /** It has begun and yet never left: forgets it. */
  withdraw(journalId: number): void;
  /** @returns what became of the delivery meanwhile, if it was settled from outside and is not accepted */
  end(delivery: WaitingDelivery, ended: LoggedEnd): SettledOutside | undefined;
  /** Calls back when all that was told before is safe, or with the error when it never will be. */
  commit(callback: (error?: HookcastError) => void): void;
  /** Was it settled from outside while it waited? */
  isSettled(journalId: number): boolean;
  listen(listener: LogListener): void;
}

export interface LogListener {
  /** As many waiting deliveries were settled from outside. */
  settled(state: SettledOutside, count: number): void;
  /** The webhook was disabled: nothing more is sent to it. */
  disabled(): void;
}

export type SettledOutside = 'cancelled' | 'failed';

export interface LoggedEnd {
  readonly result: AttemptResult;
  readonly startedMs: number;
  readonly endedMs: number;
  readonly next: NextStep;
}

export interface AttemptResult {
  readonly kind: 'accepted' | 'rejected' | 'timed-out' | 'unreachable' | 'cancelled';
  /** The answer's; 0 without one. */
  readonly status: number;
  /** The system's code, or where a timed-out attempt stood; empty otherwise. */
  readonly code: string;
}
