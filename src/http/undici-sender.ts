import { performance } from 'node:perf_hooks';
import { Client, type Dispatcher } from 'undici';
import { HookcastError } from '../errors.ts';
import type { Exchange, HttpRequest, HttpResponse, HttpSender, Phase, Timings } from '../ports.ts';
import { checkLiteral, homeLookup } from './private-addresses.ts';

export interface SenderOptions {
  /** Send to any address, not only to loopback and private ones. @default false */
  readonly allowRemote?: boolean | undefined;
  /** Accept any certificate. @default false */
  readonly insecure?: boolean | undefined;
  /** Certificates (PEM) of the authorities to trust instead of the system's. */
  readonly ca?: string | undefined;
}

/** What is kept of a response body, and where reading it stops. */
const KEPT_BYTES = 65_536;
export const READ_BYTES = 1_048_576;

/**
 * Sends each request on a connection of its own: an attempt after a wait of hours finds no connection open in
 * production either, and no idle socket that the receiver just closed can be mistaken for a failure.
 */
export function undiciSender(options: SenderOptions = {}): HttpSender {
  return {
    send: (request, limits) =>
      new Promise((resolve, reject) => {
        if (options.allowRemote !== true) checkLiteral(request.url.hostname);
        const client = openClient(request.url, options, limits.timeoutMs);
        const exchange = new RunningExchange(client, { resolve, reject });
        exchange.start(request, limits);
      }),
  };
}

function openClient(url: URL, options: SenderOptions, timeoutMs: number): Client {
  return new Client(url.origin, {
    pipelining: 1,
    // Our own timer bounds the whole exchange exactly; these would only bound parts of it, and coarsely.
    headersTimeout: 0,
    bodyTimeout: 0,
    // The timeout only frees a socket that never connects; the attempt has long been settled by then.
    connect: { timeout: timeoutMs + 1_000, ...connectionRules(options) },
  });
}

/** The rules of every connection: where it may lead, and whom it trusts. */
export function connectionRules(options: SenderOptions) {
  return {
    ...(options.allowRemote === true ? {} : { lookup: homeLookup }),
    ...(options.insecure === true ? { rejectUnauthorized: false } : {}),
    ...(options.ca === undefined ? {} : { ca: options.ca }),
  };
}

interface Settlement {
  readonly resolve: (exchange: Exchange) => void;
  readonly reject: (error: HookcastError) => void;
}

/** The state of one exchange, from `start` until it is settled, once. */
class RunningExchange implements Dispatcher.DispatchHandler {
  readonly #client: Client;
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
  #unsubscribe: (() => void) | undefined;

  constructor(client: Client, settlement: Settlement) {
    this.#client = client;
    this.#settlement = settlement;
  }

  start(request: HttpRequest, { timeoutMs, signal }: { timeoutMs: number; signal?: AbortSignal }): void {
    this.#client.once('connect', () => {
      this.#connectMs = this.#elapsedMs();
      this.#phase = 'headers';
    });
    this.#timer = setTimeout(() => {
      this.#settle({ kind: 'timed-out', phase: this.#phase, timings: this.#timings() });
    }, timeoutMs);
    const cancel = () => {
      this.#settle({ kind: 'cancelled', timings: this.#timings() });
    };
    signal?.addEventListener('abort', cancel, { once: true });
    this.#unsubscribe = () => signal?.removeEventListener('abort', cancel);
    const { url, body } = request;
    const path = url.pathname + url.search;
    const headers = request.headerList?.flat() ?? { ...request.headers };
    this.#client.dispatch({ method: 'POST', path, headers, body }, this);
  }

  onRequestStart(): void {
    // Required by undici; the connection's own event has already set the phase.
  }

  onResponseStart(_: unknown, status: number, headers: Record<string, string | string[] | undefined>): void {
    if (status < 200) return; // 100 Continue, 103 Early Hints: the answer is still to come.
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
    const cause = rootCause(error);
    if (cause instanceof HookcastError) {
      this.#close();
      this.#settlement.reject(cause);
      return;
    }
    const timings = this.#timings();
    this.#settle({ kind: 'unreachable', code: codeOf(cause), reason: cause.message, timings });
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
    // Destroying rejects only what is already settled.
    this.#client.destroy().catch(() => undefined);
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

/** The innermost error: undici and Node wrap them, and two refused address families make an AggregateError. */
export function rootCause(error: Error): Error {
  if (error instanceof HookcastError) return error;
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return rootCause(error.errors[0]);
  return error.cause instanceof Error ? rootCause(error.cause) : error;
}

export function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
