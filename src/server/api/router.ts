import { Hono } from 'hono';
import { nearest } from '../../text/nearest.ts';
import type { ServerState } from '../server-state.ts';
import { ProblemError, problemOf, problemResponse, REFUSED } from './problem.ts';
import { readBody, readQuery, readText } from './read-input.ts';
import type { Method, Reply, Route } from './route.ts';

/** Answers what the table has, and says of everything else what is near. */
export function createRouter(
  routes: readonly Route[],
  state: ServerState,
  onBug: (error: unknown) => void,
): (request: Request) => Response | Promise<Response> {
  const router = new Hono({ strict: true });
  for (const entry of routes) {
    router.on(entry.method, honoPath(entry.path), (context) =>
      answer(entry, { request: context.req.raw, params: context.req.param(), state }),
    );
  }
  router.notFound((context) => problemResponse(notFound(context.req.raw, routes)));
  router.onError((error) => {
    const problem = problemOf(error);
    if (problem === undefined) onBug(error);
    return problemResponse(problem ?? bug(error));
  });
  return (request) => router.fetch(request);
}

function honoPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}

interface Call {
  readonly request: Request;
  readonly params: Readonly<Record<string, string>>;
  readonly state: ServerState;
}

async function answer(route: Route, { request, params, state }: Call): Promise<Response> {
  const query = readQuery(route.query, new URL(request.url));
  const text = await bodyText(route, request);
  const body = route.body === undefined ? undefined : readBody(route.body, text, route.prepareBody);
  return toResponse(await route.handle({ params, query, body, text, request }, state));
}

async function bodyText(route: Route, request: Request): Promise<string> {
  if (route.body === undefined) return '';
  const text = await readText(request);
  if (text !== '') checkMediaType(request);
  return text === '' && route.bodyIsOptional === true ? '{}' : text;
}

/** A browser sends this type to another origin only after it has asked, and is refused then. */
function checkMediaType(request: Request): void {
  const type = request.headers.get('content-type') ?? '';
  if (/^application\/json\s*(?:;|$)/i.test(type)) return;
  const found = type === '' ? 'none' : `'${type}'`;
  throw new ProblemError(
    REFUSED.unsupportedMediaType,
    `expected the header Content-Type: application/json, found ${found}`,
  );
}

function toResponse(reply: Reply): Response {
  if (reply instanceof Response) return reply;
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store', ...reply.headers };
  return new Response(JSON.stringify(reply.json), { status: reply.status, headers });
}

function notFound(request: Request, routes: readonly Route[]): ProblemError {
  const { pathname } = new URL(request.url);
  const methods = routes.filter(({ path }) => isPath(path, pathname)).map(({ method }) => method);
  if (methods.length > 0) return methodNotAllowed(request.method, pathname, methods);
  const paths = [...new Set(routes.map(({ path }) => path))];
  const near = nearest(pathname, paths);
  const guess = near.length === 0 ? 'all routes: GET /openapi.json' : `did you mean ${near.join(', ')}?`;
  return new ProblemError(REFUSED.notFound, `there is no route ${pathname}; ${guess}`, { near });
}

function methodNotAllowed(method: string, pathname: string, allowed: readonly Method[]): ProblemError {
  const allow = allowed.join(', ');
  return new ProblemError(REFUSED.methodNotAllowed, `${pathname} takes ${allow}, not ${method}`, {
    near: allowed,
    headers: { allow },
  });
}

function isPath(path: string, pathname: string): boolean {
  const [wanted, found] = [path.split('/'), pathname.split('/')];
  return (
    wanted.length === found.length && wanted.every((part, i) => part.startsWith('{') || part === found[i])
  );
}

function bug(error: unknown): ProblemError {
  const message = error instanceof Error ? error.message : String(error);
  return new ProblemError([500, 'bug'], `a bug in hookcast, please report it: ${message}`);
}
