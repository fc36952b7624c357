import * as z from 'zod';
import { API_VERSIONS, KEY_INFLECTIONS, MAX_SECRETS } from '../../persona/contract.ts';
import { policySchema } from '../../persona/policy-file.ts';
import { webhookSchema } from '../../persona/webhook.ts';
import { durationSchema, timeSchema } from './common.ts';

const { url, status } = webhookSchema.shape;
const attributes = webhookSchema.omit({
  ...{ $schema: true, 'created-at': true },
  ...{ url: true, status: true, secrets: true },
}).shape;

const secretsSchema = z
  .array(z.strictObject({ value: z.string().min(1), 'expires-at': timeSchema.nullish() }))
  .max(MAX_SECRETS)
  .meta({ description: 'Two during a rotation. Write-only: answers show fingerprints.' });

/** What is ours to configure, not Persona's. */
const ownShape = {
  userAgent: z.string().min(1).optional(),
  included: z
    .enum(['all', 'empty', 'absent'])
    .optional()
    .meta({ description: 'In place of included-allowlist.' }),
};

const scaleSchema = z
  .union([z.number().positive(), z.string().min(1).max(40)])
  .meta({ description: "Simulated seconds per real second: 1000, '1h=1s' or 'instant'." });

export const newWebhookSchema = z
  .strictObject({
    url: z.string().min(1).meta({ example: 'http://localhost:3000/webhooks' }),
    status: status.meta({ description: 'Default: enabled.' }),
    ...attributes,
    secrets: secretsSchema.optional(),
    ...ownShape,
    seed: z
      .int()
      .min(0)
      .max(4_294_967_295)
      .optional()
      .meta({ description: 'Ids follow from it. Default: drawn.' }),
    policy: z
      .union([z.string().min(1).max(100), policySchema])
      .optional()
      .meta({ description: 'The name of a retry policy, or one of your own. Default: persona-2022.' }),
    timeScale: scaleSchema.optional(),
    paused: z.boolean().optional().meta({ description: 'Begin with a paused clock.' }),
  })
  .meta({
    id: 'NewWebhook',
    description: "Persona's attributes of a webhook, in kebab, camel or snake case.",
  });
export type NewWebhookBody = z.output<typeof newWebhookSchema>;

/** A member that is null is taken away. */
export const webhookChangesSchema = z
  .strictObject({
    url: url,
    status,
    ...Object.fromEntries(Object.entries(attributes).map(([name, schema]) => [name, schema.nullish()])),
    secrets: secretsSchema.nullish(),
    ...ownShape,
  })
  .meta({ id: 'WebhookChanges', description: 'The attributes that change; null takes one away.' });

export type WebhookChangesBody = z.output<typeof webhookChangesSchema>;

export const rotateSecretSchema = z
  .strictObject({
    secret: z
      .string()
      .min(1)
      .meta({ description: 'The new one. It is yours to choose, since answers never show a secret.' }),
    expiresIn: durationSchema
      .optional()
      .meta({ description: "How long the old one signs as well, on the webhook's clock. Default: 24h." }),
  })
  .meta({ id: 'SecretRotation' });

export const clockSchema = z
  .object({
    now: timeSchema.meta({ description: 'Simulated time.' }),
    paused: z.boolean(),
    scale: z.union([z.number(), z.literal('instant')]),
    movedMs: z.number().meta({ description: 'Simulated milliseconds that were jumped over by hand.' }),
    nextInMs: z
      .number()
      .nullable()
      .meta({ description: 'Simulated, until something happens; null for nothing.' }),
  })
  .meta({ id: 'Clock' });

export const clockChangesSchema = z
  .strictObject({ paused: z.boolean().optional(), scale: scaleSchema.optional() })
  .meta({ id: 'ClockChanges' });

export const advanceSchema = z
  .strictObject({ by: durationSchema.meta({ description: 'Simulated.', example: '66s' }) })
  .meta({ id: 'Advance' });

const clockStepSchema = z.object({
  moved: z.boolean().meta({ description: 'Was there anything to move to?' }),
  clock: clockSchema,
});
export const clockMovedSchema = clockStepSchema.meta({ id: 'ClockMoved' });

export const webhookViewSchema = z
  .object({
    type: z.literal('webhook'),
    id: z.string(),
    alias: z.string().nullable().meta({ description: "'default' for the oldest that is not archived." }),
    url: z.string(),
    status: z.enum(['enabled', 'disabled', 'archived']),
    name: z.string().nullable(),
    description: z.string().nullable(),
    secrets: z.array(
      z.object({
        fingerprint: z
          .string()
          .meta({ description: 'The first 32 hex digits of an HMAC; names the secret.' }),
        'expires-at': timeSchema.nullable(),
        isDevelopmentSecret: z.boolean(),
      }),
    ),
    'api-version': z.enum(API_VERSIONS),
    'api-key-inflection': z.enum(KEY_INFLECTIONS),
    'api-attributes-blocklist': z.array(z.string()),
    'included-allowlist': z.unknown(),
    'relationship-allowlist': z.unknown(),
    'payload-filter': z.unknown(),
    'custom-http-headers': z
      .record(z.string(), z.string())
      .meta({ description: 'Credentials are [secret].' }),
    'enabled-events': z.array(z.string()),
    'file-access-token-expires-in': z.int(),
    createdAt: timeSchema,
    seed: z.int(),
    policy: z.object({
      name: z.string(),
      timeoutMs: z.number(),
      acceptedStatuses: z.array(z.int()),
      delaysSeconds: z.array(z.number()),
    }),
    clock: clockSchema,
    warnings: z.array(z.string()),
  })
  .meta({ id: 'Webhook' });

export const webhookListSchema = z
  .object({ webhooks: z.array(webhookViewSchema) })
  .meta({ id: 'WebhookList', description: 'Oldest first.' });
