import {
  Agent as HttpAgent,
  request as httpRequest,
  type ClientRequest,
  type IncomingMessage,
} from 'node:http';
import type { Socket } from 'node:net';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WireRequest, WireSender } from './wire.ts';
import { checkLiteral, connectionRules, type SenderOptions } from './connection-rules.ts';
import { AnswerReader } from './http1/answer-reader.ts';
import { MalformedAnswerError } from './http1/malformed-answer.ts';
import { OpenExchange, type Settlement } from './open-exchange.ts';

const FIRST_REFUSAL = 400;

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
    send: (request, limits) =>
      new Promise((resolve, reject) => {
        checkLiteral(request.url, options);
        const client = open(request, { options, agent: agentFor(request) });
        new WireExchange(request, client, { resolve, reject }).start(limits);
      }),
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

class WireExchange extends OpenExchange {
  readonly #request: WireRequest;
  readonly #client: ClientRequest;
  #answer: IncomingMessage | undefined;

  constructor(request: WireRequest, client: ClientRequest, settlement: Settlement) {
    super(request.url, settlement);
    this.#request = request;
    this.#client = client;
  }

  start(limits: Parameters<WireSender['send']>[1]): void {
    this.limit(limits);
    this.#observe(this.#client);
    this.#write(this.#client).catch((error: unknown) => this.fail(error as Error));
  }

  protected leave(isRead: boolean): void {
    if (!isRead || this.isCut || this.#isRefusedEarly) this.#client.destroy();
  }

  /** What is left of the body need not be sent (RFC 9112, section 9.5). */
  get #isRefusedEarly(): boolean {
    return (this.#answer?.statusCode ?? 0) >= FIRST_REFUSAL && !this.#client.writableEnded;
  }

  #observe(client: ClientRequest): void {
    client.once('socket', (socket) => {
      this.#judge(socket);
      const connected = () => this.reached('headers');
      const isTls = this.url.protocol === 'https:';
      if (!socket.connecting) connected();
      else if (isTls) socket.once('connect', () => this.reached('tls')).once('secureConnect', connected);
      else socket.once('connect', connected);
    });
    client.once('response', (response) => this.#read(response));
    client.once('upgrade', (_, socket) => {
      socket.destroy();
      this.fail(new MalformedAnswerError('HPE_PAUSED_UPGRADE'));
    });
    // What comes after a complete answer does not matter: it is still read to its end.
    client.on('error', (error) => (this.#answer?.complete === true ? undefined : this.fail(error)));
  }

  /**
   * Reads an answer before Node does, with the reader of the other senders, so that all judge it alike. Node takes
   * RTSP, HTTP/2.0 and a 204 that announces a body for answers. The reader does not know HEAD.
   */
  #judge(socket: Socket): void {
    if (this.#request.method === 'HEAD') return;
    const reader = new AnswerReader();
    const read = (bytes: Buffer) => {
      try {
        if (reader.read(bytes)) stop();
      } catch (error) {
        stop();
        this.fail(error as Error);
      }
    };
    const stop = () => socket.off('data', read);
    socket.prependListener('data', read);
    this.#client.once('close', stop);
  }

  #read(response: IncomingMessage): void {
    const { statusCode = 0, headers } = response;
    // Of HEAD alone: all else has been judged before.
    if (statusCode < 200) {
      this.fail(new MalformedAnswerError('HPE_INVALID_STATUS'));
      return;
    }
    this.#answer = response;
    this.answering(statusCode, headers as Record<string, string | string[]>);
    // The answer to HEAD is its head: a server that sends a body all the same has answered.
    if (this.#request.method === 'HEAD') this.complete({ isRead: true });
    response.on('data', (chunk: Buffer) => this.received(chunk));
    response.once('end', () => this.complete({ isRead: true }));
    response.on('error', (error) => this.fail(error));
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
}
