import * as z from 'zod';
import { route, json, type Route } from '../api/route.ts';
import { version } from '../../text/version.ts';

/** The description of all routes, itself included; made when it is first asked for. */
export function openApiRoute(routes: () => readonly Route[]): Route {
  let text: string | undefined;
  return route({
    ...{ method: 'GET', path: '/openapi.json', name: 'getOpenApi' },
    summary: 'This description (OpenAPI 3.0.3)',
    answers: { 200: json(z.looseObject({}), 'The description.') },
    handle: async () => {
      const { openApiOf } = await import('../api/openapi.ts');
      text ??= JSON.stringify(openApiOf(routes(), { version: version() }));
      return new Response(text, { headers: { 'content-type': 'application/json' } });
    },
  });
}
