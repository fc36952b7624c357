import type { TextReply } from '../../http/text-reply.ts';
import type { Reply } from './route.ts';

/** What a route answered, as it is sent. */
export function toText(reply: Reply): TextReply | Response {
  if ('bodyUsed' in reply) return reply;
  if (reply.json === undefined) return { status: reply.status, headers: { ...reply.headers }, text: '' };
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store', ...reply.headers };
  return { status: reply.status, headers, text: JSON.stringify(reply.json) };
}
