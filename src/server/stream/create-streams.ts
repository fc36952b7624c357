import type { Clock } from '../../ports.ts';
import type { DeliveryHistory } from '../deliveries/history.ts';
import { attemptView, sha256, summaryView } from '../views/delivery-view.ts';
import { webhookView } from '../views/webhook-view.ts';
import type { WebhookRegistry } from '../webhooks/registry.ts';
import { EventStreams } from './event-stream.ts';

/** Streams that tell what happens to deliveries and webhooks, in the same form as the routes show it. */
export function createStreams(context: {
  readonly webhooks: WebhookRegistry;
  readonly history: DeliveryHistory;
  readonly clock: Clock;
}): EventStreams {
  const { webhooks, history } = context;
  const streams = new EventStreams();
  history.onChange((change) => {
    const { kind, delivery } = change;
    const { webhookId } = delivery;
    if (kind === 'attempt-began' || kind === 'attempt-ended') {
      const { attempt } = change;
      const view = () => attemptView(delivery, attempt, sha256(delivery.body));
      streams.tell({ type: 'attempt', webhookId, view });
    }
    streams.tell({ type: 'delivery', webhookId, view: () => summaryView(delivery, context) });
  });
  webhooks.onChange(({ kind, webhook }) => {
    const { id } = webhook;
    const gone = { type: 'webhook', id, isGone: true };
    const view = () => (kind === 'forgotten' ? gone : webhookView(webhook, webhooks));
    streams.tell({ type: 'webhook', webhookId: id, view });
  });
  return streams;
}
