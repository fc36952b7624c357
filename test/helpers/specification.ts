import { parseJson } from '../../src/json/text.ts';
import type { JsonNode } from '../../src/json/node.ts';

/** An OpenAPI document with these webhooks (path items by event name) and components, as JSON text. */
export function specificationText(webhooks: object, components: object = {}): string {
  return JSON.stringify({ openapi: '3.1.0', info: { title: 'Test', version: '1' }, webhooks, components });
}

export function specification(webhooks: object, components: object = {}): JsonNode {
  return parseJson(specificationText(webhooks, components));
}

/** A path item whose body is described by this media type object. */
export function webhook(media: object): object {
  return { post: { requestBody: { content: { 'application/json': media } } } };
}

/** A whole event about an inquiry. */
export function eventBody(name: string, attributes: object = {}): object {
  return {
    data: {
      type: 'event',
      id: 'evt_1',
      attributes: {
        name,
        payload: { data: { type: 'inquiry', id: 'inq_1', attributes } },
        'created-at': '2026-01-01T00:00:00.000Z',
      },
    },
  };
}

/** The schema of such an event, with one for `payload.data.attributes.value`. */
export function eventSchema(name: string, value: object): object {
  const resource = properties({
    type: { const: 'inquiry' },
    id: { type: 'string', examples: ['inq_1'] },
    attributes: properties({ value }),
  });
  const attributes = properties({
    name: { const: name },
    payload: properties({ data: resource }),
    'created-at': { type: 'string', format: 'date-time' },
  });
  return properties({ data: properties({ type: { const: 'event' }, id: { type: 'string' }, attributes }) });
}

function properties(entries: object): object {
  return { type: 'object', properties: entries };
}
