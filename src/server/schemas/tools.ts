import * as z from 'zod';
import { durationSchema, timeSchema } from './common.ts';
import { eventShape } from './delivery.ts';

const planShape = {
  webhook: z.string().min(1).max(200).optional(),
  shuffle: z.boolean().optional().meta({ description: 'Send in random order.' }),
  duplicates: z.number().min(0).max(1).optional().meta({ description: 'Share of the events sent twice.' }),
  jitter: durationSchema.optional().meta({ description: 'Each sending is late by up to this much.' }),
  seed: z
    .int()
    .min(0)
    .max(4_294_967_295)
    .optional()
    .meta({ description: 'Order and chance follow from it.' }),
  only: z
    .array(z.string().min(1))
    .min(1)
    .max(100)
    .optional()
    .meta({ description: 'Only events of these names.' }),
  until: z.string().min(1).optional().meta({ description: 'Nothing after the first event of this name.' }),
  concurrency: z
    .int()
    .min(1)
    .max(100)
    .optional()
    .meta({ description: 'Requests under way at a time. Default: 1.' }),
  at: eventShape.at,
  referenceId: eventShape.referenceId,
};

export const newRunSchema = z
  .strictObject({
    ...planShape,
    steps: z
      .array(
        z.strictObject({
          event: z.string().min(1),
          after: durationSchema.optional(),
          fixture: eventShape.fixture,
          set: eventShape.set,
        }),
      )
      .min(1)
      .max(100)
      .optional()
      .meta({ description: "The steps of the scenario 'inline'." }),
  })
  .meta({ id: 'NewRun' });
export type NewRunBody = z.output<typeof newRunSchema>;

export const runSchema = z
  .object({
    type: z.literal('run'),
    id: z.string(),
    scenario: z.string(),
    webhook: z.string(),
    state: z.enum(['running', 'settled']),
    startedAt: timeSchema,
    counts: z.object({
      pending: z.int(),
      completed: z.int(),
      failed: z.int(),
      skipped: z.int(),
      cancelled: z.int(),
    }),
    deliveries: z.array(
      z.object({ id: z.string(), eventName: z.string(), state: z.string(), copy: z.int() }),
    ),
  })
  .meta({ id: 'Run', description: 'Deliveries in the order of sending.' });

export const previewSchema = z
  .object({
    event: z.object({ id: z.string(), name: z.string() }),
    webhook: z.string(),
    url: z.string(),
    wouldSend: z.boolean(),
    reason: z.string().nullable(),
    headers: z.record(z.string(), z.string()),
    body: z.string(),
    bodyEncoding: z.literal('base64').optional(),
    bodyBytes: z.int(),
    sha256: z.string(),
    removed: z.array(z.object({ path: z.string(), entry: z.string() })),
    unmatched: z.array(z.string()),
    curl: z
      .string()
      .meta({ description: 'Reads the body from the file body.json: save `body` there first.' }),
    command: z.string().meta({
      description:
        'A command line that sends such an event as this webhook would, with ids of its own. Headers, bytes, wrong signatures, secrets and allowlists are not in it.',
    }),
  })
  .meta({ id: 'Preview' });

export const verifySchema = z
  .strictObject({
    signature: z.string().max(10_000).meta({ description: 'The value of Persona-Signature.' }),
    body: z.base64({ error: 'base64' }).optional().meta({ description: 'Base64 of the bytes that arrived.' }),
    text: z.string().optional().meta({ description: 'The body as text, where it is UTF-8.' }),
    webhook: z.string().min(1).max(200).optional().meta({ description: 'Whose secrets. Default: default.' }),
    secret: z.string().min(1).optional().meta({ description: "In place of the webhook's." }),
    at: timeSchema
      .optional()
      .meta({ description: 'Judge the age of t at this time; without it the age does not matter.' }),
    toleranceSeconds: z.number().min(0).max(1_000_000).optional().meta({ description: 'Default: 300.' }),
  })
  .meta({ id: 'SignatureToVerify' });

export const verificationSchema = z
  .object({
    verdict: z.enum(['valid', 'stale', 'mismatch', 'malformed']),
    detail: z.string(),
    mistake: z
      .object({ id: z.string(), text: z.string() })
      .nullable()
      .meta({ description: 'What a signature that does not match was made from.' }),
    ageSeconds: z.number().nullable(),
    fingerprints: z.array(z.string()).meta({ description: 'Of the secrets that were tried.' }),
    sets: z
      .array(z.object({ t: z.string(), v1: z.string(), fingerprint: z.string().nullable() }))
      .meta({ description: 'The sets of the header, and the secret that each was made with.' }),
  })
  .meta({ id: 'Verification' });

export const newConformanceRunSchema = z
  .strictObject({
    webhook: z.string().min(1).max(200).optional().meta({ description: 'Whose receiver. Default: default.' }),
    url: z.string().min(1).optional().meta({ description: "In place of the webhook's." }),
    secret: z.string().min(1).optional().meta({ description: "In place of the webhook's." }),
    profile: z.enum(['core', 'strict', 'probe', 'soak', 'load']).optional(),
    only: z
      .array(z.string().min(1))
      .min(1)
      .max(200)
      .optional()
      .meta({ description: 'Ids, slugs, families, globs.' }),
    skip: z.array(z.string().min(1)).max(200).optional(),
    strict: z.boolean().optional(),
    seed: z.int().min(0).max(4_294_967_295).optional(),
    toleranceSeconds: z.number().min(0).max(1_000_000).optional(),
    acceptedStatuses: z.array(z.int().min(200).max(599)).min(1).max(100).optional(),
    known: z
      .array(z.string().min(1))
      .max(200)
      .optional()
      .meta({ description: 'Checks that are known to fail.' }),
  })
  .meta({ id: 'NewConformanceRun' });
export type NewConformanceRunBody = z.output<typeof newConformanceRunSchema>;

export const conformanceRunSchema = z
  .object({
    type: z.literal('conformance-run'),
    id: z.string(),
    url: z.string(),
    state: z.enum(['running', 'finished', 'cancelled', 'broken']),
    reason: z.string().nullable(),
    done: z.int(),
    total: z.int().nullable(),
    failures: z.int().nullable().meta({ description: 'null while it is running.' }),
    diagnosis: z.string().nullable(),
    results: z.array(z.object({ id: z.string(), title: z.string(), verdict: z.string() })),
  })
  .meta({ id: 'ConformanceRun' });

export const resetSchema = z
  .object({ webhooks: z.int().meta({ description: 'How many there are now: those of the start.' }) })
  .meta({ id: 'Reset' });
