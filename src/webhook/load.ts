import { readSource } from '../fixture/load.ts';
import { at, object, stringAt, type JsonNode } from '../json/node.ts';
import { validate } from '../json/validate.ts';
import { didYouMean, typoOf } from '../text/nearest.ts';
import { ContentError } from '../errors.ts';
import { EVENT_NAMES, isEventName } from '../persona/event-names.ts';
import { canonicalKey } from '../persona/key-convention.ts';
import { WEBHOOK_ATTRIBUTES, webhookSchema, type WebhookAttributes } from '../persona/webhook.ts';
import type { Files } from '../ports.ts';

export interface LoadedWebhook {
  readonly attributes: WebhookAttributes;
  readonly warnings: readonly string[];
}

/**
 * Reads a webhook file: Persona's attribute names, bare or as the API returns them
 * (`{"data": {"type": "webhook", "attributes": {…}}}`), in any key inflection.
 * @throws {ContentError | FileError}
 */
export async function loadWebhook(path: string, files: Files): Promise<LoadedWebhook> {
  const { node } = await readSource(path, files);
  const isWrapped = stringAt(node, 'data', 'type') === 'webhook';
  const attributes = withKebabKeys((isWrapped ? at(node, 'data', 'attributes') : node) ?? node);
  const valid = validate(webhookSchema, attributes, path);
  checkEnabledEvents(valid, path);
  return {
    attributes: valid,
    warnings: unknownKeys(attributes).map((key) => `${path}: ${warningFor(key)}`),
  };
}

/**
 * A name that is one of Persona's but for a character or two is a typo, and the webhook would never get that event. Any
 * other that is not known may be newer than the catalogue: `configureWebhook` warns of it.
 */
function checkEnabledEvents({ 'enabled-events': names = [] }: WebhookAttributes, path: string): void {
  for (const name of names) {
    if (name.includes('*') || isEventName(name)) continue;
    const close = typoOf(name, EVENT_NAMES);
    if (close === undefined) continue;
    throw new ContentError(path, {
      ...{ where: 'enabled-events', expected: 'names of events', found: `'${name}'` },
      hint: `did you mean ${close}?`,
    });
  }
}

function withKebabKeys(node: JsonNode): JsonNode {
  if (node.kind !== 'object') return node;
  return object(node.members.map(({ key, value }) => ({ key: canonicalKey(key), value })));
}

function unknownKeys(node: JsonNode): string[] {
  const keys = node.kind === 'object' ? node.members.map(({ key }) => key) : [];
  return keys.filter((key) => key !== '$schema' && !WEBHOOK_ATTRIBUTES.includes(key));
}

function warningFor(key: string): string {
  return `'${key}' is not an attribute of a webhook and is ignored${didYouMean(key, WEBHOOK_ATTRIBUTES)}`;
}
