import {
  array,
  changeAt,
  member,
  object,
  stringAt,
  withoutMember,
  type JsonNode,
  type JsonObject,
} from '../../json/node.ts';
import { PAYLOAD } from '../../event/overrides.ts';
import { appliesTo, itemsAt, type Related, type VersionChange } from './version-change.ts';

/**
 * Walks an event down to the version that `changesFor` resolved the changes for: the payload's resource and every
 * included one. Without changes it is the same document.
 */
export function toVersion(document: JsonObject, changes: readonly VersionChange[]): JsonObject {
  if (changes.length === 0) return document;
  return changeAt(document, PAYLOAD, (payload) => {
    const related = relatedIn(payload);
    return mapResources(payload, (resource) => downgrade(resource, changes, related));
  });
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
    .reduce((resource, change) => undo(change, resource, related), node);
}

/** A mere pointer to a resource (type and id) has no attributes, and stays as it is. */
function undo(change: VersionChange, resource: JsonObject, related: Related): JsonObject {
  const older = changeAt(resource, ['attributes'], (attributes) =>
    change.downgrade(attributes, { resource, related }),
  );
  const { newRelationship } = change;
  if (newRelationship === undefined) return older;
  return changeAt(older, ['relationships'], (relations) => withoutMember(relations, newRelationship));
}

function relatedIn(payload: JsonObject): Related {
  const resources = [member(payload, 'data'), ...itemsAt(payload, 'included')];
  return (id) => {
    const found = id === undefined ? undefined : resources.find((node) => stringAt(node, 'id') === id);
    return found?.kind === 'object' ? found : undefined;
  };
}
