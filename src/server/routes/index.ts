import type { Route } from '../api/route.ts';
import { CLOCK_ROUTES } from './clocks.ts';
import { DELIVERY_ROUTES } from './deliveries.ts';
import { HEALTH_ROUTES } from './health.ts';
import { WEBHOOK_ROUTES } from './webhooks.ts';

/** The one table of routes: router, validation, OpenAPI, docs and tests read it. */
export const ROUTES: readonly Route[] = [
  ...HEALTH_ROUTES,
  ...WEBHOOK_ROUTES,
  ...CLOCK_ROUTES,
  ...DELIVERY_ROUTES,
];
