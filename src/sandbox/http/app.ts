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
import { handedOn, reads, type ExtraRoute } from './call.ts';
import type { TextReply } from '../../http/text-reply.ts';
import { notHere, shownPath, unknownPath } from './unknown-path.ts';

/** The sandbox as one function from a request to an answer. */
export function createApp(state: SandboxState): Hono {
  const app = new Hono();
  const byName = new Map(ROUTES.map((route) => [route.operation, route]));
  for (const operation of API_OPERATIONS) {
    const { name, method, path } = operation;
    const missing = reads(name, () => {
      throw notHere(operation, [...byName.keys()]);
    });
    add(app, state, { ...(byName.get(name) ?? missing), method, path });
  }
  add(app, state, webhookEventSearch);
  fileRoutes(app, state);
  hostedPage(app, state);
  // Not Persona's: for pages that offer only what is allowed.
  app.get('/inquiry-rules', (context) => context.json(inquiryRules(state.environment.settings)));
  app.notFound(({ req }) => {
    const refusal = errorResponse(state, unknownPath(req.method, new URL(req.url).pathname));
    return answered(state, req, { reply: refusal, operation: undefined });
  });
  return app;
}

function add(app: Hono, state: SandboxState, { method, path, ...route }: ExtraRoute): void {
  const pattern = API_PATH + path.replace(/\{([^}]+)\}/g, ':$1');
  app.on(method, pattern, async ({ req }) => {
    const incoming = { request: req.raw, url: new URL(req.url), params: req.param() };
    const reply = await answer(state, route, incoming);
    return answered(state, { method, url: req.url }, { reply, operation: route.operation });
  });
}

/** Tells the log of a call, and hands its answer on. */
function answered(
  { log }: SandboxState,
  { method, url }: { readonly method: string; readonly url: string },
  { reply, operation }: { readonly reply: TextReply; readonly operation: string | undefined },
): Response {
  log.onCall?.({ method, path: shownPath(new URL(url).pathname), operation, status: reply.status });
  return handedOn(reply);
}
