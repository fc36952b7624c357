import { createServer, type RequestListener, type Server } from 'node:http';
import { closeServer, listen } from '../receiver/listen.ts';
import {
  createResponder,
  handlerOf,
  type Handler,
  type HandlerOptions,
  type Mount,
} from './create-handler.ts';
import { createState, type StateOptions } from './create-state.ts';
import { lateControlApi } from './late-control-api.ts';
import { nodeListener } from './node-listener.ts';
import { createPages } from './pages.ts';
import { refuseUnreadable } from './refuse-unreadable.ts';
import type { ServerState } from './server-state.ts';

/** "HOOK" on a telephone's keys. */
export const DEFAULT_PORT = 4665;

export interface ServerOptions extends StateOptions, Omit<HandlerOptions, 'mounts' | 'pages'> {
  /** Serve the pages of the inspector. @default true */
  readonly ui?: boolean | undefined;
  /** 0 picks a free one. @default 4665 */
  readonly port?: number | undefined;
  /** @default 127.0.0.1 */
  readonly host?: string | undefined;
  /** More APIs over the same state. */
  readonly mount?: ((state: ServerState) => Promise<readonly Mount[]>) | undefined;
}

export interface RunningServer extends AsyncDisposable {
  /** `http://127.0.0.1:4665` */
  readonly url: string;
  readonly state: ServerState;
  /** To mount the same server in another. */
  readonly handler: Handler;
  /** Sends an event of your own making, such as one of `buildEvent`, to every webhook that wants it. */
  readonly publish: ServerState['publish'];
  /** Stops all deliveries where they stand, and listening. */
  close(): Promise<void>;
}

/**
 * Starts the control API.
 * @throws {ListenError} when the port is taken
 * @throws {UsageError | BlocklistSyntaxError} when a webhook makes no sense
 * @example
 * const server = await startServer({ port: 0, webhooks: [{ attributes: { url } }] });
 * await fetch(`${server.url}/v1/deliveries?wait=settled`, { method: 'POST', … });
 * await server.close();
 */
export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  const state = createState(options);
  const mounts = await options.mount?.(state);
  const api = lateControlApi(state);
  const respond = createResponder(api, { ...options, mounts, pages: createPages(options) });
  const handler = handlerOf(respond);
  const server = createNodeServer(nodeListener({ respond, handler, api, mounts }));
  const stop = new AbortController();
  if (options.journal !== undefined) {
    const { restoreDeliveries } = await import('./journal/restore-deliveries.ts');
    await restoreDeliveries(state, { ...options, signal: stop.signal });
  }
  const address = await listen(server, { port: options.port ?? DEFAULT_PORT, host: options.host });
  const url = reachable(address);
  const close = async () => {
    stop.abort(new Error('the server is closing'));
    state.runner.stopAll();
    state.streams.close();
    for (const mount of mounts ?? []) mount.close();
    await closeServer(server);
  };
  return { url, state, handler, publish: state.publish, close, [Symbol.asyncDispose]: close };
}

/** Not every system lets a client connect to "any address", and no browser shall be told to. */
function reachable(url: string): string {
  return url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');
}

/** Longer than the longest wait of a request. */
const REQUEST_TIMEOUT_MS = 120_000;

function createNodeServer(listener: RequestListener): Server {
  const timeouts = { requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: 10_000, keepAliveTimeout: 5_000 };
  // Who sends no Host is told so by the listener, in the form of all refusals.
  const server = createServer({ ...timeouts, requireHostHeader: false }, listener);
  // Node's own word for it, in no documentation: a client that ends its side behind its request gets its answer.
  Object.assign(server, { httpAllowHalfOpen: true });
  refuseUnreadable(server);
  return server;
}
