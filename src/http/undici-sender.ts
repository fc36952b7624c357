import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { Client, type Dispatcher } from 'undici';
import { HookcastError } from '../errors.ts';
import type { Exchange, HttpRequest, HttpResponse, HttpSender, Phase, Timings } from '../ports.ts';
import { AnswerGate } from './answer-gate.ts';
import { checkLiteral, type SenderOptions } from './connection-rules.ts';
import { explainRefusal } from './explain-refusal.ts';
import { KEPT_BYTES, MAX_HEAD_BYTES, READ_BYTES } from './limits.ts';
import { codeOf, rootCause } from './network-errors.ts';
import { readyEvent, socketOpener } from './open-socket.ts';

export type { SenderOptions } from './connection-rules.ts';

/**
 * Sends each request on a connection of its own: an attempt after a wait of hours finds no connection open in
 * production either, and an idle socket that the receiver has just closed cannot be mistaken for a failure.
 */
export function undiciSender(options: SenderOptions = {}): HttpSender {
  return {
    send: (request, limits) =>
      new Promise((resolve, reject) => {
        checkLiteral(request.url, options);
        new RunningExchange(request, { options, resolve, reject }).start(limits);
      }),
  };
}

/** Made once: undici would make one for each client, and Node would put the stack of each into words. */
const OVER = new Error('the exchange is over');

interface Settlement {
  readonly options: SenderOptions;
  readonly resolve: (exchange: Exchange) => void;
  readonly reject: (error: HookcastError) => void;
}

/** The state of one exchange, from `start` until it is settled, once. */
class RunningExchange implements Dispatcher.DispatchHandler {
  readonly #request: HttpRequest;
  readonly #client: Client;
  readonly #settlement: Settlement;
  readonly #gate = new AnswerGate();
  readonly #startedMs = performance.now();
  #socket: Socket | undefined;
  #timer: NodeJS.Timeout | undefined;
  #phase: Phase = 'connect';
  #connectMs: number | undefined;
  #firstByteMs: number | undefined;
  #status = 0;
  #headers: HttpResponse['headers'] = {};
  #chunks: Buffer[] = [];
  #received = 0;
  #isSettled = false;
  #unsubscribe: (() => void) | undefined;

  constructor(request: HttpRequest, settlement: Settlement) {
    this.#request = request;
    this.#settlement = settlement;
    this.#client = new Client(request.url.origin, {
      pipelining: 1,
      maxHeaderSize: MAX_HEAD_BYTES,
      // Our own timer bounds the whole exchange exactly; these would only bound parts of it, and coarsely.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: (_, callback) => {
        this.#connect(callback);
      },
    });
  }

  start({ timeoutMs, signal }: { timeoutMs: number; signal?: AbortSignal }): void {
    this.#timer = setTimeout(() => {
      this.#settle({ kind: 'timed-out', phase: this.#phase, timings: this.#timings() });
    }, timeoutMs);
    const cancel = () => {
      this.#settle({ kind: 'cancelled', timings: this.#timings() });
    };
    signal?.addEventListener('abort', cancel, { once: true });
    this.#unsubscribe = () => signal?.removeEventListener('abort', cancel);
    const { url, body, headers, headerList } = this.#request;
    const path = url.pathname + url.search;
    this.#client.dispatch(
      { method: 'POST', path, headers: headerList?.flat() ?? { ...headers }, body },
      this,
    );
  }

  #connect(callback: (...result: [null, Socket] | [Error, null]) => void): void {
    const { url } = this.#request;
    const socket = socketOpener(url, this.#settlement.options)();
    this.#socket = socket;
    const failed = (error: Error) => callback(error, null);
    socket.once('error', failed);
    if (url.protocol === 'https:') socket.once('connect', () => (this.#phase = 'tls'));
    socket.once(readyEvent(url), () => {
      socket.off('error', failed);
      this.#connectMs = this.#elapsedMs();
      this.#phase = 'headers';
      this.#guard(socket);
      callback(null, socket);
    });
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
        this.#fail(error as Error);
        return null;
      }
    };
    socket.once('end', () => {
      const error = this.#gate.end();
      if (error !== undefined) this.#fail(error);
    });
  }

  onRequestStart(): void {
    // Required by undici; the connection's own event has already set the phase.
  }

  onResponseStart(_: unknown, status: number, headers: Record<string, string | string[] | undefined>): void {
    this.#firstByteMs = this.#elapsedMs();
    this.#phase = 'body';
    this.#status = status;
    this.#headers = Object.fromEntries(
      Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    );
  }

  onResponseData(_: unknown, chunk: Buffer): void {
    const room = KEPT_BYTES - this.#received;
    if (room > 0) this.#chunks.push(Buffer.from(chunk.subarray(0, room)));
    this.#received += chunk.length;
    if (this.#received > READ_BYTES) this.#complete();
  }

  onResponseEnd(): void {
    this.#complete();
  }

  onResponseError(_: unknown, error: Error): void {
    this.#fail(error);
  }

  #fail(error: Error): void {
    if (this.#isSettled) return;
    const cause = rootCause(error);
    if (cause instanceof HookcastError) {
      this.#close();
      this.#settlement.reject(cause);
      return;
    }
    const code = codeOf(cause);
    const timings = this.#timings();
    if (code === 'ECONNREFUSED') {
      this.#close();
      void explainRefusal(error, this.#request.url).then((reason) => {
        this.#settlement.resolve({ kind: 'unreachable', code, reason, timings });
      });
      return;
    }
    // An assertion of undici's about what it has read.
    const shown = code === 'ERR_ASSERTION' ? 'HTTPParserError' : code;
    this.#settle({ kind: 'unreachable', code: shown, reason: cause.message, timings });
  }

  #complete(): void {
    const body = Buffer.concat(this.#chunks);
    const truncated = this.#received > body.length;
    const response = { status: this.#status, headers: this.#headers, body, truncated };
    this.#settle({ kind: 'response', response, timings: this.#timings() });
  }

  #settle(exchange: Exchange): void {
    if (this.#isSettled) return;
    this.#close();
    this.#settlement.resolve(exchange);
  }

  #close(): void {
    this.#isSettled = true;
    clearTimeout(this.#timer);
    this.#unsubscribe?.();
    // Destroying rejects only what is already settled, and leaves a socket that is still connecting.
    this.#client.destroy(OVER).catch(() => undefined);
    this.#socket?.on('error', () => undefined).destroy();
  }

  #elapsedMs(): number {
    return performance.now() - this.#startedMs;
  }

  #timings(): Timings {
    return {
      ...(this.#connectMs === undefined ? {} : { connectMs: this.#connectMs }),
      ...(this.#firstByteMs === undefined ? {} : { firstByteMs: this.#firstByteMs }),
      totalMs: this.#elapsedMs(),
    };
  }
}
