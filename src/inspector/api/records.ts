import type * as z from 'zod';
import type { eventNamesSchema, scenariosSchema } from '../../server/schemas/catalogue.ts';
import type {
  attemptDetailSchema,
  attemptSchema,
  deliveryListSchema,
  deliverySchema,
  deliverySummarySchema,
  outcomeSchema,
} from '../../server/schemas/delivery.ts';
import type { problemSchema } from '../../server/schemas/common.ts';
import type {
  conformanceRunSchema,
  previewSchema,
  runSchema,
  verificationSchema,
} from '../../server/schemas/tools.ts';
import type { clockSchema, webhookListSchema, webhookViewSchema } from '../../server/schemas/webhook.ts';

/** What the control API answers, by the schemas of its routes. */
export type Problem = z.output<typeof problemSchema>;
export type Outcome = z.output<typeof outcomeSchema>;
export type Summary = z.output<typeof deliverySummarySchema>;
export type Delivery = z.output<typeof deliverySchema>;
export type DeliveryList = z.output<typeof deliveryListSchema>;
export type Attempt = z.output<typeof attemptSchema>;
export type AttemptDetail = z.output<typeof attemptDetailSchema>;
export type Webhook = z.output<typeof webhookViewSchema>;
export type WebhookList = z.output<typeof webhookListSchema>;
export type Clock = z.output<typeof clockSchema>;
export type Preview = z.output<typeof previewSchema>;
export type Verification = z.output<typeof verificationSchema>;
export type EventNames = z.output<typeof eventNamesSchema>;
export type Scenarios = z.output<typeof scenariosSchema>;
export type Run = z.output<typeof runSchema>;
export type ConformanceRun = z.output<typeof conformanceRunSchema>;
