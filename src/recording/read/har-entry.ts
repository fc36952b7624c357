import * as z from 'zod';

/** HAR 1.2, as far as it is read here: what browsers and proxies leave out or add does not matter. */
const header = z.object({ name: z.string(), value: z.string() });
const headers = z.array(header).default([]);

export const entrySchema = z.object({
  startedDateTime: z.string().optional(),
  request: z.object({
    method: z.string(),
    url: z.string(),
    headers,
    bodySize: z.number().optional(),
    postData: z
      .object({
        text: z.string().optional(),
        /** Ours. */
        _encoding: z.string().optional(),
        /** Other programs'. */
        encoding: z.string().optional(),
      })
      .nullish(),
  }),
  response: z
    .object({
      status: z.number(),
      headers,
      content: z.object({ text: z.string().optional(), encoding: z.string().optional() }).nullish(),
    })
    .nullish(),
  /** Ours: what HAR has no member for. */
  _hookcast: z
    .object({
      atUnknown: z.boolean().optional(),
      eventId: z.string().optional(),
      eventName: z.string().optional(),
      attempt: z.int().min(1).optional(),
      deliveryId: z.string().optional(),
      altered: z.enum(['scrubbed', 're-encoded']).optional(),
      truncated: z.boolean().optional(),
      failure: z.object({ code: z.string(), reason: z.string() }).optional(),
      timings: z
        .object({ connectMs: z.number().optional(), firstByteMs: z.number().optional(), totalMs: z.number() })
        .optional(),
    })
    .optional(),
});
export type HarEntry = z.infer<typeof entrySchema>;
