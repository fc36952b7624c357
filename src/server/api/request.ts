/** As much of a request as the API reads. A web `Request` is one; Node's own is one at a fraction of the cost. */
export interface ApiRequest {
  readonly method: string;
  /** Absolute. */
  readonly url: string;
  readonly headers: { get(name: string): string | null };
  readonly body: ReadableStream<Uint8Array> | null;
  /** Aborts when the client is gone. Costs something: to be read only by what waits. */
  readonly signal: AbortSignal;
  text(): Promise<string>;
}
