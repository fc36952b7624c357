import * as z from 'zod';
import type { HistoryFilter } from '../deliveries/history.ts';
import { stateSchema } from '../schemas/delivery.ts';
import type { ServerState } from '../server-state.ts';

/** Parameters that choose deliveries. */
export const deliveryFilterShape = {
  state: stateSchema.optional(),
  event: z
    .string()
    .min(1)
    .optional()
    .meta({ description: "A name, an id, or a pattern such as 'inquiry.*'." }),
  webhook: z.string().min(1).optional().meta({ description: 'An id or alias.' }),
  run: z.string().min(1).optional().meta({ description: "An id, or 'latest'." }),
  q: z.string().min(1).optional().meta({ description: 'In ids, names, URLs and bodies.' }),
};

type FilterQuery = Partial<Record<'event' | 'webhook' | 'run' | 'q', string | undefined>> & {
  readonly state?: z.output<typeof stateSchema> | undefined;
};

export function filterOf(
  { state, event, webhook, run, q }: FilterQuery,
  { webhooks, runs }: ServerState,
): HistoryFilter {
  // Of a webhook that is gone the deliveries are still there.
  const webhookId = webhook === undefined ? undefined : (webhooks.find(webhook)?.id ?? webhook);
  const runId = run === 'latest' ? (runs.latest()?.id ?? run) : run;
  return { state, event, webhookId, runId, text: q };
}
