import { performance } from 'node:perf_hooks';
import { HookcastError } from '../errors.ts';
import type { Exchange, HttpRequest, HttpResponse, HttpSender, Phase, Timings } from '../ports.ts';
import type { SenderOptions } from './connection-rules.ts';
import { explainRefusal } from './explain-refusal.ts';
import { IdleConnections } from './idle-connections.ts';
import { KEPT_BYTES, READ_BYTES } from './limits.ts';
import { codeOf, rootCause } from './network-errors.ts';
import { UndiciConnection, type ConnectionListener } from './undici-connection.ts';

export type { SenderOptions } from './connection-rules.ts';

/**
 * Sends each request on a connection of its own: an attempt after a wait of hours finds no connection open in
 * production either, and an idle socket that the receiver has just closed cannot be mistaken for a failure.
 */
export function undiciSender(options: SenderOptions = {}): HttpSender {
  return senderOver({
    take: (url) => new UndiciConnection(url, options),
    give: (connection) => connection.destroy(),
  });
}

/** As `undiciSender`, but requests that follow one another within moments share connections. */
export function burstSender(options: SenderOptions = {}): HttpSender {
  return senderOver(new IdleConnections(options));
}

/** Where the connections of exchanges come from, and what becomes of those that can be used again. */
interface Connections {
  /** @throws {RemoteAddressError | UsageError} */
  take(url: URL): UndiciConnection;
  give(connection: UndiciConnection, url: URL): void;
}

function senderOver(connections: Connections): HttpSender {
  return {
    send: (request, limits) =>
      new Promise((resolve, reject) => {
        new RunningExchange(request.url, { connections, resolve, reject }).start(request, limits);
      }),
  };
}

/** The body of most answers. */
const NOTHING = Buffer.alloc(0);

interface Settlement {
  readonly connections: Connections;
  readonly resolve: (exchange: Exchange) => void;
  readonly reject: (error: HookcastError) => void;
}

/** The state of one exchange, from `start` until it is settled, once. */
class RunningExchange implements ConnectionListener {
  /** Of the request no more is kept: what outlives some collections of garbage would keep its body as long. */
  readonly #url: URL;
  readonly #connection: UndiciConnection;
  readonly #settlement: Settlement;
  readonly #startedMs = performance.now();
  #timer: NodeJS.Timeout | undefined;
  #phase: Phase = 'connect';
  #connectMs: number | undefined;
  #firstByteMs: number | undefined;
  #status = 0;
  #headers: HttpResponse['headers'] = {};
  #chunks: Buffer[] = [];
  #received = 0;
  #isSettled = false;
  #signal: AbortSignal | undefined;

  constructor(url: URL, settlement: Settlement) {
    this.#url = url;
    this.#settlement = settlement;
    this.#connection = settlement.connections.take(url);
    if (this.#connection.isOpen) this.#phase = 'headers';
  }

  start(request: HttpRequest, { timeoutMs, signal }: { timeoutMs: number; signal?: AbortSignal }): void {
    this.#timer = setTimeout(() => {
      this.#settle({ kind: 'timed-out', phase: this.#phase, timings: this.#timings() });
    }, timeoutMs);
    this.#signal = signal;
    signal?.addEventListener('abort', this, { once: true });
    const { url, body, headers, headerList } = request;
    const path = url.pathname + url.search;
    this.#connection.send({ path, headers: headerList?.flat() ?? { ...headers }, body }, this);
  }

  /** The signal aborts. */
  handleEvent(): void {
    this.#settle({ kind: 'cancelled', timings: this.#timings() });
  }

  reached(phase: Phase): void {
    this.#phase = phase;
    if (phase === 'headers') this.#connectMs = this.#elapsedMs();
  }

  malformed(error: Error): void {
    this.#fail(error);
  }

  onRequestStart(): void {
    this.#connection.begin();
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
    if (this.#received > READ_BYTES) this.#complete({ isRead: false });
  }

  onResponseEnd(): void {
    this.#complete({ isRead: true });
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
      void explainRefusal(error, this.#url).then((reason) => {
        this.#settlement.resolve({ kind: 'unreachable', code, reason, timings });
      });
      return;
    }
    // An assertion of undici's about what it has read.
    const shown = code === 'ERR_ASSERTION' ? 'HTTPParserError' : code;
    this.#settle({ kind: 'unreachable', code: shown, reason: cause.message, timings });
  }

  /** @param isRead - to its end */
  #complete({ isRead }: { isRead: boolean }): void {
    const [first = NOTHING, ...more] = this.#chunks;
    const body = more.length === 0 ? first : Buffer.concat(this.#chunks);
    const truncated = this.#received > body.length;
    const response = { status: this.#status, headers: this.#headers, body, truncated };
    this.#settle({ kind: 'response', response, timings: this.#timings() }, { isReusable: isRead });
  }

  #settle(exchange: Exchange, { isReusable = false } = {}): void {
    if (this.#isSettled) return;
    this.#end();
    if (isReusable) this.#settlement.connections.give(this.#connection, this.#url);
    else this.#connection.destroy();
    this.#settlement.resolve(exchange);
  }

  #close(): void {
    this.#end();
    this.#connection.destroy();
  }

  #end(): void {
    this.#isSettled = true;
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener('abort', this);
  }

  #elapsedMs(): number {
    return performance.now() - this.#startedMs;
  }

  #timings(): Timings {
    return {
      connectMs: this.#connectMs,
      firstByteMs: this.#firstByteMs,
      totalMs: this.#elapsedMs(),
    };
  }
}
