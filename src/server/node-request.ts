import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ApiRequest } from './api/request.ts';

/** A request as Node has it, without a web `Request` around it: that costs more than most answers of the API. */
export class NodeRequest implements ApiRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: ApiRequest['headers'];
  /** Read by `text` alone: with a length that is known there is nothing to be cut off. */
  readonly body = null;
  readonly #incoming: IncomingMessage;
  readonly #outgoing: ServerResponse;
  #gone: AbortController | undefined;

  constructor(incoming: IncomingMessage, outgoing: ServerResponse) {
    this.#incoming = incoming;
    this.#outgoing = outgoing;
    this.method = incoming.method ?? 'GET';
    this.url = `http://${incoming.headers.host ?? ''}${incoming.url ?? '/'}`;
    this.headers = { get: (name) => valueOf(incoming.headers[name]) };
  }

  get signal(): AbortSignal {
    if (this.#gone !== undefined) return this.#gone.signal;
    const gone = new AbortController();
    this.#gone = gone;
    this.#outgoing.once('close', () => {
      if (!this.#outgoing.writableFinished) gone.abort(new Error('the client is gone'));
    });
    return gone.signal;
  }

  text(): Promise<string> {
    const incoming = this.#incoming;
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => void chunks.push(chunk));
      incoming.once('end', () => resolve(textOf(chunks)));
      incoming.once('error', reject);
    });
  }
}

function textOf(chunks: readonly Buffer[]): string {
  const [first] = chunks;
  const bytes = first !== undefined && chunks.length === 1 ? first : Buffer.concat(chunks);
  return bytes.toString('utf8');
}

function valueOf(value: string | string[] | undefined): string | null {
  return Array.isArray(value) ? value.join(', ') : (value ?? null);
}
