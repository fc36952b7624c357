import { performance } from 'node:perf_hooks';
import type { HookcastError } from '../../errors.ts';
import type { Exchange, HttpRequest, HttpSender } from '../../ports.ts';
import type { SenderOptions } from '../connection-rules.ts';
import type { SlotConnection, SlotListener, SlotSender } from './slot-connection.ts';
import { http1SlotSender } from './slot-sender.ts';

/** A sender whose connections stay open from one request to the next, until it is closed. */
export interface StatusSender extends HttpSender {
  /** Closes the idle connections; those in use close when their exchange is over. */
  close(): void;
}

type Limits = Parameters<HttpSender['send']>[1];
type Listen = Pick<SlotListener, 'answered' | 'failed' | 'refused'>;

/**
 * Sends many requests over the connections of a load run, and keeps nothing of an answer but its status: for
 * deliveries whose answers are not kept. There are as many connections as requests were ever under way at once.
 * @throws {HookcastError} `send` rejects for an address that nothing may be sent to
 */
export function http1StatusSender(options: SenderOptions = {}): StatusSender {
  const lanes = new Map<string, Lanes>();
  let isClosed = false;
  return {
    send: (request, limits) => {
      const { href } = request.url;
      const toUrl = lanes.get(href) ?? { sender: http1SlotSender(request.url, options), idle: [] };
      lanes.set(href, toUrl);
      return exchange(request, limits, { toUrl, isClosed: () => isClosed });
    },
    close: () => {
      isClosed = true;
      for (const { idle } of lanes.values()) for (const lane of idle.splice(0)) lane.close();
    },
  };
}

interface Lanes {
  readonly sender: SlotSender;
  /** The one used last is taken first. */
  readonly idle: Lane[];
}

interface Pool {
  readonly toUrl: Lanes;
  readonly isClosed: () => boolean;
}

function exchange(request: HttpRequest, limits: Limits, { toUrl, isClosed }: Pool): Promise<Exchange> {
  return new Promise((resolve, reject) => {
    if (limits.signal?.aborted === true) {
      resolve({ kind: 'cancelled', timings: { totalMs: 0 } });
      return;
    }
    const { sender, idle } = toUrl;
    const lane = idle.pop() ?? new Lane(sender);
    const startedMs = performance.now();
    const end = () => {
      clearTimeout(timer);
      limits.signal?.removeEventListener('abort', cancel);
      if (isClosed()) lane.close();
      else idle.push(lane);
      return { totalMs: performance.now() - startedMs };
    };
    const cancel = () => {
      lane.abandon();
      resolve({ kind: 'cancelled', timings: end() });
    };
    const timer = setTimeout(() => {
      const phase = lane.abandon();
      resolve({ kind: 'timed-out', phase, timings: end() });
    }, limits.timeoutMs);
    limits.signal?.addEventListener('abort', cancel, { once: true });
    lane.send(request, {
      answered: (status) => resolve({ kind: 'response', response: responseOf(status), timings: end() }),
      failed: (code, reason) => resolve({ kind: 'unreachable', code, reason, timings: end() }),
      refused: (error) => {
        end();
        reject(error);
      },
    });
  });
}

/** One connection, which is told by whom each exchange is waited for. */
class Lane implements SlotListener {
  readonly #connection: SlotConnection;
  #headers: string[] = [];
  #body: Buffer = Buffer.alloc(0);
  #listen: Listen | undefined;

  constructor(sender: SlotSender) {
    this.#connection = sender.open(this);
  }

  send({ headers, body }: HttpRequest, listen: Listen): void {
    this.#headers = [];
    for (const name in headers) if (name !== 'Content-Length') this.#headers.push(name, headers[name] ?? '');
    this.#body = body;
    this.#listen = listen;
    this.#connection.send(this.#headers, body);
  }

  abandon() {
    return this.#connection.abandon();
  }

  close(): void {
    this.#connection.close();
  }

  answered(status: number): void {
    this.#listen?.answered(status);
  }

  failed(code: string, reason: string): void {
    this.#listen?.failed(code, reason);
  }

  refused(error: HookcastError): void {
    this.#listen?.refused(error);
  }

  lost(): void {
    this.#connection.send(this.#headers, this.#body);
  }
}

function responseOf(status: number) {
  return { status, headers: {}, body: Buffer.alloc(0), truncated: false };
}
