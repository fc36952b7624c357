import { checkHost, checkOrigin, checkToken, corsHeaders, type GuardOptions } from './api/guard.ts';
import { ProblemError, REFUSED, refusalOf } from './api/problem.ts';
import { isTextReply, toResponse, type TextReply } from '../http/text-reply.ts';
import { toText } from './api/reply.ts';
import type { ApiRequest } from './api/route.ts';
import { lateControlApi, type LateControlApi } from './late-control-api.ts';
import { HEALTH, isProbe } from './health.ts';
import type { ServerState } from './server-state.ts';
import { version } from '../text/version.ts';

export type Handler = (request: Request) => Promise<Response>;

/** Another API over the same state, under a prefix of its own. It is behind the checks of Host and Origin. */
export interface Mount {
  /** `/api/v1` */
  readonly prefix: string;
  readonly answer: (request: ApiRequest) => Promise<TextReply | Response>;
  /** A page that links of other sites lead to, or bytes; it guards its own forms. */
  readonly isPage: boolean;
  /** Ends what runs by itself, with the server. */
  readonly close: () => void;
}

export interface HandlerOptions extends GuardOptions {
  /** Refuse everything that changes something. @default false */
  readonly readOnly?: boolean | undefined;
  readonly mounts?: readonly Mount[] | undefined;
  /** Answers what no route has: the pages of the inspector. */
  readonly pages?: ((request: ApiRequest) => Response | undefined) | undefined;
  /** Told of errors that are bugs of ours. */
  readonly onBug?: ((error: unknown) => void) | undefined;
}

/** The whole server, but for how a request comes and an answer goes. */
export type Respond = (request: ApiRequest) => Promise<TextReply | Response>;

export function createResponder(api: LateControlApi, options: HandlerOptions = {}): Respond {
  const { onBug = () => undefined } = options;
  const always: Record<string, string> = {
    'hookcast-version': version(),
    // Receivers' texts are in many answers.
    'x-content-type-options': 'nosniff',
  };
  if (options.readOnly === true) always['hookcast-read-only'] = 'true';
  return async (request) => {
    const reply = await respond(request, { options, api }).catch((error: unknown) => refusalOf(error, onBug));
    const headers = { ...always, ...corsHeaders(request, options) };
    if (isTextReply(reply)) {
      const { text, ...head } = { ...reply, headers: { ...reply.headers, ...headers } };
      return { ...head, text: request.method === 'HEAD' ? '' : text };
    }
    for (const [name, value] of Object.entries(headers)) reply.headers.set(name, value);
    return request.method === 'HEAD' ? new Response(null, reply) : reply;
  };
}

/** The whole server as a function of a request. */
export function createHandler(state: ServerState, options: HandlerOptions = {}): Handler {
  return handlerOf(createResponder(lateControlApi(state), options));
}

export function handlerOf(respond: Respond): Handler {
  return async (request) => toResponse(await respond(request));
}

interface HandlerDeps {
  readonly options: HandlerOptions;
  readonly api: LateControlApi;
}

async function respond(request: ApiRequest, { options, api }: HandlerDeps): Promise<TextReply | Response> {
  const url = new URL(request.url);
  const { pathname } = url;
  const mount = mountOf(pathname, options.mounts);
  checkSource(request, options, { pathname, mount });
  if (isPreflight(request, options)) return { status: 204, headers: {}, text: '' };
  if (isControl(pathname)) checkToken(request, options);
  if (options.readOnly === true) await checkReadOnly(request, pathname, api);
  if (mount !== undefined) return mount.answer(request);
  return options.pages?.(request) ?? answerOwn(request, url, api);
}

async function answerOwn(request: ApiRequest, url: URL, api: LateControlApi): Promise<TextReply | Response> {
  if (isProbe(request.method, url.pathname)) return toText(HEALTH);
  return (api.loaded() ?? (await api.load())).route(request, url);
}

export function mountOf(pathname: string, mounts: readonly Mount[] = []): Mount | undefined {
  return mounts.find(({ prefix }) => isUnder(pathname, prefix));
}

/** Links of other sites may lead to a page. @throws {ProblemError} */
function checkSource(
  request: ApiRequest,
  options: HandlerOptions,
  { pathname, mount }: { readonly pathname: string; readonly mount: Mount | undefined },
): void {
  checkHost(request, options);
  const isGuarded = mount?.isPage === false;
  if (isGuarded || isControl(pathname)) checkOrigin(request, options);
}

function isControl(pathname: string): boolean {
  return isUnder(pathname, '/v1');
}

/** A browser asks before a page of an origin that is let in sends JSON. */
function isPreflight(request: ApiRequest, options: HandlerOptions): boolean {
  return request.method === 'OPTIONS' && corsHeaders(request, options) !== undefined;
}

function isUnder(pathname: string, prefix: string): boolean {
  return pathname === prefix || pathname.startsWith(`${prefix}/`);
}

async function checkReadOnly({ method }: ApiRequest, pathname: string, api: LateControlApi): Promise<void> {
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return;
  if ((await api.load()).isRead(method, pathname)) return;
  throw new ProblemError(
    REFUSED.readOnly,
    `${method} ${pathname} changes something, and the server was started with --read-only (in code: readOnly)`,
  );
}
