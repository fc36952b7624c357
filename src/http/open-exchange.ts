import { performance } from 'node:perf_hooks';
import { HookcastError } from '../errors.ts';
import type { Exchange, HttpResponse, HttpSender, Phase } from '../ports.ts';
import { explainRefusal } from './explain-refusal.ts';
import { KEPT_BYTES, READ_BYTES } from './limits.ts';
import { codeOf, rootCause } from './network-errors.ts';

export interface Settlement {
  readonly resolve: (exchange: Exchange) => void;
  readonly reject: (error: HookcastError) => void;
}

/** The body of most answers. */
const NOTHING = Buffer.alloc(0);

/** One exchange from its start until it is settled, once: its limit, how far it is, and what is kept of its answer. */
export abstract class OpenExchange {
  /** Of the request no more is kept: what outlives some collections of garbage would keep its body as long. */
  protected readonly url: URL;
  protected phase: Phase = 'connect';
  readonly #settlement: Settlement;
  readonly #startedMs = performance.now();
  #timer: NodeJS.Timeout | undefined;
  #signal: AbortSignal | undefined;
  #connectMs: number | undefined;
  #firstByteMs: number | undefined;
  #status = 0;
  #headers: HttpResponse['headers'] = {};
  #chunks: Buffer[] = [];
  #received = 0;
  #isSettled = false;

  constructor(url: URL, settlement: Settlement) {
    this.url = url;
    this.#settlement = settlement;
  }

  /** Leaves the connection. @param isRead - the answer came to its end */
  protected abstract leave(isRead: boolean): void;

  protected limit({ timeoutMs, signal }: Parameters<HttpSender['send']>[1]): void {
    this.#timer = setTimeout(() => {
      this.#settle({ kind: 'timed-out', phase: this.phase, timings: this.#timings() });
    }, timeoutMs);
    this.#signal = signal;
    signal?.addEventListener('abort', this, { once: true });
  }

  /** The signal aborts. */
  handleEvent(): void {
    this.#settle({ kind: 'cancelled', timings: this.#timings() });
  }

  reached(phase: Phase): void {
    this.phase = phase;
    if (phase === 'headers') this.#connectMs = this.#elapsedMs();
  }

  protected answering(status: number, headers: HttpResponse['headers']): void {
    this.#firstByteMs = this.#elapsedMs();
    this.phase = 'body';
    this.#status = status;
    this.#headers = headers;
  }

  protected received(chunk: Buffer): void {
    const room = KEPT_BYTES - this.#received;
    if (room > 0) this.#chunks.push(Buffer.from(chunk.subarray(0, room)));
    this.#received += chunk.length;
    if (this.#received > READ_BYTES) this.complete({ isRead: false });
  }

  /** Was there more than is kept? */
  protected get isCut(): boolean {
    return this.#received > KEPT_BYTES;
  }

  /** @param isRead - to its end */
  protected complete({ isRead }: { isRead: boolean }): void {
    const [first = NOTHING, ...more] = this.#chunks;
    const body = more.length === 0 ? first : Buffer.concat(this.#chunks);
    const response = { status: this.#status, headers: this.#headers, body, truncated: this.isCut };
    this.#settle({ kind: 'response', response, timings: this.#timings() }, isRead);
  }

  protected fail(error: Error): void {
    if (this.#isSettled) return;
    const cause = rootCause(error);
    if (cause instanceof HookcastError) {
      this.#end();
      this.#settlement.reject(cause);
      return;
    }
    const code = codeOf(cause);
    const timings = this.#timings();
    if (code === 'ECONNREFUSED') {
      this.#end();
      void explainRefusal(error, this.url).then((reason) => {
        this.#settlement.resolve({ kind: 'unreachable', code, reason, timings });
      });
      return;
    }
    // An assertion of undici's about what it has read.
    const shown = code === 'ERR_ASSERTION' ? 'HTTPParserError' : code;
    this.#settle({ kind: 'unreachable', code: shown, reason: cause.message, timings });
  }

  #settle(exchange: Exchange, isRead = false): void {
    if (this.#isSettled) return;
    this.#end(isRead);
    this.#settlement.resolve(exchange);
  }

  #end(isRead = false): void {
    this.#isSettled = true;
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener('abort', this);
    this.leave(isRead);
  }

  #elapsedMs(): number {
    return performance.now() - this.#startedMs;
  }

  #timings() {
    return {
      connectMs: this.#connectMs,
      firstByteMs: this.#firstByteMs,
      totalMs: this.#elapsedMs(),
    };
  }
}
