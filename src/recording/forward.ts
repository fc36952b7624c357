import type { HeaderList } from './recording.ts';

/** Between two neighbours, and not passed on (RFC 9110, 7.6.1); `Connection` names more. */
export const HOP_BY_HOP: readonly string[] = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** Headers as pairs: Node's raw list is flat. */
export function pairsOf(raw: readonly string[]): HeaderList {
  return raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1] ?? ''] as const] : []));
}

/** Those that are meant for the next one, in order and case; its `Host` is its own. */
export function forwardedHeaders(headers: HeaderList, host?: string): HeaderList {
  const hops = hopByHop(headers);
  return headers
    .filter(([name]) => !hops.has(name.toLowerCase()))
    .map(([name, value]) => [name, host !== undefined && name.toLowerCase() === 'host' ? host : value]);
}

function hopByHop(headers: HeaderList): ReadonlySet<string> {
  const named = headers
    .filter(([name]) => name.toLowerCase() === 'connection')
    .flatMap(([, value]) => value.toLowerCase().split(','))
    .map((name) => name.trim())
    // A sender that names these in `Connection` would take them from the message itself.
    .filter((name) => !['host', 'content-length', 'content-type'].includes(name));
  // The proxy itself has answered `Expect`.
  return new Set([...HOP_BY_HOP, 'expect', ...named]);
}

/**
 * The path and query of the receiver for what the sender asked for. A sender that knows the receiver's path, or
 * none, is taken to it; another path goes below it.
 */
export function forwardedPath(asked: string, to: URL): string {
  const target = asked.replace(/^https?:\/\/[^/?#]*/i, '') || '/';
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  const query = mark < 0 ? '' : target.slice(mark + 1);
  const isSame = path === '/' || path === to.pathname;
  const joined = isSame ? to.pathname : to.pathname.replace(/\/$/, '') + path;
  const queries = [to.search.slice(1), query].filter((part) => part !== '').join('&');
  return queries === '' ? joined : `${joined}?${queries}`;
}

/**
 * Would a receiver that resolves dot segments leave the path that they are appended to? Also in other spellings:
 * percent-encoded, with a backslash, or with a parameter behind (`..;`).
 */
export function hasDotSegments(target: string): boolean {
  const path = target.replace(/^https?:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '');
  return path.split(/[/\\]|%2f|%5c/i).some((segment) => /^(?:\.|%2e){1,2}(?:;.*)?$/i.test(segment));
}
