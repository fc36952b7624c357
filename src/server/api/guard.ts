import { createHash, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import { ProblemError, REFUSED } from './problem.ts';
import type { ApiRequest } from './route.ts';

export interface GuardOptions {
  /** Names that `Host` may have beside those of this machine. */
  readonly allowedHosts?: readonly string[] | undefined;
  /** Origins of web pages that may call the API. */
  readonly corsOrigins?: readonly string[] | undefined;
  /** What every call of the API must bear. */
  readonly token?: string | undefined;
}

/**
 * Refuses requests to a name that is not ours. Under DNS rebinding a page's own name leads here: its requests are
 * same-origin to the browser, and only the name gives them away.
 * @throws {ProblemError}
 */
export function checkHost(request: ApiRequest, { allowedHosts = [] }: GuardOptions): void {
  const host = hostOf(request);
  const name = hostName(host);
  if (name === undefined) {
    throw new ProblemError(REFUSED.badRequest, 'the request has no Host header, or one that is not a host');
  }
  if (isOwnName(name) || allowedHosts.some((allowed) => allowed.toLowerCase() === name)) return;
  throw new ProblemError(
    REFUSED.forbiddenHost,
    `the Host '${name}' is not one of this server's names; if it is yours, start the server with --allowed-host ${name} (in code: allowedHosts)`,
  );
}

function hostOf(request: ApiRequest): string {
  return request.headers.get('host') ?? new URL(request.url).host;
}

function hostName(host: string): string | undefined {
  const url = URL.canParse(`http://${host}`) ? new URL(`http://${host}`) : undefined;
  const isHost = url !== undefined && url.username === '' && url.pathname === '/' && url.search === '';
  return isHost ? url.hostname.toLowerCase() : undefined;
}

/** Names that no stranger can make lead here: this machine, literal addresses, and names without a dot. */
function isOwnName(name: string): boolean {
  if (name === 'localhost' || name.endsWith('.localhost') || name === 'host.docker.internal') return true;
  return !name.includes('.') || isIP(name.replace(/^\[|\]$/g, '')) !== 0;
}

/**
 * Refuses what a page of another origin sends, also one of another port of this machine: the receiver under test is
 * such a page.
 * @throws {ProblemError}
 */
export function checkOrigin(request: ApiRequest, { corsOrigins = [] }: GuardOptions): void {
  const origin = request.headers.get('origin');
  if (origin !== null && corsOrigins.includes(origin)) return;
  const site = request.headers.get('sec-fetch-site');
  if (origin !== null && !isOwnOrigin(origin, request)) throw forbidden(`the Origin '${origin}'`, origin);
  if (site !== null && site !== 'same-origin' && site !== 'none') {
    throw forbidden(`a request with Sec-Fetch-Site: ${site}`, origin ?? 'https://app.example');
  }
}

function isOwnOrigin(origin: string, request: ApiRequest): boolean {
  const host = hostOf(request).toLowerCase();
  return origin.toLowerCase() === `http://${host}`;
}

function forbidden(what: string, origin: string): ProblemError {
  return new ProblemError(
    REFUSED.forbiddenOrigin,
    `${what} is not this server's own; to let a page of another origin in, start the server with --cors-origin ${origin} (in code: corsOrigins)`,
  );
}

/** @throws {ProblemError} 401 */
export function checkToken(request: ApiRequest, { token }: GuardOptions): void {
  if (token === undefined) return;
  const given = /^Bearer (.+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
  if (given !== undefined && timingSafeEqual(digest(given), digest(token))) return;
  const detail =
    'expected the header Authorization: Bearer <token>; the server printed the token at its start';
  throw new ProblemError(REFUSED.unauthorized, detail, { headers: { 'www-authenticate': 'Bearer' } });
}

/** Of equal length, so that they can be compared in constant time. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** What a page of an allowed origin may do; undefined for all others. */
export function corsHeaders(
  request: ApiRequest,
  { corsOrigins = [] }: GuardOptions,
): Record<string, string> | undefined {
  const origin = request.headers.get('origin');
  if (origin === null || !corsOrigins.includes(origin)) return undefined;
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-methods': 'GET, POST, PATCH, DELETE',
    'access-control-allow-headers': 'authorization, content-type',
    'access-control-expose-headers': 'location, hookcast-version, hookcast-sha256',
    vary: 'origin',
  };
}
