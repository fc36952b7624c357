import type { HookcastError } from '../errors.ts';
import type { Phase } from '../ports.ts';

/** The time of a load run: one clock and one alarm for everything that is waited for. */
export interface AlarmClock {
  /** Milliseconds since 1970 (UTC), with fractions where the platform has them. Never runs backwards. */
  now(): number;
  alarm(ring: () => void): Alarm;
}

export interface Alarm {
  /** Rings once, at about this time: a little early or late. Setting it again moves it. */
  set(atMs: number): void;
  clear(): void;
}

/** Opens connections, each for one request at a time. Callbacks instead of promises: this is the hot path. */
export interface SlotSender {
  /** @throws {HookcastError} for an address that nothing may be sent to */
  open(listener: SlotListener): SlotConnection;
}

export interface SlotConnection {
  /** How many requests were sent once more, since the receiver had closed the idle connection; so far. */
  readonly resent: number;
  /**
   * Sends one POST; the listener hears what became of it, once.
   * @param headers - names and values in turn; a value that is undefined leaves its header out. Without a length
   * @param body - not to be changed before the listener has heard
   */
  send(headers: readonly (string | undefined)[], body: Buffer): void;
  /** Gives up what is under way: the listener hears nothing of it, and the next goes over a new connection. */
  abandon(): Phase;
  close(): void;
}

export interface SlotListener {
  /** A complete answer, or the first MiB of one. */
  answered(status: number): void;
  /** No complete answer: `code` is the system's. */
  failed(code: string, reason: string): void;
  /** Nothing may be sent there. */
  refused(error: HookcastError): void;
}

/**
 * Writes down what a load run does, in groups. An attempt leaves when the commit that follows its beginning calls
 * back: nothing leaves that is not written down.
 */
export interface LoadLog {
  begin(eventNumber: number, attempt: number, atMs: number): void;
  end(eventNumber: number, attempt: number, result: AttemptResult): void;
  /** Calls back when all that was told before is safe. */
  commit(callback: () => void): void;
}

export interface AttemptResult {
  readonly kind: 'accepted' | 'rejected' | 'timed-out' | 'unreachable' | 'cancelled';
  /** The answer's; 0 without one. */
  readonly status: number;
  /** The system's code, or where a timed-out attempt stood; empty otherwise. */
  readonly code: string;
}
