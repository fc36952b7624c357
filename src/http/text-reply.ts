/** An answer whose body is a text that is there already; most are. A web `Response` costs more than most of them. */
export interface TextReply {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Record<string, string>;
  /** Empty for none. */
  readonly text: string;
}

/** As much of a request as answers of that kind need; a web `Request` is one. */
export interface TextRequest {
  readonly method: string;
  /** Absolute. */
  readonly url: string;
  readonly headers: { get(name: string): string | null };
  arrayBuffer(): Promise<ArrayBuffer | Buffer>;
}

/** Not by `instanceof`: to name the class `Response` makes Node load all of fetch. */
export function isTextReply(reply: TextReply | Response): reply is TextReply {
  return typeof reply.text === 'string';
}

export function toResponse(reply: TextReply | Response): Response {
  if (!isTextReply(reply)) return reply;
  const { status, headers, text } = reply;
  return new Response(text === '' ? null : text, { status, headers });
}
