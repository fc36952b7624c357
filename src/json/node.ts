/**
 * A JSON document as it was written: numbers and strings keep their spelling, objects keep the order of
 * their members (integer-like and duplicate keys included). `JSON.parse` keeps none of these, and a body
 * whose `100.0` has become `100` no longer bears the signature that a receiver would meet in production.
 */
export type JsonNode = JsonObject | JsonArray | JsonScalar;

export interface JsonObject {
  readonly kind: 'object';
  readonly members: readonly JsonMember[];
}

export interface JsonMember {
  readonly key: string;
  /** The key as spelled in the source, quotes included, where that differs from `JSON.stringify(key)`. */
  readonly spelling?: string;
  readonly value: JsonNode;
}

export interface JsonArray {
  readonly kind: 'array';
  readonly items: readonly JsonNode[];
}

export interface JsonScalar {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** The exact spelling: `100.0`, `"a\/b"`, `null`. */
  readonly text: string;
}

/** A plain JavaScript value that JSON can say. */
export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

export function object(members: readonly JsonMember[]): JsonObject {
  return { kind: 'object', members };
}

export function array(items: readonly JsonNode[]): JsonArray {
  return { kind: 'array', items };
}

export function scalar(value: JsonScalar['value']): JsonScalar {
  return { kind: 'scalar', value, text: JSON.stringify(value) };
}

/** Builds a document from plain values, e.g. `fromValue({ a: [1, null] })`. */
export function fromValue(value: JsonValue): JsonNode {
  if (value === null || typeof value !== 'object') return scalar(value);
  if (isList(value)) return array(value.map(fromValue));
  return object(Object.entries(value).map(([key, child]) => ({ key, value: fromValue(child) })));
}

/** Plain values for validation and reading. Lossy: `100.0` becomes `100`; never serialise the result. */
export function toValue(node: JsonNode): JsonValue {
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'array':
      return node.items.map(toValue);
    case 'object':
      return Object.fromEntries(node.members.map(({ key, value }) => [key, toValue(value)]));
  }
}

/** The value of the last member of that name (JSON's usual reading of duplicates), if there is one. */
export function member(node: JsonNode | undefined, key: string): JsonNode | undefined {
  if (node?.kind !== 'object') return undefined;
  return node.members.findLast((candidate) => candidate.key === key)?.value;
}

/** Follows keys and array indices from `node`; undefined where the path leaves the document. */
export function at(node: JsonNode | undefined, ...path: readonly (string | number)[]): JsonNode | undefined {
  return path.reduce<JsonNode | undefined>((current, step) => {
    if (current?.kind === 'array') return current.items[Number(step)];
    return member(current, String(step));
  }, node);
}

/** The string at a path, undefined where there is none. */
export function stringAt(
  node: JsonNode | undefined,
  ...path: readonly (string | number)[]
): string | undefined {
  const found = at(node, ...path);
  return found?.kind === 'scalar' && typeof found.value === 'string' ? found.value : undefined;
}

/** A copy with the member `key` replaced, or added at the end. */
export function withMember(node: JsonObject, key: string, value: JsonNode): JsonObject {
  const known = node.members.some((candidate) => candidate.key === key);
  if (!known) return object([...node.members, { key, value }]);
  return object(
    node.members.map((candidate) => (candidate.key === key ? { ...candidate, value } : candidate)),
  );
}

/** A copy with the object at a path changed; the same document where there is none. */
export function changeAt(
  node: JsonObject,
  [key, ...rest]: readonly string[],
  change: (inner: JsonObject) => JsonObject,
): JsonObject {
  if (key === undefined) return change(node);
  const inner = member(node, key);
  return inner?.kind === 'object' ? withMember(node, key, changeAt(inner, rest, change)) : node;
}

export function withoutMember(node: JsonObject, key: string): JsonObject {
  return object(node.members.filter((candidate) => candidate.key !== key));
}

/**
 * The document with every scalar passed through `change`; the key is that of the member it stands in. What holds
 * nothing that changed is not copied.
 */
export function mapScalars(node: JsonNode, change: ChangeScalar, key?: string): JsonNode {
  switch (node.kind) {
    case 'scalar':
      return change(node, key);
    case 'array':
      return mapItems(node, change, key);
    case 'object':
      return mapMembers(node, change);
  }
}

type ChangeScalar = (leaf: JsonScalar, key: string | undefined) => JsonScalar;

// Loops, and no callbacks: V8 would optimise those within the first event, which takes longer than all of the event.
function mapItems(node: JsonArray, change: ChangeScalar, key: string | undefined): JsonArray {
  let changed: JsonNode[] | undefined;
  for (const [index, item] of node.items.entries()) {
    const next = mapScalars(item, change, key);
    if (next === item) continue;
    changed ??= [...node.items];
    changed[index] = next;
  }
  return changed === undefined ? node : array(changed);
}

function mapMembers(node: JsonObject, change: ChangeScalar): JsonObject {
  let changed: JsonMember[] | undefined;
  for (const [index, entry] of node.members.entries()) {
    const value = mapScalars(entry.value, change, entry.key);
    if (value === entry.value) continue;
    changed ??= [...node.members];
    changed[index] = { ...entry, value };
  }
  return changed === undefined ? node : object(changed);
}

export function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
