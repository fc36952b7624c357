import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import { answerFault } from '../delivery/answer-faults.ts';
import { MalformedAnswerError } from '../http/http1/malformed-answer.ts';
import { codeOf, rootCause } from '../http/network-errors.ts';
import { forwardedHeaders, hasDotSegments, pairsOf } from './forward.ts';
import { KeptBytes } from './kept-bytes.ts';
import type { RecordedAnswer, RecordedFailure, Recording } from './recording.ts';
import { openUpstream, type UpstreamOptions } from './upstream.ts';

export interface ExchangeOptions extends UpstreamOptions {
  readonly now: () => number;
  /** Called with each exchange when it is over. `isWhole` is false when the body was too large to be kept. */
  readonly onExchange: (recording: Recording, isWhole: boolean) => void;
}

/** Larger bodies pass and are not kept. */
const KEPT_REQUEST_BYTES = 16_777_216;
const KEPT_ANSWER_BYTES = 65_536;

/** A request that passes through the proxy, and the answer to it. */
export class ProxiedExchange {
  readonly #incoming: IncomingMessage;
  readonly #outgoing: ServerResponse;
  readonly #options: ExchangeOptions;
  readonly #atMs: number;
  readonly #startedMs = performance.now();
  readonly #request = new KeptBytes(KEPT_REQUEST_BYTES);
  readonly #answer = new KeptBytes(KEPT_ANSWER_BYTES);
  #connectMs: number | undefined;
  #firstByteMs: number | undefined;
  #response: IncomingMessage | undefined;
  #isOver = false;
  #tellOver: () => void = () => undefined;
  /** Resolves when the exchange has been told. */
  readonly over = new Promise<void>((resolve) => {
    this.#tellOver = resolve;
  });

  constructor(incoming: IncomingMessage, outgoing: ServerResponse, options: ExchangeOptions) {
    this.#incoming = incoming;
    this.#outgoing = outgoing;
    this.#options = options;
    this.#atMs = Math.floor(options.now());
  }

  /** Whatever sender and receiver do, it ends this exchange at most. */
  start(): void {
    this.#incoming.on('data', (chunk: Buffer) => this.#request.add(chunk));
    this.#outgoing.on('error', (error) => this.#refuse(error));
    if (hasDotSegments(this.#incoming.url ?? '/')) {
      const reason = 'its path has dot segments (..), which could lead out of the path of the receiver';
      this.#answerItself(400, { code: 'PATH_REFUSED', reason });
      return;
    }
    this.#guarded(() => this.#passOn())();
  }

  #passOn(): void {
    const upstream = openUpstream(this.#incoming, this.#options);
    upstream.once('socket', (socket) => {
      socket.once('connect', () => {
        this.#connectMs = this.#elapsedMs();
      });
    });
    upstream.once(
      'response',
      this.#guarded((response: IncomingMessage) => this.#passBack(response)),
    );
    upstream.once('upgrade', (_, socket) => {
      socket.destroy();
      this.#refuse(new MalformedAnswerError('HPE_PAUSED_UPGRADE'));
    });
    upstream.on('error', (error) => this.#refuse(error));
    this.#incoming.pipe(upstream);
    this.#outgoing.once('close', () => {
      upstream.destroy();
      if (this.#outgoing.writableFinished) return;
      const reason = `the sender hung up after ${Math.round(this.#elapsedMs())} ms, before the answer was complete`;
      this.#end({ code: 'HUNG_UP', reason });
    });
  }

  #passBack(response: IncomingMessage): void {
    this.#firstByteMs = this.#elapsedMs();
    response.on('error', (error) => this.#refuse(error));
    // Only the receiver says when it answered.
    this.#outgoing.sendDate = false;
    this.#writeHead(response);
    this.#response = response;
    response.on('data', (chunk: Buffer) => this.#answer.add(chunk));
    response.once('end', () => this.#end());
    response.pipe(this.#outgoing);
  }

  /** @throws {MalformedAnswerError} for what Node reads, and refuses to write */
  #writeHead({ statusCode = 0, statusMessage = '', rawHeaders }: IncomingMessage): void {
    if (statusCode < 200) throw new MalformedAnswerError('HPE_INVALID_STATUS');
    try {
      this.#outgoing.writeHead(statusCode, statusMessage, forwardedHeaders(pairsOf(rawHeaders)).flat());
    } catch (error) {
      const { message } = error as Error;
      throw new MalformedAnswerError('HPE_INVALID_STATUS', `it cannot be passed on: ${message}`);
    }
  }

  #guarded<Given extends unknown[]>(handler: (...given: Given) => void): (...given: Given) => void {
    return (...given) => {
      try {
        handler(...given);
      } catch (error) {
        this.#refuse(error as Error);
      }
    };
  }

  /** 502 says to the sender that the fault is behind the proxy. */
  #refuse(error: Error): void {
    // What comes after a complete answer does not matter.
    if (this.#isOver || this.#response?.complete === true) return;
    const cause = rootCause(error);
    const isCut = this.#response !== undefined;
    const reason = isCut ? 'the receiver closed in the middle of its answer' : cause.message;
    const failure = { code: codeOf(cause), reason };
    if (!this.#outgoing.headersSent) {
      this.#answerItself(502, failure);
      return;
    }
    this.#end(failure);
    this.#outgoing.destroy();
  }

  #answerItself(status: 400 | 502, failure: RecordedFailure): void {
    this.#incoming.resume();
    const head = { 'Content-Type': 'text/plain', Connection: 'close' };
    // With a phrase: that of a head which could not be written would stay.
    this.#outgoing.writeHead(status, STATUS_CODES[status], head);
    this.#outgoing.end(`hookcast record: ${this.#inWords(failure)}\n`);
    // What is still coming of the request belongs to the recording.
    if (this.#incoming.complete) this.#end(failure);
    else this.#incoming.once('close', () => this.#end(failure));
  }

  #inWords({ code, reason }: RecordedFailure): string {
    const { host } = this.#options.to;
    if (code === 'PATH_REFUSED') return reason;
    const fault = answerFault(code);
    return fault === undefined
      ? `no answer from ${host} (${code})`
      : `the answer of ${host} is not valid HTTP: ${fault}`;
  }

  #end(failure?: RecordedFailure): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const isWhole = this.#request.isWhole && this.#incoming.complete;
    this.#options.onExchange(this.#recording(failure), isWhole);
    this.#tellOver();
  }

  #recording(failure: RecordedFailure | undefined): Recording {
    const { method = '', url = '/', rawHeaders, headers } = this.#incoming;
    return {
      method,
      url: addressed(url, headers.host),
      headers: pairsOf(rawHeaders),
      body: this.#request.bytes(),
      atMs: this.#atMs,
      answer: this.#response && this.#answerOf(this.#response),
      failure,
      timings: {
        connectMs: this.#connectMs,
        firstByteMs: this.#firstByteMs,
        totalMs: this.#elapsedMs(),
      },
    };
  }

  #answerOf({ statusCode = 0, rawHeaders, complete }: IncomingMessage): RecordedAnswer {
    const truncated = !this.#answer.isWhole || !complete;
    return { status: statusCode, headers: pairsOf(rawHeaders), body: this.#answer.bytes(), truncated };
  }

  #elapsedMs(): number {
    return performance.now() - this.#startedMs;
  }
}

function addressed(target: string, host = 'localhost'): string {
  const url = /^https?:/i.test(target) ? target : `http://${host}${target}`;
  return URL.canParse(url) ? url : `http://localhost${target.startsWith('/') ? target : '/'}`;
}
