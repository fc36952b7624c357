import type { HookcastError } from '../../errors.ts';
import type { Phase } from '../../ports.ts';

/** Opens connections, each for one request at a time. Callbacks instead of promises: this is the hot path. */
export interface SlotSender {
  /** @throws {HookcastError} for an address that nothing may be sent to */
  open(listener: SlotListener): SlotConnection;
}

export interface SlotConnection {
  /**
   * Sends one POST; the listener hears what became of it, once. Nothing of it is needed any more when this returns.
   * @param headers - names and values in turn; a value that is undefined leaves its header out. Without a length
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
  /** The receiver had closed the idle connection: the same is to be sent once more, over a new one. */
  lost(): void;
}
