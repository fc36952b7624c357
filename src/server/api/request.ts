import type { TextRequest } from '../../http/text-reply.ts';

/** As much of a request as the API reads. A web `Request` is one; Node's own is one at a fraction of the cost. */
export interface ApiRequest extends TextRequest {
  arrayBuffer(): Promise<ArrayBuffer | Buffer>;
  readonly body: ReadableStream<Uint8Array> | null;
  /** Aborts when the client is gone. Costs something: to be read only by what waits. */
  readonly signal: AbortSignal;
}
