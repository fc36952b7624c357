import * as z from 'zod';

/** Where a secret came from, so that its user can be asked for it again. */
export const sourceSchema = z.object({
  from: z.enum(['flag', 'file', 'environment', 'development', 'code']),
  /** The file, or the variable. */
  where: z.string().optional(),
});

export const secretRecordSchema = z.object({
  source: sourceSchema,
  /** Tells whether a secret is this one, and nothing else about it. */
  fingerprint: z.string(),
  expiresAtMs: z.number().optional(),
  /** Only with `--store-secrets`. */
  value: z.string().optional(),
});

export const headerRecordSchema = z.object({
  name: z.string(),
  /** Absent for a header whose name looks secret. */
  value: z.string().optional(),
  fingerprint: z.string().optional(),
});

const policyRecordSchema = z.object({
  name: z.string(),
  timeoutMs: z.number(),
  acceptedStatuses: z.array(z.number()),
  delaysSeconds: z.array(z.number()),
  source: z.string(),
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

export const webhookRecordSchema = z.object({
  url: z.string(),
  userAgent: z.string().optional(),
  /** The webhook's file, read again on SIGHUP and at resume. */
  file: z.string().optional(),
  secrets: z.array(secretRecordSchema),
  headers: z.array(headerRecordSchema),
  policy: policyRecordSchema,
  served: servedRecordSchema.optional(),
});
