import { createHandler, type Handler, type HandlerOptions } from './create-handler.ts';
import { createState, type StateOptions } from './create-state.ts';
import type { ServerState } from './server-state.ts';

export interface ServerHandler {
  /** The whole control API as a function of a request, for a server of your own. */
  readonly handler: Handler;
  readonly state: ServerState;
  /** Sends an event of your own making to every webhook that wants it. */
  readonly publish: ServerState['publish'];
  /** Stops all deliveries where they stand. */
  close(): void;
}

/**
 * The control API without a port.
 * @throws {UsageError | BlocklistSyntaxError} when a webhook makes no sense
 */
export function createServerHandler(options: StateOptions & HandlerOptions = {}): ServerHandler {
  const state = createState(options);
  const close = () => {
    state.runner.stopAll();
    state.streams.close();
  };
  return { handler: createHandler(state, options), state, publish: state.publish, close };
}
