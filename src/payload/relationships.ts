import { array, withMember, withoutMember, type JsonNode, type JsonObject } from '../json/node.ts';

/**
 * `relationship-allowlist: include_none` removes the whole `relationships` member from every object of the
 * payload. All or nothing so far (OPENAPI, 2026-07-01).
 */
export function removeRelationships(payload: JsonObject): JsonObject {
  return payload.members.reduce<JsonObject>(
    (result, { key, value }) => withMember(result, key, stripped(value)),
    payload,
  );
}

function stripped(node: JsonNode): JsonNode {
  if (node.kind === 'array') return array(node.items.map(stripped));
  return node.kind === 'object' ? withoutMember(node, 'relationships') : node;
}
