import { fromValue, type JsonObject } from '../../json/node.ts';
import { lists, type ExtraRoute } from '../http/call.ts';
import type { WebhookEvent } from '../ports.ts';
import { runSearch } from './lists.ts';

/** DOCS, new in 2026: an entry for each event and webhook. It is not in OPENAPI. */
export const webhookEventSearch: ExtraRoute = {
  method: 'POST',
  path: '/webhook-events/search',
  ...lists('search-webhook-events', (call) =>
    runSearch(call, call.environment.webhooks.webhookEvents().map(resource)),
  ),
};

function resource(event: WebhookEvent): JsonObject {
  return fromValue({
    type: 'webhook-event',
    id: event.id,
    attributes: {
      status: event.status,
      'event-name': event.eventName,
      'created-at': new Date(event.createdAtMs).toISOString(),
      'updated-at': new Date(event.updatedAtMs).toISOString(),
    },
    relationships: {
      event: { data: { type: 'event', id: event.eventId } },
      webhook: { data: { type: 'webhook', id: event.webhookId } },
    },
  }) as JsonObject;
}
