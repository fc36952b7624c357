import { checkHost, checkOrigin, checkToken, corsHeaders, type GuardOptions } from './api/guard.ts';
import { ProblemError, problemOf, problemResponse, REFUSED } from './api/problem.ts';
import { createRouter } from './api/router.ts';
import type { Route } from './api/route.ts';
import { ROUTES } from './routes/index.ts';
import type { ServerState } from './server-state.ts';
import { packageVersion } from './version.ts';

export type Handler = (request: Request) => Promise<Response>;

/** Another API over the same state, under a prefix of its own. It is behind the checks of Host and Origin. */
export interface Mount {
  /** `/api/v1` */
  readonly prefix: string;
  readonly handle: (request: Request) => Promise<Response> | Response;
  /** A page that links of other sites lead to; it guards its own forms. @default false */
  readonly isPage?: boolean | undefined;
}

export interface HandlerOptions extends GuardOptions {
  /** Refuse everything that changes something. @default false */
  readonly readOnly?: boolean | undefined;
  readonly mounts?: readonly Mount[] | undefined;
  /** Answers what no route has: the pages of the inspector. */
  readonly pages?: ((request: Request) => Response | undefined) | undefined;
  /** Told of errors that are bugs of ours. */
  readonly onBug?: ((error: unknown) => void) | undefined;
}

/** The whole server as a function of a request. */
export function createHandler(state: ServerState, options: HandlerOptions = {}): Handler {
  const route = createRouter(ROUTES, state, options.onBug ?? (() => undefined));
  const version = packageVersion();
  return async (request) => {
    let response: Response;
    try {
      response = await respond(request, { options, route });
    } catch (error) {
      const problem = problemOf(error);
      if (problem === undefined) throw error;
      response = problemResponse(problem);
    }
    response.headers.set('hookcast-version', version);
    for (const [name, value] of Object.entries(corsHeaders(request, options) ?? {})) {
      response.headers.set(name, value);
    }
    return response;
  };
}

interface Means {
  readonly options: HandlerOptions;
  readonly route: (request: Request) => Response | Promise<Response>;
}

function respond(request: Request, { options, route }: Means): Response | Promise<Response> {
  checkHost(request, options);
  const { pathname } = new URL(request.url);
  const mount = options.mounts?.find(({ prefix }) => isUnder(pathname, prefix));
  const isControl = isUnder(pathname, '/v1');
  if (isControl || isGuarded(mount)) checkOrigin(request, options);
  if (isPreflight(request, options)) return new Response(null, { status: 204 });
  if (isControl) checkToken(request, options);
  if (options.readOnly === true) checkReadOnly(request, pathname);
  if (mount !== undefined) return mount.handle(request);
  return options.pages?.(request) ?? route(request);
}

/** Links of other sites may lead to a page. */
function isGuarded(mount: Mount | undefined): boolean {
  return mount !== undefined && mount.isPage !== true;
}

/** A browser asks before a page of an origin that is let in sends JSON. */
function isPreflight(request: Request, options: HandlerOptions): boolean {
  return request.method === 'OPTIONS' && corsHeaders(request, options) !== undefined;
}

function isUnder(pathname: string, prefix: string): boolean {
  return pathname === prefix || pathname.startsWith(`${prefix}/`);
}

function checkReadOnly({ method }: Request, pathname: string): void {
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return;
  const isRead = ROUTES.some((entry) => isReadRoute(entry, { method, pathname }));
  if (isRead) return;
  throw new ProblemError(
    REFUSED.readOnly,
    `${method} ${pathname} changes something, and the server was started with --read-only`,
  );
}

/** Routes that are POST for their body alone have no parameters in their paths. */
function isReadRoute(entry: Route, { method, pathname }: { method: string; pathname: string }): boolean {
  return entry.isRead === true && entry.method === method && entry.path === pathname;
}
