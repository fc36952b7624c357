import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { methodNotAllowed } from './api/problem.ts';
import type { ApiRequest } from './api/route.ts';

/** Beside the command and the library, in dist. */
const FOLDER = new URL('../inspector/', import.meta.url);

/** The pages of the inspector; nothing else of the disk can be asked for. */
const FILES: Readonly<Record<string, readonly [file: string, type: string]>> = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/index.html': ['index.html', 'text/html; charset=utf-8'],
  '/app.js': ['app.js', 'text/javascript; charset=utf-8'],
  '/app.css': ['app.css', 'text/css; charset=utf-8'],
};

/** Receivers' text comes into this page: it can run nothing that did not come with it, and reach nothing else. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': [
    ...["default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:"],
    ...["connect-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
    "require-trusted-types-for 'script'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-cache',
};

const TEXT = `hookcast

/v1            the control API
/openapi.json  its description (OpenAPI 3.0.3)
/healthz       is the process up?

The routes: https://github.com/hookcast/hookcast/blob/main/docs/serve.md
`;

/** Answers requests for pages; undefined for everything else. */
export function createPages({ ui = true }: { readonly ui?: boolean | undefined }) {
  const hasPages = ui && existsSync(new URL('index.html', FOLDER));
  return (request: ApiRequest): Response | undefined => {
    const { pathname } = new URL(request.url);
    const [file, type] = (hasPages ? FILES[pathname] : undefined) ?? [];
    if (file === undefined && pathname !== '/') return undefined;
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      throw methodNotAllowed(request.method, pathname, ['GET']);
    }
    if (file !== undefined && type !== undefined) {
      const bytes = readFileSync(fileURLToPath(new URL(file, FOLDER)));
      return new Response(new Uint8Array(bytes), { headers: { ...PAGE_HEADERS, 'content-type': type } });
    }
    return new Response(TEXT, { headers: { ...PAGE_HEADERS, 'content-type': 'text/plain; charset=utf-8' } });
  };
}
