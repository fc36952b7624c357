import {
  array,
  member,
  object,
  withMember,
  withoutMember,
  type JsonNode,
  type JsonObject,
} from '../json/node.ts';
import { canonicalKey } from '../persona/key-convention.ts';
import type { RelationshipAllowlist } from '../persona/webhook.ts';

/** Which relationships objects keep: all, none, or those of these names. */
export type RelationshipRule = 'all' | 'none' | readonly string[];

export function relationshipRule(allowlist: RelationshipAllowlist | null | undefined): RelationshipRule {
  switch (allowlist?.state) {
    case undefined:
    case 'include_all':
      return 'all';
    case 'include_none':
      return 'none';
    case 'include_some':
      return allowlist.relationships.map(canonicalKey);
  }
}

/**
 * `relationship-allowlist`: `include_none` removes the whole `relationships` member from every object of the payload
 * (OPENAPI, 2026-07-01). UNDOCUMENTED: `include_some`, here the members of these names stay, in any key inflection.
 */
export function restrictRelationships(payload: JsonObject, rule: RelationshipRule): JsonObject {
  if (rule === 'all') return payload;
  return payload.members.reduce<JsonObject>(
    (result, { key, value }) => withMember(result, key, restricted(value, rule)),
    payload,
  );
}

function restricted(node: JsonNode, rule: Exclude<RelationshipRule, 'all'>): JsonNode {
  if (node.kind === 'array') return array(node.items.map((item) => restricted(item, rule)));
  if (node.kind !== 'object') return node;
  if (rule === 'none') return withoutMember(node, 'relationships');
  const relationships = member(node, 'relationships');
  if (relationships?.kind !== 'object') return node;
  const kept = relationships.members.filter(({ key }) => rule.includes(canonicalKey(key)));
  return withMember(node, 'relationships', object(kept));
}
