import type { Reply } from './route.ts';

/** An answer whose body is a text that is there already; most are. */
export interface TextReply {
  readonly status: number;
  readonly headers: Record<string, string>;
  /** Empty for none. */
  readonly text: string;
}

/** Not by `instanceof`: to name the class `Response` makes Node load all of fetch. */
export function isTextReply(reply: TextReply | Response): reply is TextReply {
  return typeof reply.text === 'string';
}

/** What a route answered, as it is sent. */
export function toText(reply: Reply): TextReply | Response {
  if ('bodyUsed' in reply) return reply;
  if (reply.json === undefined) return { status: reply.status, headers: { ...reply.headers }, text: '' };
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store', ...reply.headers };
  return { status: reply.status, headers, text: JSON.stringify(reply.json) };
}

export function toResponse(reply: TextReply | Response): Response {
  if (!isTextReply(reply)) return reply;
  const { status, headers, text } = reply;
  return new Response(text === '' ? null : text, { status, headers });
}
