import * as z from 'zod';
import type { DeliveryJob } from '../delivery/deliver.ts';
import type { Endpoint } from '../delivery/request.ts';
import { namedScale, scaleOfName, type TimeScale } from '../delivery/time-scale.ts';
import type { DeliveryPolicy } from '../persona/policies.ts';
import { fingerprintOf } from '../signing/sign.ts';
import { storedCredentials } from '../webhook/stored-endpoint.ts';
import { STORED_SECRET, storedHeaderSchema, storedPolicySchema } from '../webhook/stored-endpoint-schema.ts';

/** A delivery as it lies in the queue: JSON, with the body in base64 so that every byte survives. */
export const queuedDeliverySchema = z.strictObject({
  version: z.literal(1),
  eventId: z.string(),
  eventName: z.string(),
  url: z.string().refine((text) => URL.canParse(text)),
  /** Base64. */
  body: z.string(),
  secrets: z.array(z.strictObject({ ...STORED_SECRET, text: z.string().optional() })),
  headers: z.array(storedHeaderSchema),
  userAgent: z.string().optional(),
  policy: storedPolicySchema,
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

/** As JSON. The body is most of it, and base64 needs no escapes, which `JSON.stringify` would look for. */
export function encodeQueued(queued: QueuedDelivery): Buffer {
  const { body, ...rest } = queued;
  if (bytesOf(body) === undefined) return Buffer.from(JSON.stringify(queued));
  const before = Buffer.from(`${JSON.stringify(rest).slice(0, -1)},"body":"`);
  const bytes = Buffer.allocUnsafe(before.length + body.length + 2);
  before.copy(bytes);
  bytes.write(body, before.length, 'latin1');
  bytes.write('"}', before.length + body.length, 'latin1');
  return bytes;
}

/** Undefined for what is not a delivery of this version. */
export function readQueued(
  data: unknown,
): { readonly queued: QueuedDelivery; readonly body: Buffer } | undefined {
  const { data: queued } = queuedDeliverySchema.safeParse(data);
  const body = queued && bytesOf(queued.body);
  if (queued === undefined || body === undefined) return undefined;
  return { queued: withoutText(queued, body), body };
}

/** The bytes are enough: a text of 36 KB for each delivery under way is what the garbage collector moves most. */
function withoutText(whole: QueuedDelivery, body: Buffer): QueuedDelivery {
  return Object.defineProperty({ ...whole }, 'body', {
    enumerable: true,
    get: () => body.toString('base64'),
  });
}

/** What is the same for all deliveries that are queued to an endpoint. */
export interface EndpointTerms {
  readonly policy: DeliveryPolicy;
  readonly timeScale: TimeScale;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  /** Put the secrets themselves into the queue, so that workers need none. @default false */
  readonly storeSecrets?: boolean | undefined;
}

interface Turn {
  /** Simulated milliseconds until its first attempt. @default 0 */
  readonly dueMs?: number | undefined;
  readonly copy?: number | undefined;
}

/** What a delivery needs beside its job before it can be queued. */
export type QueueTerms = EndpointTerms & Turn;

/** Makes deliveries to one endpoint ready for the queue: what they share is worked out once. */
export function queuedTo(endpoint: Endpoint, terms: EndpointTerms) {
  const { policy, timeScale, nowMs, storeSecrets } = terms;
  const { url, userAgent } = endpoint;
  const shared = {
    ...storedCredentials(endpoint, { fingerprintOf, storeSecrets }),
    ...(userAgent === undefined ? {} : { userAgent }),
    policy,
    timeScale: namedScale(timeScale),
    enqueuedAtMs: nowMs,
  };
  return (
    { eventId, eventName, body }: Omit<DeliveryJob, 'endpoint'>,
    { dueMs = 0, copy }: Turn,
  ): QueuedDelivery => ({
    ...({ version: 1, eventId, eventName, url: url.href, body: body.toString('base64') } as const),
    ...shared,
    dueMs,
    ...(copy === undefined ? {} : { copy }),
  });
}

/** Makes a delivery ready for the queue. */
export function toQueued(job: DeliveryJob, terms: QueueTerms): QueuedDelivery {
  return queuedTo(job.endpoint, terms)(job, terms);
}

/** The real wait before the first attempt, in milliseconds. */
export function firstDelayMs({ dueMs, timeScale }: QueuedDelivery): number {
  return dueMs / scaleOfName(timeScale);
}
