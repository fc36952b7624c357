import { Hono } from 'hono';
import { API_OPERATIONS } from '../../persona/api-operations.ts';
import { API_PATH } from '../../persona/api.ts';
import { fileRoutes } from '../files.ts';
import { hostedPage } from '../hosted-page.ts';
import { ROUTES } from '../routes/index.ts';
import { webhookEventSearch } from '../routes/webhook-events.ts';
import { inquiryRules } from '../state/transitions.ts';
import type { SandboxState } from '../sandbox-state.ts';
import { answer, errorResponse } from './answering.ts';
import { handedOn, type Route } from './call.ts';
import { notHere, shownPath, unknownPath } from './unknown-path.ts';

/** The sandbox as one function from a request to an answer. */
export function createApp(state: SandboxState): Hono {
  const app = new Hono();
  const byName = new Map(ROUTES.map((route) => [route.operation, route]));
  for (const operation of API_OPERATIONS) {
    const route =
      byName.get(operation.name) ?? missing(() => notHere(operation, [...byName.keys()]), operation.name);
    add(app, state, { method: operation.method, path: operation.path, route });
  }
  const { method, path } = webhookEventSearch;
  add(app, state, { method, path, route: webhookEventSearch });
  fileRoutes(app, state);
  hostedPage(app, state);
  // Not Persona's: for pages that offer only what is allowed.
  app.get('/inquiry-rules', (context) => context.json(inquiryRules(state.environment.settings)));
  app.notFound(({ req }) => {
    const url = new URL(req.url);
    const response = errorResponse(state, unknownPath(req.method, url.pathname));
    state.log.onCall?.({
      method: req.method,
      path: shownPath(url.pathname),
      operation: undefined,
      status: 404,
    });
    return handedOn(response);
  });
  return app;
}

/** An operation that only says that it is not here. */
function missing(refusal: () => Error, operation: string): Route {
  return {
    operation,
    coverage: 'read',
    handle: () => {
      throw refusal();
    },
  };
}

interface Place {
  readonly method: string;
  readonly path: string;
  readonly route: Route;
}

function add(app: Hono, state: SandboxState, { method, path, route }: Place): void {
  const pattern = API_PATH + path.replace(/\{([^}]+)\}/g, ':$1');
  app.on(method, pattern, async ({ req }) => {
    const url = new URL(req.url);
    const response = await answer(state, route, { request: req.raw, url, params: req.param() });
    state.log.onCall?.({
      method,
      path: shownPath(url.pathname),
      operation: route.operation,
      status: response.status,
    });
    return handedOn(response);
  });
}
