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
  const streams = new EventStreams({
    delivery: ({ delivery }) => summaryView(delivery, context),
    attempt: ({ delivery, attempt }) => attemptView(delivery, attempt, sha256(delivery.body)),
    webhook: ({ kind, webhook }) =>
      kind === 'forgotten'
        ? { type: 'webhook', id: webhook.id, isGone: true }
        : webhookView(webhook, webhooks),
  });
  history.onChange((change) => streams.delivery(change));
  webhooks.onChange((change) => streams.webhook(change));
  return streams;
}
