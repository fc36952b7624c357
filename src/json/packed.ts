import { array, isList, object, scalar, type JsonNode, type JsonScalar, type JsonValue } from './node.ts';

/** In front of a spelling that is kept. */
const SPELLED = '\u0000';

/**
 * A document as a plain value which the platform can write and read fast, and which loses no spelling: a scalar that
 * `JSON.stringify` would spell in another way is a marked string. Keys have to be spelled plainly, each once in its
 * object, and none like an integer.
 */
export function pack(node: JsonNode): JsonValue {
  switch (node.kind) {
    case 'scalar':
      return isPlain(node) ? node.value : SPELLED + node.text;
    case 'array':
      return node.items.map(pack);
    case 'object':
      return Object.fromEntries(node.members.map(({ key, value }) => [key, pack(value)]));
  }
}

function isPlain({ value, text }: JsonScalar): boolean {
  const looksMarked = typeof value === 'string' && value.startsWith(SPELLED);
  return !looksMarked && text === JSON.stringify(value);
}

/** The document that `pack` was given. */
export function unpack(value: JsonValue): JsonNode {
  if (value === null || typeof value !== 'object') return unpackScalar(value);
  if (isList(value)) return array(value.map(unpack));
  return object(Object.entries(value).map(([key, child]) => ({ key, value: unpack(child) })));
}

function unpackScalar(value: JsonScalar['value']): JsonScalar {
  if (typeof value !== 'string' || !value.startsWith(SPELLED)) return scalar(value);
  const text = value.slice(SPELLED.length);
  return { kind: 'scalar', value: JSON.parse(text) as JsonScalar['value'], text };
}
