import type { Socket } from 'node:net';
import { Client, type Dispatcher } from 'undici';
import { AnswerGate } from './answer-gate.ts';
import { checkLiteral, type SenderOptions } from './connection-rules.ts';
import { MAX_HEAD_BYTES } from './limits.ts';
import { readyEvent, socketOpener } from './open-socket.ts';

/**
 * How long a connection stays open after an exchange: within a burst of deliveries it is used again, and by no retry.
 * Receivers keep theirs for seconds.
 */
const IDLE_MS = 100;

/** Told how the exchange of a connection goes, beside what undici tells its handler. */
export interface ConnectionListener extends Dispatcher.DispatchHandler {
  /** A new connection has come so far; with `headers` the request is sent. */
  reached(phase: 'connect' | 'tls' | 'headers'): void;
  /** What came is no answer. */
  malformed(error: Error): void;
}

/** Made once: undici would make one for each client, and Node would put the stack of each into words. */
const OVER = new Error('the exchange is over');

/** One connection to a receiver, for one exchange at a time. */
export class UndiciConnection {
  readonly #client: Client;
  readonly #url: URL;
  readonly #options: SenderOptions;
  #socket: Socket | undefined;
  readonly #gate = new AnswerGate();
  #listener: ConnectionListener | undefined;
  #onClosed: () => void = () => undefined;

  /** @throws {RemoteAddressError | UsageError} for an address that nothing may be sent to, or not from the source */
  constructor(url: URL, options: SenderOptions) {
    checkLiteral(url, options);
    this.#url = url;
    this.#options = options;
    this.#client = new Client(url.origin, {
      pipelining: 1,
      maxHeaderSize: MAX_HEAD_BYTES,
      keepAliveTimeout: IDLE_MS,
      keepAliveMaxTimeout: IDLE_MS,
      // Our own timer bounds the whole exchange exactly; these would only bound parts of it, and coarsely.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: (_, callback) => {
        this.#connect(callback);
      },
    });
  }

  /** Is it there already, from the exchange before? */
  get isOpen(): boolean {
    return this.#socket?.readable === true && this.#socket.writable;
  }

  /** undici looks whether the receiver has closed before it writes, and connects again then. */
  send(request: Omit<Dispatcher.DispatchOptions, 'method'>, listener: ConnectionListener): void {
    this.#listener = listener;
    this.#client.dispatch({ method: 'POST', ...request }, listener);
  }

  /** The request leaves: what comes from now on is its answer. */
  begin(): void {
    this.#gate.begin();
  }

  /** The exchange is over. @param onClosed - called when the connection is, unless it is used again before */
  rest(onClosed: () => void): void {
    this.#listener = undefined;
    this.#onClosed = onClosed;
  }

  destroy(): void {
    this.#listener = undefined;
    // Destroying rejects only what is already settled, and leaves a socket that is still connecting.
    this.#client.destroy(OVER).catch(() => undefined);
    this.#socket?.on('error', () => undefined).destroy();
  }

  #connect(callback: (...result: [null, Socket] | [Error, null]) => void): void {
    // undici reads from the socket as from any stream.
    const socket = socketOpener(this.#url, this.#options)((bytes) => socket.push(Buffer.from(bytes)));
    this.#socket = socket;
    this.#listener?.reached('connect');
    const failed = (error: Error) => callback(error, null);
    socket.once('error', failed);
    if (this.#url.protocol === 'https:') socket.once('connect', () => this.#listener?.reached('tls'));
    socket.once(readyEvent(this.#url), () => {
      socket.off('error', failed);
      this.#listener?.reached('headers');
      this.#guard(socket);
      callback(null, socket);
    });
    socket.once('close', () => this.#onClosed());
  }

  /** undici takes what comes by calling `read`: it gets only what has passed the gate. */
  #guard(socket: Socket): void {
    const read = socket.read.bind(socket);
    socket.read = (): Buffer | null => {
      try {
        for (;;) {
          const bytes = read() as Buffer | null;
          const passed = bytes === null ? null : this.#gate.pass(bytes);
          if (passed === null || passed.length > 0) return passed;
        }
      } catch (error) {
        this.#listener?.malformed(error as Error);
        return null;
      }
    };
    socket.once('end', () => {
      const error = this.#gate.end();
      if (error !== undefined) this.#listener?.malformed(error);
    });
  }
}
