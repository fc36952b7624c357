import type { Route } from '../http/call.ts';
import { accountRoutes } from './accounts.ts';
import { inquiryRoutes } from './inquiries.ts';
import { readRoutes } from './reads.ts';
import { reportRoutes } from './reports.ts';
import { sessionRoutes } from './sessions.ts';
import { webhookRoutes } from './webhooks.ts';

/** Every operation of Persona's that the sandbox does. The others answer 501. */
export const ROUTES: readonly Route[] = [
  ...inquiryRoutes,
  ...sessionRoutes,
  ...accountRoutes,
  ...readRoutes,
  ...reportRoutes,
  ...webhookRoutes,
];
