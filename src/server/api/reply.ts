/** An answer whose body is a text that is there already; most are. */
export interface TextReply {
  readonly status: number;
  readonly headers: Record<string, string>;
  /** Empty for none. */
  readonly text: string;
}

export function isTextReply(reply: TextReply | Response): reply is TextReply {
  return !(reply instanceof Response);
}

export function toResponse(reply: TextReply | Response): Response {
  if (!isTextReply(reply)) return reply;
  const { status, headers, text } = reply;
  return new Response(text === '' ? null : text, { status, headers });
}
