import type { Route } from '../api/route.ts';
import { ATTEMPT_ROUTES } from './attempts.ts';
import { CATALOGUE_ROUTES } from './catalogue.ts';
import { CLOCK_ROUTES } from './clocks.ts';
import { CONFORMANCE_ROUTES } from './conformance-runs.ts';
import { DELIVERY_ROUTES } from './deliveries.ts';
import { EXPORT_ROUTES } from './export.ts';
import { HEALTH_ROUTES } from './health.ts';
import { openApiRoute } from './openapi.ts';
import { RUN_ROUTES } from './runs.ts';
import { STREAM_ROUTES } from './stream.ts';
import { TOOL_ROUTES, BLOCKLIST_ROUTES } from './tools.ts';
import { WEBHOOK_ROUTES } from './webhooks.ts';

/** The one table of routes: router, validation, OpenAPI, docs and tests read it. */
export const ROUTES: readonly Route[] = [
  ...HEALTH_ROUTES,
  ...WEBHOOK_ROUTES,
  ...CLOCK_ROUTES,
  ...CATALOGUE_ROUTES,
  ...TOOL_ROUTES,
  ...BLOCKLIST_ROUTES,
  ...DELIVERY_ROUTES,
  ...ATTEMPT_ROUTES,
  ...RUN_ROUTES,
  ...CONFORMANCE_ROUTES,
  ...STREAM_ROUTES,
  ...EXPORT_ROUTES,
  openApiRoute(() => ROUTES),
];
