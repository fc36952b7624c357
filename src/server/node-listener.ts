import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { finished } from 'node:stream/promises';
import { isTextReply, type TextReply } from '../http/text-reply.ts';
import { BODY_BYTES_MAX } from './api/limits.ts';
import { mountOf, type Handler, type Mount, type Respond } from './create-handler.ts';
import { isProbe } from './health.ts';
import type { LateControlApi } from './late-control-api.ts';
import { NodeRequest } from './node-request.ts';
import { REFUSED } from './api/problem.ts';
import { refusal } from './refuse-unreadable.ts';

interface ListenerDeps {
  readonly respond: Respond;
  /** The same through web requests. */
  readonly handler: Handler;
  readonly api: LateControlApi;
  readonly mounts: readonly Mount[] | undefined;
}

/** Answers Node's requests: most by a short way, what is more than a text in JSON through web requests. */
export function nodeListener({ respond, handler, api, mounts }: ListenerDeps): RequestListener {
  let long: Promise<Listener> | undefined;
  const throughWeb = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    long ??= webListener(handler);
    await (
      await long
    )(incoming, outgoing);
  };
  const bySize = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const path = pathOf(incoming);
    const isAnswered = isProbe(incoming.method ?? '', path) || mountOf(path, mounts)?.isPage === false;
    const isShort = (isAnswered && isSmall(incoming)) || (await isJson(incoming, api));
    if (isShort) await answer(respond, incoming, outgoing);
    else await throughWeb(incoming, outgoing);
  };
  return (incoming, outgoing) => {
    if (!isPlainTarget(incoming)) refuseTarget(outgoing);
    else if (incoming.headers['transfer-encoding'] === undefined) void bySize(incoming, outgoing);
    else void throughWeb(incoming, outgoing);
  };
}

type Listener = (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>;

/** Loaded with the first request that needs it: the start of a server does not wait for it. */
async function webListener(handler: Handler): Promise<Listener> {
  const { getRequestListener } = await import('@hono/node-server');
  const withEnd = async (request: Request, { incoming, outgoing }: Exchange) => {
    const hangUp = () => void outgoing.destroy();
    const response = await handler(Object.assign(request, { hangUp }));
    // Who has sent all that they will send still gets an answer, but a stream would never end for who has left.
    if (response.headers.get('content-type') === 'text/event-stream') incoming.socket.once('end', hangUp);
    return response;
  };
  return getRequestListener(withEnd, { overrideGlobalObjects: false });
}

interface Exchange {
  readonly incoming: Pick<IncomingMessage, 'socket'>;
  readonly outgoing: { destroy(): unknown };
}

async function answer(respond: Respond, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const reply = await respond(new NodeRequest(incoming, outgoing));
  const { status, headers, text } = isTextReply(reply) ? reply : await readOut(reply);
  const length = text === '' ? {} : { 'content-length': Buffer.byteLength(text) };
  outgoing.writeHead(status, { ...headers, ...length });
  if (isSmall(incoming)) outgoing.end(text);
  else await endGently(incoming, outgoing, text);
}

/**
 * Most clients read no answer before they have sent their whole body, and lose it when the connection is closed under
 * them: what comes is thrown away for a while.
 */
async function endGently(incoming: IncomingMessage, outgoing: ServerResponse, text: string): Promise<void> {
  outgoing.write(text);
  incoming.resume();
  const isOver = { signal: AbortSignal.timeout(LINGER_MS), cleanup: true };
  await finished(incoming, isOver).catch(() => undefined);
  outgoing.end();
}

const LINGER_MS = 2_000;

/** A handler may answer a request for JSON with a response of its own. */
async function readOut(response: Response): Promise<TextReply> {
  const { status, headers } = response;
  return { status, headers: Object.fromEntries(headers), text: await response.text() };
}

/** With a body that is small enough, or with none. */
function isSmall({ headers }: IncomingMessage): boolean {
  return Number(headers['content-length'] ?? 0) <= BODY_BYTES_MAX;
}

/** Is it a call of the API that is answered with JSON? */
async function isJson(incoming: IncomingMessage, api: LateControlApi): Promise<boolean> {
  const path = pathOf(incoming);
  if (!path.startsWith('/v1/')) return false;
  return (api.loaded() ?? (await api.load())).isJson(incoming.method ?? 'GET', path);
}

function pathOf({ url = '' }: IncomingMessage): string {
  const end = url.search(/[?#]/);
  return end < 0 ? url : url.slice(0, end);
}

/** `GET http://elsewhere/ HTTP/1.1` is for proxies, and a Host may be anything. */
function isPlainTarget({ url = '', headers: { host }, rawHeaders }: IncomingMessage): boolean {
  const isPath = url.startsWith('/') && host !== undefined && URL.canParse(`http://${host}${url}`);
  return isPath && countHosts(rawHeaders) === 1;
}

/** Node takes the first of several; RFC 9112, 3.2 wants them refused. */
function countHosts(namesAndValues: readonly string[]): number {
  return namesAndValues.filter((name, index) => index % 2 === 0 && /^host$/i.test(name)).length;
}

function refuseTarget(outgoing: ServerResponse): void {
  const detail = 'expected a path as the target, and one Host header with a host: this server is not a proxy';
  const { status, headers, text } = refusal(REFUSED.badRequest, detail);
  outgoing.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(text) }).end(text);
}
