import * as z from 'zod';
import { meant, nearest } from '../../text/nearest.ts';
import type { ServerState } from '../server-state.ts';
import { createMatcher, paramsOf, type Match } from './match.ts';
import { methodNotAllowed, ProblemError, REFUSED } from './problem.ts';
import { readBody, readQuery, readText } from './read-input.ts';
import type { TextReply } from '../../http/text-reply.ts';
import { toText } from './reply.ts';
import type { Reply, Route, ApiRequest } from './route.ts';

export type Router = (request: ApiRequest, url: URL) => Promise<TextReply | Response>;

/** Answers what the table has, and says of everything else what is near. The router throws {ProblemError} for that. */
export function createRouter(routes: readonly Route[], state: ServerState): Router {
  const match = createMatcher(routes);
  return async (request, url) => {
    const found = match(request.method, url.pathname);
    if (found === undefined) throw notFound(request.method, url.pathname, routes);
    return toText(await answer(found, { request, url, state }));
  };
}

interface Call {
  readonly request: ApiRequest;
  readonly url: URL;
  readonly state: ServerState;
}

async function answer({ route, params }: Match, { request, url, state }: Call): Promise<Reply> {
  const query = readQuery(route.query, url);
  const text = await bodyText(route, request);
  const body =
    text === '' && route.body === undefined
      ? undefined
      : readBody(route.body ?? NO_MEMBERS, text, route.prepareBody);
  return route.handle({ params, query, body, text, request }, state);
}

/** Of routes that take no body: some clients send `{}` all the same. */
const NO_MEMBERS = z.strictObject({});

async function bodyText(route: Route, request: ApiRequest): Promise<string> {
  if (request.method === 'GET' || request.method === 'HEAD') return '';
  const text = await readText(request);
  if (text !== '') checkMediaType(request);
  return text === '' && route.bodyIsOptional === true ? '{}' : text;
}

/** A browser sends this type to another origin only after it has asked, and is refused then. */
function checkMediaType(request: ApiRequest): void {
  const type = request.headers.get('content-type') ?? '';
  if (/^application\/json\s*(?:;|$)/i.test(type)) return;
  const found = type === '' ? 'none' : `'${type}'`;
  throw new ProblemError(
    REFUSED.unsupportedMediaType,
    `expected the header Content-Type: application/json, found ${found}`,
  );
}

function notFound(method: string, pathname: string, routes: readonly Route[]): ProblemError {
  const methods = routes.filter(({ path }) => isPath(path, pathname)).map((route) => route.method);
  if (methods.length > 0) return methodNotAllowed(method, pathname, methods);
  const paths = [...new Set(routes.map(({ path }) => path))];
  const near = nearest(pathname, paths);
  const guess = meant(near, 'all routes: GET /openapi.json');
  return new ProblemError(REFUSED.notFound, `there is no route ${pathname}; ${guess}`, { near });
}

function isPath(path: string, pathname: string): boolean {
  return paramsOf(path.split('/'), pathname.split('/')) !== undefined;
}
