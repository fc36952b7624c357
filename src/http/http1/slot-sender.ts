import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { HookcastError } from '../../errors.ts';
import type { Phase } from '../../ports.ts';
import type { SlotConnection, SlotListener, SlotSender } from './slot-connection.ts';
import { checkLiteral, type SenderOptions } from '../connection-rules.ts';
import { codeOf, rootCause } from '../network-errors.ts';
import { READ_BYTES } from '../limits.ts';
import { readyEvent, socketOpener } from '../open-socket.ts';
import { AnswerReader } from './answer-reader.ts';
import { KnownHead } from './known-head.ts';
import { ClosedError, MalformedAnswerError } from './malformed-answer.ts';
import { RequestWriter } from './request-writer.ts';

/** How long an idle connection is trusted where the receiver says nothing, and how much less than it says. */
const KEEP_ALIVE_MS = 60_000;
const KEEP_ALIVE_MARGIN_MS = 2_000;

/**
 * Connections that stay open from one request to the next, one for each slot of a load run. They are made as those
 * of single deliveries are, and speak HTTP/1.1 themselves, in half the time that undici's client takes.
 */
export function http1SlotSender(url: URL, options: SenderOptions = {}): SlotSender {
  const writer = new RequestWriter(url);
  const open = socketOpener(url, options);
  const known = new KnownHead();
  const means = { writer, open, known, readyEvent: readyEvent(url) };
  return {
    open: (listener) => {
      checkLiteral(url, options);
      return new Http1Slot(listener, means);
    },
  };
}

interface Deps {
  /** Shared by all slots. */
  readonly writer: RequestWriter;
  readonly known: KnownHead;
  readonly open: ReturnType<typeof socketOpener>;
  readonly readyEvent: ReturnType<typeof readyEvent>;
}

class Http1Slot implements SlotConnection {
  readonly #listener: SlotListener;
  readonly #deps: Deps;
  readonly #reader: AnswerReader;
  #socket: Socket | undefined;
  #isWaiting = false;
  /** Requests over the present socket. */
  #sentOverSocket = 0;
  /** From then on the idle socket is not used any more. */
  #staleMs = 0;

  constructor(listener: SlotListener, means: Deps) {
    this.#listener = listener;
    this.#deps = means;
    this.#reader = new AnswerReader(means.known);
  }

  send(headers: readonly (string | undefined)[], body: Buffer): void {
    this.#isWaiting = true;
    this.#reader.begin();
    const request = this.#deps.writer.write(headers, body);
    if (this.#sentOverSocket > 0 && performance.now() >= this.#staleMs) this.#drop();
    if (this.#socket === undefined) this.#open(Buffer.from(request));
    else this.#write(this.#socket, request);
  }

  abandon(): Phase {
    const phase = this.#phase;
    this.close();
    return phase;
  }

  close(): void {
    this.#isWaiting = false;
    this.#drop();
  }

  get #phase(): Phase {
    if (this.#reader.status !== 0) return 'body';
    if (this.#sentOverSocket > 0) return 'headers';
    // Connected, and nothing sent: TLS is not agreed upon.
    return this.#socket?.connecting === false ? 'tls' : 'connect';
  }

  #write(socket: Socket, request: Buffer): void {
    this.#sentOverSocket += 1;
    socket.write(request);
    // Nearly always the system has taken all of it by now.
    if (socket.writableLength > 0) this.#deps.writer.giveAway();
  }

  #open(request: Buffer): void {
    const { open, readyEvent: ready } = this.#deps;
    const socket = open((bytes) => {
      this.#received(bytes);
      return true;
    });
    this.#socket = socket;
    let failure: Error | undefined;
    socket
      .once(ready, () => {
        if (this.#socket === socket) this.#write(socket, request);
      })
      .on('error', (error) => (failure = error))
      .on('end', () => {
        if (this.#socket === socket) this.#ended();
      })
      .on('close', () => {
        if (this.#socket === socket) this.#broke(failure ?? new ClosedError(this.#reader.hasBegun));
      });
  }

  /** Leaves the socket, and hears nothing of it any more. */
  #drop(): void {
    this.#socket?.destroy();
    this.#socket = undefined;
    this.#sentOverSocket = 0;
  }

  #received(bytes: Buffer): void {
    if (!this.#isWaiting) {
      this.#drop(); // An answer without a request.
      return;
    }
    try {
      if (this.#reader.read(bytes)) this.#complete();
      else if (this.#reader.received > READ_BYTES) this.#answered({ isLast: true });
    } catch (error) {
      if (!(error instanceof MalformedAnswerError)) throw error;
      this.#fail(error);
    }
  }

  #ended(): void {
    if (!this.#isWaiting) this.#drop();
    else if (this.#reader.end()) this.#complete();
    else this.#broke(new ClosedError(this.#reader.hasBegun));
  }

  #complete(): void {
    const { isLast, keepAliveMs } = this.#reader;
    // A receiver that answers before it has the whole request may leave the rest of it unread.
    this.#answered({ isLast: isLast || (this.#socket?.writableLength ?? 0) > 0, keepAliveMs });
  }

  #answered({ isLast, keepAliveMs }: { isLast: boolean; keepAliveMs?: number | undefined }): void {
    const trustedMs = keepAliveMs === undefined ? KEEP_ALIVE_MS : keepAliveMs - KEEP_ALIVE_MARGIN_MS;
    if (isLast || trustedMs <= 0) this.#drop();
    else this.#staleMs = performance.now() + trustedMs;
    this.#isWaiting = false;
    this.#listener.answered(this.#reader.status);
  }

  /** The connection is gone. */
  #broke(error: Error): void {
    // RFC 9112, 9.3.1: a receiver may close an idle connection at any time, also when a request is on its way.
    const wasClosedWhileIdle = this.#sentOverSocket > 1 && !this.#reader.hasBegun;
    if (!this.#isWaiting || !wasClosedWhileIdle) {
      this.#fail(error);
      return;
    }
    this.#drop();
    this.#listener.lost();
  }

  #fail(error: Error): void {
    this.#drop();
    if (!this.#isWaiting) return;
    this.#isWaiting = false;
    const cause = rootCause(error);
    if (cause instanceof HookcastError) this.#listener.refused(cause);
    else this.#listener.failed(codeOf(cause), cause.message);
  }
}
