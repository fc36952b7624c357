import {
  array,
  member,
  object,
  stringAt,
  withMember,
  type JsonNode,
  type JsonObject,
} from '../../json/node.ts';
import { appliesTo, itemsAt, type Related, type VersionChange } from './version-change.ts';

/**
 * Walks an event down to the version that `changesFor` resolved the changes for: the payload's resource and every
 * included one. Without changes it is the same document.
 */
export function toVersion(document: JsonObject, changes: readonly VersionChange[]): JsonObject {
  if (changes.length === 0) return document;
  const data = member(document, 'data') as JsonObject;
  const attributes = member(data, 'attributes') as JsonObject;
  const payload = member(attributes, 'payload') as JsonObject;
  const related = relatedIn(payload);
  const older = mapResources(payload, (resource) => downgrade(resource, changes, related));
  return withMember(
    document,
    'data',
    withMember(data, 'attributes', withMember(attributes, 'payload', older)),
  );
}

function mapResources(payload: JsonObject, change: (resource: JsonNode) => JsonNode): JsonObject {
  return object(
    payload.members.map((entry) => {
      if (entry.key === 'data') return { ...entry, value: change(entry.value) };
      if (entry.key !== 'included' || entry.value.kind !== 'array') return entry;
      return { ...entry, value: array(entry.value.items.map(change)) };
    }),
  );
}

function downgrade(node: JsonNode, changes: readonly VersionChange[], related: Related): JsonNode {
  const type = stringAt(node, 'type');
  if (node.kind !== 'object' || type === undefined) return node;
  return changes
    .filter((change) => appliesTo(change, type))
    .reduce((resource, change) => change.downgrade(resource, related), node);
}

function relatedIn(payload: JsonObject): Related {
  const resources = [member(payload, 'data'), ...itemsAt(payload, 'included')];
  return (id) => {
    const found = id === undefined ? undefined : resources.find((node) => stringAt(node, 'id') === id);
    return found?.kind === 'object' ? found : undefined;
  };
}
