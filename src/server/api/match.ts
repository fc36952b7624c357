import type { Route } from './route.ts';

export interface Match {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

export type Matcher = (method: string, pathname: string) => Match | undefined;

const NONE: Match['params'] = {};

/** Finds the route of a request; a HEAD is answered as the GET that it asks about. */
export function createMatcher(routes: readonly Route[]): Matcher {
  const fixed = new Map<string, Match>();
  const patterns = new Map<string, Route[]>();
  for (const route of routes) {
    if (!route.path.includes('{')) fixed.set(`${route.method} ${route.path}`, { route, params: NONE });
    else patterns.set(route.method, [...(patterns.get(route.method) ?? []), route]);
  }
  return (given, pathname) => {
    const method = given === 'HEAD' ? 'GET' : given;
    const found = fixed.get(`${method} ${pathname}`);
    if (found !== undefined) return found;
    const parts = pathname.split('/');
    for (const route of patterns.get(method) ?? []) {
      const params = paramsOf(route.path.split('/'), parts);
      if (params !== undefined) return { route, params };
    }
    return undefined;
  };
}

/** Undefined where the path is another one. */
export function paramsOf(
  wanted: readonly string[],
  found: readonly string[],
): Record<string, string> | undefined {
  if (wanted.length !== found.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const text = found[index] ?? '';
    if (!part.startsWith('{')) {
      if (part !== text) return undefined;
    } else if (text === '') return undefined;
    else params[part.slice(1, -1)] = decoded(text);
  }
  return params;
}

/** What is not properly encoded is taken as it stands: it names nothing, and is told so. */
function decoded(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
