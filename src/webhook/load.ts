import { readSource } from '../fixture/load.ts';
import { at, object, stringAt, type JsonNode } from '../json/node.ts';
import { validate } from '../json/validate.ts';
import { didYouMean } from '../text/nearest.ts';
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
  return {
    attributes: validate(webhookSchema, attributes, path),
    warnings: unknownKeys(attributes).map((key) => `${path}: ${warningFor(key)}`),
  };
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
  return `'${key}' is no attribute of a webhook and is ignored${didYouMean(key, WEBHOOK_ATTRIBUTES)}`;
}
