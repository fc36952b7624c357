import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ApiRequest } from './api/route.ts';

/** A request as Node has it, without a web `Request` around it: that costs more than most answers of the API. */
export class NodeRequest implements ApiRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: ApiRequest['headers'];
  /** Read by `arrayBuffer` alone: with a length that is known there is nothing to be cut off. */
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

  /** No copy of Node's own buffer. */
  arrayBuffer(): Promise<Buffer> {
    const incoming = this.#incoming;
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => void chunks.push(chunk));
      incoming.once('end', () => resolve(joined(chunks)));
      incoming.once('error', reject);
    });
  }
}

function joined(chunks: readonly Buffer[]): Buffer {
  const [first] = chunks;
  return first !== undefined && chunks.length === 1 ? first : Buffer.concat(chunks);
}

function valueOf(value: string | string[] | undefined): string | null {
  return Array.isArray(value) ? value.join(', ') : (value ?? null);
}
