import { createRequire, syncBuiltinESMExports } from 'node:module';
import type * as Http from 'node:http';
import type * as Https from 'node:https';
import { DEFAULT_SANDBOX_URL, redirected } from './target.ts';

/**
 * Sends requests for Persona's hosts to the sandbox of HOOKCAST_SANDBOX_URL: those of `fetch`, `http` and `https`. Says so
 * once. Does nothing with NODE_ENV=production.
 */
export function startRedirect(environment: Readonly<Record<string, string | undefined>>): void {
  if (environment['NODE_ENV'] === 'production') return;
  const text = environment['HOOKCAST_SANDBOX_URL'] ?? DEFAULT_SANDBOX_URL;
  if (!URL.canParse(text)) {
    process.stderr.write(`hookcast: HOOKCAST_SANDBOX_URL is not a URL; nothing is redirected\n`);
    return;
  }
  const sandbox = new URL(text);
  process.stderr.write(`hookcast: requests to Persona's API go to ${sandbox.origin}\n`);
  redirectFetch(sandbox);
  redirectModules(sandbox);
}

function redirectFetch(sandbox: URL): void {
  const original = globalThis.fetch;
  globalThis.fetch = (input, init) => {
    const url = new URL(input instanceof Request ? input.url : String(input), 'http://localhost');
    const target = redirected(url, sandbox);
    if (target === undefined) return original(input, init);
    return original(input instanceof Request ? new Request(target, input) : target, init);
  };
}

type Options = Http.RequestOptions | URL | string;
type Rest = [options?: unknown, callback?: unknown];

/** Libraries such as axios and got end in `http.request` or `https.request`. */
function redirectModules(sandbox: URL): void {
  const require = createRequire(import.meta.url);
  const http = require('node:http') as typeof Http;
  const https = require('node:https') as typeof Https;
  const plain = { request: http.request, get: http.get };
  for (const module of [http, https]) {
    for (const name of ['request', 'get'] as const) {
      const original = module[name].bind(module) as (...given: unknown[]) => Http.ClientRequest;
      const replacement = (input: Options, ...rest: Rest) => {
        const found = readRequest(input, rest, module === https ? 'https:' : 'http:');
        const target = redirected(found.url, sandbox);
        if (target === undefined) return original(input, ...rest);
        return plain[name](target, localOptions(found.options, target), found.callback);
      };
      Object.assign(module, { [name]: replacement });
    }
  }
  syncBuiltinESMExports();
}

interface FoundRequest {
  readonly url: URL;
  readonly options: Http.RequestOptions;
  readonly callback: ((response: Http.IncomingMessage) => void) | undefined;
}

/** `request(url, options?, callback?)` and `request(options, callback?)`. */
function readRequest(input: Options, [second, third]: Rest, protocol: string): FoundRequest {
  const isUrl = typeof input === 'string' || input instanceof URL;
  const given = isUrl ? second : input;
  const options = (typeof given === 'object' && given !== null ? given : {}) as Http.RequestOptions;
  const last = typeof third === 'function' ? third : second;
  const callback = typeof last === 'function' ? (last as FoundRequest['callback']) : undefined;
  const url = isUrl ? new URL(String(input)) : urlOf(options, protocol);
  return { url, options, callback };
}

function urlOf(options: Http.RequestOptions, protocol: string): URL {
  const host = options.hostname ?? options.host ?? 'localhost';
  const port = options.port == null ? '' : `:${options.port}`;
  const address = `${options.protocol ?? protocol}//${host.replace(/:\d+$/, '')}${port}${options.path ?? '/'}`;
  return URL.canParse(address) ? new URL(address) : new URL('http://localhost/');
}

/** What named Persona's host, or was for TLS alone, is left out. */
function localOptions(options: Http.RequestOptions, target: URL): Http.RequestOptions {
  const kept = Object.entries(options).filter(([name]) => !OF_THE_HOST.has(name));
  const rest = Object.fromEntries(kept) as Http.RequestOptions;
  const { headers } = rest;
  if (headers === undefined || Array.isArray(headers)) return rest;
  const others = Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'host');
  return { ...rest, headers: { ...Object.fromEntries(others), host: target.host } };
}

const OF_THE_HOST: ReadonlySet<string> = new Set([
  ...['host', 'hostname', 'port', 'protocol', 'path', 'agent', 'servername'],
]);
