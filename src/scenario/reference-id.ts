import {
  array,
  at,
  object,
  scalar,
  stringAt,
  withMember,
  type JsonNode,
  type JsonObject,
} from '../json/node.ts';

/** Transactions have a reference id too, but theirs is not a person's. */
const TYPES: readonly (string | undefined)[] = ['inquiry', 'account'];

/**
 * Sets the person's reference id wherever the document has one: in inquiries and accounts, included ones too.
 * A redacted object's `null` stays.
 */
export function withReferenceId(node: JsonObject, referenceId: string): JsonObject {
  if (!isPerson(node))
    return object(node.members.map((entry) => ({ ...entry, value: walk(entry.value, referenceId) })));
  const attributes = at(node, 'attributes') as JsonObject;
  return withMember(node, 'attributes', withMember(attributes, 'reference-id', scalar(referenceId)));
}

/** Does the document say whose it is? */
export function hasReferenceId(node: JsonNode): boolean {
  if (node.kind === 'scalar') return false;
  if (node.kind === 'array') return node.items.some(hasReferenceId);
  return isPerson(node) || node.members.some(({ value }) => hasReferenceId(value));
}

function isPerson(node: JsonObject): boolean {
  const isNamed = stringAt(node, 'attributes', 'reference-id') !== undefined;
  return isNamed && TYPES.includes(stringAt(node, 'type'));
}

function walk(node: JsonNode, referenceId: string): JsonNode {
  if (node.kind === 'scalar') return node;
  if (node.kind === 'array') return array(node.items.map((item) => walk(item, referenceId)));
  return withReferenceId(node, referenceId);
}
