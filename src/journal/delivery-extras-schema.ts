import * as z from 'zod';
import { SIGNATURE_MODES } from '../delivery/signature-mode.ts';
import { storedHeaderSchema } from '../webhook/stored-endpoint-schema.ts';

/** What a delivery has beside its event, bytes and webhook; what is as usual is absent. */
export const deliveryExtrasSchema = z.object({
  /** The run that it belongs to, and which of two copies it is there. */
  run: z.string().optional(),
  copy: z.number().optional(),
  /** Wrong on purpose. */
  signature: z.enum(SIGNATURE_MODES).optional(),
  /** Beside the webhook's own. */
  headers: z.array(storedHeaderSchema).optional(),
  /** What the webhook's blocklist took out of the body, and its entries that matched nothing. */
  removed: z.array(z.object({ path: z.string(), entry: z.string() })).optional(),
  unmatched: z.array(z.string()).optional(),
  /** Why it was skipped, or failed. */
  reason: z.string().optional(),
  /** Where attempts led, by number, that led elsewhere than the webhook's row says. */
  urls: z.record(z.string(), z.string()).optional(),
});

export type DeliveryExtras = z.infer<typeof deliveryExtrasSchema>;
