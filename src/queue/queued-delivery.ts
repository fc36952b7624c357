import * as z from 'zod';
import { isCredentialHeader } from '../text/credential-header.ts';
import type { DeliveryJob } from '../delivery/deliver.ts';
import type { TimeScale } from '../delivery/time-scale.ts';
import type { DeliveryPolicy } from '../persona/policies.ts';
import { fingerprintOf } from '../signing/fingerprint.ts';
import { Secret, type SigningSecret } from '../signing/secret.ts';

/** A secret by its fingerprint; its text only where the user asked for that (`--store-secrets`). */
const secretReference = z.strictObject({
  fingerprint: z.string(),
  text: z.string().optional(),
  expiresAtMs: z.number().optional(),
});

/** A header that looks like a secret bears a fingerprint in place of its value. */
const storedHeader = z.strictObject({
  name: z.string(),
  value: z.string().optional(),
  fingerprint: z.string().optional(),
});

/** A delivery as it lies in the queue: JSON, with the body in base64 so that every byte survives. */
export const queuedDeliverySchema = z.strictObject({
  version: z.literal(1),
  eventId: z.string(),
  eventName: z.string(),
  url: z.string().refine((text) => URL.canParse(text)),
  /** Base64. */
  body: z.string(),
  secrets: z.array(secretReference),
  headers: z.array(storedHeader),
  userAgent: z.string().optional(),
  policy: z.strictObject({
    name: z.string(),
    timeoutMs: z.number(),
    acceptedStatuses: z.array(z.int()),
    delaysSeconds: z.array(z.number()),
    source: z.string(),
  }),
  /** JSON has no infinity. */
  timeScale: z.union([z.number().positive(), z.literal('instant')]),
  /** Milliseconds since 1970. */
  enqueuedAtMs: z.number(),
  /** Simulated milliseconds from then to the first attempt. */
  dueMs: z.number().min(0),
  /** In a scenario: 1, or 2 for a duplicate. */
  copy: z.int().optional(),
});

export type QueuedDelivery = z.infer<typeof queuedDeliverySchema>;

/** By its length alone, which characters that are not base64 change: zod's check takes longer than the attempt. */
function bytesOf(base64: string): Buffer | undefined {
  const bytes = Buffer.from(base64, 'base64');
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  return bytes.length === (base64.length / 4) * 3 - padding ? bytes : undefined;
}

/** Undefined for what is not a delivery of this version. */
export function readQueued(
  data: unknown,
): { readonly queued: QueuedDelivery; readonly body: Buffer } | undefined {
  const { data: queued } = queuedDeliverySchema.safeParse(data);
  const body = queued && bytesOf(queued.body);
  return queued === undefined || body === undefined ? undefined : { queued, body };
}

/** What a delivery needs beside its job before it can be queued. */
export interface QueueTerms {
  readonly policy: DeliveryPolicy;
  readonly timeScale: TimeScale;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  /** Simulated milliseconds until its first attempt. @default 0 */
  readonly dueMs?: number | undefined;
  readonly copy?: number | undefined;
  /** Put the secrets themselves into the queue, so that workers need none. @default false */
  readonly storeSecrets?: boolean | undefined;
}

/** Makes a delivery ready for the queue. */
export function toQueued(job: DeliveryJob, terms: QueueTerms): QueuedDelivery {
  const { policy, timeScale, nowMs, dueMs = 0, copy, storeSecrets = false } = terms;
  const { url, secrets, customHeaders = {}, userAgent } = job.endpoint;
  return {
    version: 1,
    eventId: job.eventId,
    eventName: job.eventName,
    url: url.href,
    body: job.body.toString('base64'),
    secrets: secrets.map((secret) => referenceTo(secret, storeSecrets)),
    headers: Object.entries(customHeaders).map((header) => toStored(header, storeSecrets)),
    ...(userAgent === undefined ? {} : { userAgent }),
    policy: {
      ...policy,
      acceptedStatuses: [...policy.acceptedStatuses],
      delaysSeconds: [...policy.delaysSeconds],
    },
    timeScale: Number.isFinite(timeScale) ? timeScale : 'instant',
    enqueuedAtMs: nowMs,
    dueMs,
    ...(copy === undefined ? {} : { copy }),
  };
}

/** The real wait before the first attempt, in milliseconds. */
export function firstDelayMs({ dueMs, timeScale }: QueuedDelivery): number {
  return dueMs / scaleOf({ timeScale });
}

export function scaleOf({ timeScale }: Pick<QueuedDelivery, 'timeScale'>): TimeScale {
  return timeScale === 'instant' ? Number.POSITIVE_INFINITY : timeScale;
}

function referenceTo(
  { secret, expiresAtMs }: SigningSecret,
  isStored: boolean,
): QueuedDelivery['secrets'][0] {
  return {
    fingerprint: fingerprintOf(secret),
    ...(isStored ? { text: secret.reveal() } : {}),
    ...(expiresAtMs === undefined ? {} : { expiresAtMs }),
  };
}

function toStored([name, value]: [string, string], isStored: boolean): QueuedDelivery['headers'][0] {
  if (isStored || !isCredentialHeader(name)) return { name, value };
  return { name, fingerprint: fingerprintOf(new Secret(value)) };
}
