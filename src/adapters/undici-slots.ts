import { buildConnector, Client, type Dispatcher } from 'undici';
import type { Socket } from 'node:net';
import { HookcastError } from '../errors.ts';
import type { Phase } from '../ports.ts';
import type { SlotConnection, SlotListener, SlotSender } from '../volume/ports.ts';
import { checkLiteral } from './private-addresses.ts';
import { codeOf, connectOptions, READ_BYTES, rootCause, type SenderOptions } from './undici-sender.ts';

const KEEP_ALIVE_MS = 60_000;

/** Connections that stay open from one request to the next, one for each slot of a load run. */
export function undiciSlots(url: URL, options: SenderOptions & { readonly timeoutMs: number }): SlotSender {
  return {
    open: (listener) => {
      if (options.allowRemote !== true) checkLiteral(url.hostname);
      return new UndiciSlot(() => new Connection(url, { listener, options }));
    },
  };
}

class UndiciSlot implements SlotConnection {
  readonly #open: () => Connection;
  #connection: Connection;
  #resentBefore = 0;

  constructor(open: () => Connection) {
    this.#open = open;
    this.#connection = open();
  }

  get resent(): number {
    return this.#resentBefore + this.#connection.resent;
  }

  send(headers: readonly (string | undefined)[], body: Buffer): void {
    if (this.#connection.isSpoilt) this.#replace();
    this.#connection.send(headers, body);
  }

  abandon(): Phase {
    const { phase } = this.#connection;
    this.#replace();
    return phase;
  }

  close(): void {
    this.#connection.close();
  }

  #replace(): void {
    this.#connection.close();
    this.#resentBefore += this.#connection.resent;
    this.#connection = this.#open();
  }
}

/**
 * One client and its handler, both used for request after request. The handler has undici's older form, which
 * costs nothing for each request: the newer one makes two objects and parses headers that nobody reads.
 */
class Connection implements Dispatcher.DispatchHandler {
  readonly #client: Client;
  readonly #listener: SlotListener;
  readonly #request: { method: 'POST'; path: string; headers: string[]; body: Buffer | null };
  #socket: Socket | undefined;
  #isWaiting = false;
  #isClosed = false;
  #status = 0;
  #received = 0;
  #answerBegan = false;
  /** Requests over the present socket. */
  #sentOverSocket = 0;
  #wasResent = false;
  /** An answer came that was not read to its end, or before its request had left: nothing can follow it. */
  isSpoilt = false;
  resent = 0;

  constructor(
    url: URL,
    { listener, options }: { listener: SlotListener; options: SenderOptions & { timeoutMs: number } },
  ) {
    this.#listener = listener;
    this.#request = { method: 'POST', path: url.pathname + url.search, headers: [], body: null };
    const connect = buildConnector(connectOptions(options, options.timeoutMs));
    this.#client = new Client(url.origin, {
      pipelining: 1,
      // The run's own limit bounds the whole attempt exactly; these would only bound parts of it, and coarsely.
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connect: (target, callback) => {
        connect(target, (...connected) => {
          this.#socket = connected[1] ?? undefined;
          this.#sentOverSocket = 0;
          callback(...connected);
        });
      },
    });
  }

  get phase(): Phase {
    if (this.#status !== 0) return 'body';
    return this.#sentOverSocket === 0 ? 'connect' : 'headers';
  }

  send(headers: readonly (string | undefined)[], body: Buffer): void {
    this.#isWaiting = true;
    this.#wasResent = false;
    this.#request.headers = headers as string[];
    this.#request.body = body;
    this.#dispatch();
  }

  close(): void {
    this.#isClosed = true;
    // Destroying rejects only what nobody waits for any more.
    this.#client.destroy().catch(() => undefined);
  }

  onConnect(): void {
    this.#sentOverSocket += 1;
  }

  onResponseStarted(): void {
    this.#answerBegan = true;
  }

  onHeaders(status: number): boolean {
    if (status >= 200) this.#status = status; // 103 Early Hints: the answer is still to come.
    return true;
  }

  onData(chunk: Buffer): boolean {
    this.#received += chunk.length;
    if (this.#received > READ_BYTES && this.#isWaiting) {
      this.isSpoilt = true;
      this.#answered();
    }
    return true;
  }

  onComplete(): void {
    if (!this.#isWaiting || this.#isClosed) return;
    // The body is the slot's, and is rendered into again.
    if ((this.#socket?.writableLength ?? 0) > 0) this.isSpoilt = true;
    this.#answered();
  }

  onError(error: Error): void {
    // undici is in the middle of closing the connection: the next request must not come to it now.
    queueMicrotask(() => {
      if (this.#isWaiting && !this.#isClosed) this.#broke(rootCause(error));
    });
  }

  #dispatch(): void {
    this.#status = 0;
    this.#received = 0;
    this.#answerBegan = false;
    this.#client.dispatch(this.#request, this);
  }

  #answered(): void {
    this.#isWaiting = false;
    this.#listener.answered(this.#status);
  }

  #broke(cause: Error): void {
    if (this.#wasClosedWhileIdle()) {
      this.#wasResent = true;
      this.resent += 1;
      this.#dispatch();
      return;
    }
    this.#isWaiting = false;
    if (cause instanceof HookcastError) this.#listener.refused(cause);
    else this.#listener.failed(codeOf(cause), cause.message);
  }

  /** RFC 9112, 9.3.1: a receiver may close an idle connection at any time, also when a request is on its way. */
  #wasClosedWhileIdle(): boolean {
    return this.#sentOverSocket > 1 && !this.#answerBegan && !this.#wasResent;
  }
}
