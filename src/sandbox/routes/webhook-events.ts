import { fromValue, type JsonObject } from '../../json/node.ts';
import type { Call, ExtraRoute, Result } from '../http/call.ts';
import { paginate, linksOf } from '../http/paging.ts';
import type { WebhookEvent } from '../ports.ts';
import { matches, listingOf } from './lists.ts';

/** DOCS, new in 2026: an entry for each event and webhook. It is not in OPENAPI. */
export const webhookEventSearch: ExtraRoute = {
  operation: 'search-webhook-events',
  method: 'POST',
  path: '/webhook-events/search',
  coverage: 'read',
  isPaged: true,
  handle: search,
};

function search(call: Call): Result {
  const { query, page } = call.body('searchSchema');
  const found = call.environment.webhooks
    .webhookEvents()
    .map(resource)
    .filter((event) => query === undefined || matches(query, event));
  const byId = new Map(found.map((event) => [idOf(event), event]));
  const result = paginate(
    listingOf([...byId.keys()], (id) => byId.get(id)),
    {
      ...call.query.page,
      ...(page?.size === undefined ? {} : { size: page.size }),
      after: page?.after ?? call.query.page.after,
    },
  );
  return { data: result.items, links: linksOf(call.url, result) };
}

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

function idOf(resource: JsonObject): string {
  const id = resource.members.find(({ key }) => key === 'id')?.value;
  return id?.kind === 'scalar' ? String(id.value) : '';
}
