import * as z from 'zod';
import { SIGNATURE_MODES } from '../../delivery/signature-mode.ts';
import { timeSchema } from './common.ts';

export const stateSchema = z.enum(['pending', 'completed', 'failed', 'skipped', 'cancelled']);

const statusOutcome = z.object({ kind: z.enum(['accepted', 'rejected']), status: z.int() });
export const outcomeSchema = z
  .union([
    statusOutcome,
    z.object({
      kind: z.literal('timed-out'),
      phase: z.enum(['connect', 'tls', 'headers', 'body']),
      timeoutMs: z.number(),
    }),
    z.object({ kind: z.literal('unreachable'), code: z.string(), reason: z.string() }),
    z.object({ kind: z.literal('cancelled') }),
  ])
  .meta({ id: 'Outcome', description: 'As in the records of --json.' });

const headersSchema = z.record(z.string(), z.union([z.string(), z.array(z.string())]));

const messageShape = {
  headers: headersSchema,
  bodyBytes: z.int(),
};

const attemptShape = {
  type: z.literal('attempt'),
  deliveryId: z.string(),
  webhook: z.string(),
  eventId: z.string(),
  eventName: z.string(),
  url: z.string(),
  attempt: z.int(),
  attemptsLeft: z.int(),
  startedAt: timeSchema,
  simulatedAt: timeSchema,
  durationMs: z.number().nullable(),
  connectMs: z.number().nullable(),
  firstByteMs: z.number().nullable(),
  outcome: outcomeSchema.nullable().meta({ description: 'null while the attempt is under way.' }),
  nextDelayMs: z.number().nullable(),
  nextWaitMs: z.number().nullable(),
  copy: z.int().optional(),
};

export const attemptSchema = z
  .object({
    ...attemptShape,
    request: z.object({ ...messageShape, sha256: z.string() }),
    response: z.object({ status: z.int(), ...messageShape, truncated: z.boolean() }).nullable(),
  })
  .meta({ id: 'Attempt' });

const bodyShape = {
  body: z.string(),
  bodyEncoding: z.literal('base64').optional().meta({ description: 'Set where the bytes are not UTF-8.' }),
};

export const attemptDetailSchema = z
  .object({
    ...attemptShape,
    request: z.object({ ...messageShape, sha256: z.string(), ...bodyShape }),
    response: z.object({ status: z.int(), ...messageShape, truncated: z.boolean(), ...bodyShape }).nullable(),
  })
  .meta({ id: 'AttemptDetail', description: 'An attempt with its bodies.' });

const nextSchema = z
  .object({
    attempt: z.int(),
    dueAt: timeSchema.nullable().meta({ description: 'Real time; null while the clock is paused.' }),
    simulatedAt: timeSchema.meta({ description: "On the webhook's clock." }),
    inMs: z.number().nullable().meta({ description: 'Real milliseconds; null while the clock is paused.' }),
  })
  .meta({ id: 'NextAttempt' });

const deliveryShape = {
  type: z.literal('delivery'),
  id: z.string(),
  eventId: z.string(),
  eventName: z.string(),
  url: z.string(),
  state: stateSchema,
  webhook: z.string(),
  run: z.string().nullable(),
  resendOf: z.string().nullable(),
  copy: z.int().optional(),
  signature: z.enum(SIGNATURE_MODES),
  createdAt: timeSchema,
  settledAt: timeSchema.nullable(),
  attemptsMade: z.int(),
  attemptsTotal: z.int(),
  isUnderWay: z.boolean().meta({ description: 'An attempt is being made at this moment.' }),
  reason: z.string().nullable().meta({ description: 'Why it was skipped, or could not go on.' }),
  lastOutcome: outcomeSchema.nullable(),
  next: nextSchema.nullable(),
};

export const deliverySummarySchema = z.object(deliveryShape).meta({ id: 'DeliverySummary' });

export const deliverySchema = z
  .object({
    ...deliveryShape,
    bodyBytes: z.int(),
    sha256: z.string(),
    attempts: z.array(attemptSchema),
    removed: z
      .array(z.object({ path: z.string(), entry: z.string() }))
      .meta({ description: "What the webhook's blocklist took out, and the entry that did." }),
    unmatched: z.array(z.string()).meta({ description: 'Entries of the blocklist that matched nothing.' }),
  })
  .meta({ id: 'Delivery' });

export const deliveryListSchema = z
  .object({
    deliveries: z.array(deliverySummarySchema),
    after: z.string().nullable().meta({ description: 'The parameter `after` of the next page.' }),
  })
  .meta({ id: 'DeliveryList' });

export const deliveriesSchema = z
  .object({ deliveries: z.array(deliverySchema) })
  .meta({ id: 'Deliveries', description: 'One delivery per event, in the order given.' });

const pathValues = z.record(z.string().min(1), z.unknown());

/** What an event shall be like. */
export const eventShape = {
  referenceId: z.string().min(1).optional().meta({ description: '`reference-id` of the person.' }),
  at: timeSchema.optional().meta({ description: 'When it happened. Default: now.' }),
  id: z
    .string()
    .regex(/^[a-z]+_[0-9A-Za-z]+$/, { error: 'an id such as inq_… (of the object) or evt_… (of the event)' })
    .optional()
    .meta({ description: 'The id of the object, or, with evt_, of the event.' }),
  set: pathValues.optional().meta({ description: 'Values by path, as with --set.' }),
  add: pathValues.optional().meta({ description: 'New attributes by path, as with --add.' }),
  remove: z.array(z.string().min(1)).max(200).optional().meta({ description: 'Paths, as with --remove.' }),
  fixture: z
    .record(z.string(), z.unknown())
    .optional()
    .meta({ description: 'Instead of the fixture: a whole event, or an API object {"data": …}.' }),
};

export const newDeliverySchema = z
  .strictObject({
    event: z.string().min(1).max(200).optional().meta({ example: 'inquiry.approved' }),
    events: z
      .array(z.string().min(1).max(200))
      .min(1)
      .max(100)
      .optional()
      .meta({ description: 'Several, on one time line and about the same objects.' }),
    webhook: z.string().min(1).max(200).optional().meta({ description: 'An id or alias. Default: default.' }),
    ...eventShape,
    body: z.base64({ error: 'base64' }).optional().meta({
      description:
        "Base64 of bytes that are sent as they are, in place of an event; 'event' is then no more than its name in lists.",
    }),
    headers: z
      .record(z.string(), z.string())
      .optional()
      .meta({ description: "Beside the webhook's own, and stronger." }),
    signature: z.enum(SIGNATURE_MODES).optional().meta({ description: 'Default: valid.' }),
  })
  .meta({ id: 'NewDelivery' });
export type NewDeliveryBody = z.output<typeof newDeliverySchema>;

/** What is different the second time. */
export const resendSchema = z
  .strictObject({
    webhook: z.string().min(1).max(200).optional().meta({ description: 'Default: the same.' }),
    set: eventShape.set,
    add: eventShape.add,
    remove: eventShape.remove,
    body: newDeliverySchema.shape.body,
    headers: newDeliverySchema.shape.headers,
    signature: newDeliverySchema.shape.signature,
  })
  .meta({ id: 'Resend', description: 'Without members: the same bytes, signed again.' });
export type ResendBody = z.output<typeof resendSchema>;

export const clearedSchema = z.object({ cleared: z.int() }).meta({ id: 'Cleared' });
