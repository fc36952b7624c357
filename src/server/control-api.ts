import { createMatcher } from './api/match.ts';
import { createRouter, type Router } from './api/router.ts';
import { ROUTES } from './routes/index.ts';
import type { ServerState } from './server-state.ts';

/** What the table of routes says of a request, and what answers it. */
export interface ControlApi {
  readonly route: Router;
  /** Changes nothing although it is a POST. */
  isRead(method: string, pathname: string): boolean;
  /** Every answer is JSON. */
  isJson(method: string, pathname: string): boolean;
}

export function createControlApi(state: ServerState): ControlApi {
  const match = createMatcher(ROUTES);
  return {
    route: createRouter(ROUTES, state),
    isRead: (method, pathname) => match(method, pathname)?.route.isRead === true,
    isJson: (method, pathname) =>
      Object.values(match(method, pathname)?.route.answers ?? {}).every(
        ({ mediaType }) => mediaType === undefined,
      ),
  };
}
