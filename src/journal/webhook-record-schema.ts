import * as z from 'zod';
import { STORED_SECRET, storedHeaderSchema, storedPolicySchema } from '../webhook/stored-endpoint-schema.ts';

const sourceSchema = z.object({
  from: z.enum(['flag', 'file', 'environment', 'development', 'code']),
  /** The file, or the variable. */
  where: z.string().optional(),
});

const secretRecordSchema = z.object({
  source: sourceSchema,
  ...STORED_SECRET,
  /** Only with `--store-secrets`. */
  value: z.string().optional(),
});

/** Of a webhook of `hookcast serve`: what brings it back as it was. */
export const servedRecordSchema = z.object({
  id: z.string(),
  /** Counts its changes; the last holds. */
  revision: z.number(),
  /** It was removed. */
  isGone: z.boolean().optional(),
  /** Persona's attributes, without secrets and headers; checked where they are used. */
  attributes: z.record(z.string(), z.unknown()),
  included: z.enum(['all', 'empty', 'absent']).optional(),
});

/** The order of its names is that of `recordWebhook`: a webhook is known by its text. */
export const webhookRecordSchema = z.object({
  url: z.string(),
  userAgent: z.string().optional(),
  /** The webhook's file, read again on SIGHUP and at resume. */
  file: z.string().optional(),
  secrets: z.array(secretRecordSchema),
  headers: z.array(storedHeaderSchema),
  policy: storedPolicySchema,
  served: servedRecordSchema.optional(),
});

/** A webhook as the journal keeps it: all that an attempt needs, secrets by reference. */
export type WebhookRecord = Readonly<z.infer<typeof webhookRecordSchema>>;
/** Where a secret came from, so that its user can be asked for it again. */
export type SecretSource = z.infer<typeof sourceSchema>;
export type SecretRecord = z.infer<typeof secretRecordSchema>;
export type ServedRecord = z.infer<typeof servedRecordSchema>;
