import {
  Agent as HttpAgent,
  request as httpRequest,
  type ClientRequest,
  type IncomingMessage,
} from 'node:http';
import type { Socket } from 'node:net';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WireRequest, WireSender } from './wire.ts';
import { HookcastError } from '../errors.ts';
import type { Exchange, Phase } from '../ports.ts';
import { checkLiteral, connectionRules, type SenderOptions } from './connection-rules.ts';
import { explainRefusal } from './explain-refusal.ts';
import { AnswerReader } from './http1/answer-reader.ts';
import { MalformedAnswerError } from './http1/malformed-answer.ts';
import { KEPT_BYTES, READ_BYTES } from './limits.ts';
import { codeOf, rootCause } from './network-errors.ts';

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
      checkLiteral(request.url, options);
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
    ...connectionRules(options),
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

interface Settlement {
  readonly settle: (exchange: Exchange) => void;
  readonly fail: (error: Error) => void;
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
    return new Promise((resolve, reject) => {
      let isSettled = false;
      const close = () => {
        isSettled = true;
        clearTimeout(timer);
        this.#limits.signal?.removeEventListener('abort', cancel);
      };
      const settle = (exchange: Exchange) => {
        if (isSettled) return;
        close();
        if (exchange.kind !== 'response' || exchange.response.truncated) client.destroy();
        resolve(exchange);
      };
      const fail = (error: Error) => {
        if (isSettled) return;
        const cause = rootCause(error);
        if (cause instanceof HookcastError) {
          close();
          reject(cause);
          return;
        }
        const [code, timings] = [codeOf(cause), this.#timings()];
        const told = (reason: string) => settle({ kind: 'unreachable', code, reason, timings });
        if (code !== 'ECONNREFUSED') told(cause.message);
        else void explainRefusal(error, this.#request.url).then(told);
      };
      const cancel = () => settle({ kind: 'cancelled', timings: this.#timings() });
      const timer = setTimeout(
        () => settle({ kind: 'timed-out', phase: this.#phase, timings: this.#timings() }),
        this.#limits.timeoutMs,
      );
      this.#limits.signal?.addEventListener('abort', cancel, { once: true });
      this.#observe(client, { settle, fail });
      this.#write(client).catch(fail);
    });
  }

  #observe(client: ClientRequest, { settle, fail }: Settlement): void {
    client.once('socket', (socket) => {
      this.#judge(socket, { client, fail });
      const connected = () => {
        this.#connectMs = this.#elapsedMs();
        this.#phase = 'headers';
      };
      const isTls = this.#request.url.protocol === 'https:';
      if (!socket.connecting) connected();
      else if (isTls) socket.once('connect', () => (this.#phase = 'tls')).once('secureConnect', connected);
      else socket.once('connect', connected);
    });
    let answer: IncomingMessage | undefined;
    client.once('response', (response) => {
      // Of HEAD alone: all else has been judged before.
      if ((response.statusCode ?? 0) < 200) {
        fail(new MalformedAnswerError('HPE_INVALID_STATUS'));
        return;
      }
      answer = response;
      this.#firstByteMs = this.#elapsedMs();
      this.#phase = 'body';
      this.#read(response, { settle, fail });
    });
    client.once('upgrade', (_, socket) => {
      socket.destroy();
      fail(new MalformedAnswerError('HPE_PAUSED_UPGRADE'));
    });
    // What comes after a complete answer does not matter: it is still read to its end.
    client.on('error', (error) => (answer?.complete === true ? undefined : fail(error)));
  }

  /**
   * Reads an answer before Node does, with the reader of the other senders, so that all judge it alike. Node takes
   * RTSP, HTTP/2.0 and a 204 that announces a body for answers. The reader does not know HEAD.
   */
  #judge(socket: Socket, { client, fail }: { client: ClientRequest; fail: Settlement['fail'] }): void {
    if (this.#request.method === 'HEAD') return;
    const reader = new AnswerReader();
    const read = (bytes: Buffer) => {
      try {
        if (reader.read(bytes)) stop();
      } catch (error) {
        stop();
        fail(error as Error);
      }
    };
    const stop = () => socket.off('data', read);
    socket.prependListener('data', read);
    client.once('close', stop);
  }

  #read(response: IncomingMessage, { settle, fail }: Settlement): void {
    const chunks: Buffer[] = [];
    let received = 0;
    // The answer to HEAD is its head: a server that sends a body all the same has answered.
    if (this.#request.method === 'HEAD') {
      const headers = response.headers as Record<string, string | string[]>;
      const answer = { status: response.statusCode ?? 0, headers, body: Buffer.alloc(0), truncated: false };
      settle({ kind: 'response', response: answer, timings: this.#timings() });
    }
    const complete = () => {
      const body = Buffer.concat(chunks);
      const headers = response.headers as Record<string, string | string[]>;
      const answer = { status: response.statusCode ?? 0, headers, body, truncated: received > body.length };
      settle({ kind: 'response', response: answer, timings: this.#timings() });
    };
    response.on('data', (chunk: Buffer) => {
      if (received < KEPT_BYTES) chunks.push(chunk.subarray(0, KEPT_BYTES - received));
      received += chunk.length;
      if (received > READ_BYTES) complete();
    });
    response.once('end', complete);
    response.on('error', fail);
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
      connectMs: this.#connectMs,
      firstByteMs: this.#firstByteMs,
      totalMs: this.#elapsedMs(),
    };
  }
}
