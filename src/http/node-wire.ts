import {
  Agent as HttpAgent,
  request as httpRequest,
  type ClientRequest,
  type IncomingMessage,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WireRequest, WireSender } from './wire.ts';
import type { Exchange, Phase } from '../ports.ts';
import { checkLiteral, homeLookup } from './private-addresses.ts';
import type { SenderOptions } from './undici-sender.ts';

const KEPT_BYTES = 65_536;

/**
 * Sends what a well-behaved client library refuses to send: doubled headers, chunks with pauses, a length that
 * is not true, a body held back. Each request has a connection of its own unless it names a shared one.
 */
export function nodeWireSender(options: SenderOptions = {}): WireSender {
  const agents = new Map<string, HttpAgent | HttpsAgent>();
  const agentFor = ({ url, connection }: WireRequest) => {
    if (connection === undefined) return false as const;
    const key = `${url.protocol}${connection}`;
    const settings = { keepAlive: true, maxSockets: 1 };
    const agent =
      agents.get(key) ?? (url.protocol === 'https:' ? new HttpsAgent(settings) : new HttpAgent(settings));
    agents.set(key, agent);
    return agent;
  };
  return {
    send: async (request, limits) => {
      if (options.allowRemote !== true) checkLiteral(request.url.hostname);
      return new WireExchange(request, limits).run(open(request, { options, agent: agentFor(request) }));
    },
    close: () => {
      for (const agent of agents.values()) agent.destroy();
      return Promise.resolve();
    },
  };
}

function open(
  { url, method, headers }: WireRequest,
  { options, agent }: { options: SenderOptions; agent: HttpAgent | HttpsAgent | false },
): ClientRequest {
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const client = request(url, {
    method,
    agent,
    ...(options.allowRemote === true ? {} : { lookup: homeLookup }),
    ...(options.insecure === true ? { rejectUnauthorized: false } : {}),
    ...(options.ca === undefined ? {} : { ca: options.ca }),
  });
  for (const [name, values] of grouped(headers))
    client.setHeader(name, values.length === 1 ? (values[0] ?? '') : values);
  return client;
}

function grouped(headers: WireRequest['headers']): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const [name, value] of headers) groups.set(name, [...(groups.get(name) ?? []), value]);
  return groups;
}

class WireExchange {
  readonly #request: WireRequest;
  readonly #limits: { timeoutMs: number; signal?: AbortSignal };
  readonly #startedMs = performance.now();
  #phase: Phase = 'connect';
  #connectMs: number | undefined;
  #firstByteMs: number | undefined;

  constructor(request: WireRequest, limits: { timeoutMs: number; signal?: AbortSignal }) {
    this.#request = request;
    this.#limits = limits;
  }

  run(client: ClientRequest): Promise<Exchange> {
    return new Promise((resolve) => {
      let isSettled = false;
      const settle = (exchange: Exchange) => {
        if (isSettled) return;
        isSettled = true;
        clearTimeout(timer);
        this.#limits.signal?.removeEventListener('abort', cancel);
        if (exchange.kind !== 'response') client.destroy();
        resolve(exchange);
      };
      const cancel = () => settle({ kind: 'cancelled', timings: this.#timings() });
      const timer = setTimeout(
        () => settle({ kind: 'timed-out', phase: this.#phase, timings: this.#timings() }),
        this.#limits.timeoutMs,
      );
      this.#limits.signal?.addEventListener('abort', cancel, { once: true });
      this.#observe(client, settle);
      void this.#write(client).catch(() => undefined); // The error event has told it.
    });
  }

  #observe(client: ClientRequest, settle: (exchange: Exchange) => void): void {
    client.once('socket', (socket) => {
      const connected = () => {
        this.#connectMs = this.#elapsedMs();
        this.#phase = 'headers';
      };
      if (socket.connecting) socket.once('connect', connected);
      else connected();
    });
    client.once('response', (response) => {
      this.#firstByteMs = this.#elapsedMs();
      this.#phase = 'body';
      this.#read(response, settle);
    });
    client.on('error', (error: NodeJS.ErrnoException) => {
      const cause = error instanceof AggregateError ? (error.errors[0] as NodeJS.ErrnoException) : error;
      const code = cause.code ?? cause.name;
      settle({ kind: 'unreachable', code, reason: cause.message, timings: this.#timings() });
    });
  }

  #read(response: IncomingMessage, settle: (exchange: Exchange) => void): void {
    const chunks: Buffer[] = [];
    let received = 0;
    // The answer to HEAD is its head: a server that sends a body all the same has answered.
    if (this.#request.method === 'HEAD') {
      const headers = response.headers as Record<string, string | string[]>;
      const answer = { status: response.statusCode ?? 0, headers, body: Buffer.alloc(0), truncated: false };
      settle({ kind: 'response', response: answer, timings: this.#timings() });
    }
    response.on('data', (chunk: Buffer) => {
      if (received < KEPT_BYTES) chunks.push(chunk.subarray(0, KEPT_BYTES - received));
      received += chunk.length;
    });
    response.once('end', () => {
      const body = Buffer.concat(chunks);
      const headers = response.headers as Record<string, string | string[]>;
      const answer = { status: response.statusCode ?? 0, headers, body, truncated: received > body.length };
      settle({ kind: 'response', response: answer, timings: this.#timings() });
    });
    response.once('aborted', () => {
      const reason = 'the connection was closed in the middle of the answer';
      settle({ kind: 'unreachable', code: 'ECONNRESET', reason, timings: this.#timings() });
    });
  }

  async #write(client: ClientRequest): Promise<void> {
    const { parts, expectContinueMs, hangUp } = this.#request;
    if (expectContinueMs !== undefined) {
      client.flushHeaders();
      const goOn = new Promise<void>((resolve) => client.once('continue', resolve));
      await Promise.race([goOn, sleep(expectContinueMs)]);
    }
    for (const { bytes, pauseMs } of parts) {
      if (pauseMs !== undefined) await sleep(pauseMs);
      if (client.destroyed) return;
      await new Promise<void>((resolve) => client.write(bytes, () => resolve()));
    }
    if (hangUp === true) client.destroy(new Error('hung up on purpose'));
    else client.end();
  }

  #elapsedMs(): number {
    return performance.now() - this.#startedMs;
  }

  #timings() {
    return {
      ...(this.#connectMs === undefined ? {} : { connectMs: this.#connectMs }),
      ...(this.#firstByteMs === undefined ? {} : { firstByteMs: this.#firstByteMs }),
      totalMs: this.#elapsedMs(),
    };
  }
}
