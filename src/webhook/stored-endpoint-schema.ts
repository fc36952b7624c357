import * as z from 'zod';
import type { DeliveryPolicy } from '../persona/policies.ts';

/** What journals and queues write down of a secret, each with more of its own: enough to know it again. */
export const STORED_SECRET = {
  /** Tells whether a secret is this one, and nothing else about it. */
  fingerprint: z.string(),
  expiresAtMs: z.number().optional(),
};

/** A header whose name looks secret has a fingerprint in place of its value. */
export const storedHeaderSchema = z.strictObject({
  name: z.string(),
  value: z.string().optional(),
  fingerprint: z.string().optional(),
});

export const storedPolicySchema: z.ZodType<DeliveryPolicy> = z.object({
  name: z.string(),
  timeoutMs: z.number(),
  acceptedStatuses: z.array(z.number()),
  delaysSeconds: z.array(z.number()),
  source: z.string(),
});

export type StoredHeader = z.infer<typeof storedHeaderSchema>;
