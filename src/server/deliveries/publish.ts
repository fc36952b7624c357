import type { Event } from '../../event/build.ts';
import { composePayload, type Payload } from '../../payload/compose.ts';
import { describeVerdict } from '../../webhook/verdict.ts';
import type { ServerState } from '../server-state.ts';
import type { ServedWebhook } from '../webhooks/served-webhook.ts';
import type { KeptDelivery } from './kept-delivery.ts';

type Compose = (webhook: ServedWebhook, event: Event) => Payload;

/** As the webhook is configured. */
const composed: Compose = ({ simulator }, event) => composePayload(event, simulator.webhook.payload);

/** One delivery for each webhook that has the event enabled; a filter that keeps it back is told as the reason. */
export function publish(
  event: Event,
  { webhooks, runner }: Pick<ServerState, 'webhooks' | 'runner'>,
  compose: Compose = composed,
): KeptDelivery[] {
  const wanting = webhooks.list().filter((webhook) => webhook.sends(event.name));
  return wanting.map((webhook) => {
    const payload = compose(webhook, event);
    const { body, removed, unmatched } = payload;
    const skipReason = describeVerdict(webhook.simulator.webhook.verdict(event.name, payload));
    const delivery = { eventId: event.id, eventName: event.name, body, removed, unmatched, skipReason };
    return runner.start(webhook, delivery);
  });
}
