import {
  array,
  at,
  fromValue,
  member,
  object,
  withMember,
  type JsonNode,
  type JsonObject,
  type JsonValue,
} from '../../json/node.ts';
import { serialise } from '../../json/text.ts';
import { overlay } from '../../json/overlay.ts';

/** What has to be laid over `before` to get `after`; undefined when they are the same. */
export function difference(before: JsonNode | undefined, after: JsonNode): JsonNode | undefined {
  if (before === undefined) return after;
  if (before.kind !== 'object' || after.kind !== 'object')
    return serialise(before) === serialise(after) ? undefined : after;
  const changed = after.members.flatMap(({ key, value }) => {
    const inner = difference(member(before, key), value);
    return inner === undefined ? [] : [{ key, value: inner }];
  });
  return changed.length === 0 ? undefined : object(changed);
}

/** The object at a path, an empty one where there is none. */
export function objectAt(node: JsonNode | undefined, ...path: readonly string[]): JsonObject {
  const found = at(node, ...path);
  return found?.kind === 'object' ? found : object([]);
}

/** A copy with only the members for which `isKept` holds. */
export function withOnly(node: JsonObject, isKept: (key: string) => boolean): JsonObject {
  return object(node.members.filter(({ key }) => isKept(key)));
}

/** A resource whose attributes have these members changed or added. */
export function withAttributes(resource: JsonObject, changes: JsonObject): JsonObject {
  return withMember(resource, 'attributes', overlay(objectAt(resource, 'attributes'), changes));
}

/** As `withAttributes`; each value replaces what was there, objects included. */
export function withValues(
  resource: JsonObject,
  values: Readonly<Record<string, JsonValue | JsonNode | undefined>>,
): JsonObject {
  return withMember(resource, 'attributes', replaced(objectAt(resource, 'attributes'), values));
}

/** A resource whose other attributes have lost their values: null, or a list or an object of nothing. */
export function withBlank(resource: JsonObject, isKept: (key: string) => boolean): JsonObject {
  const attributes = objectAt(resource, 'attributes').members.map((entry) =>
    isKept(entry.key) ? entry : { ...entry, value: blank(entry.value) },
  );
  return withMember(resource, 'attributes', object(attributes));
}

function blank(value: JsonNode): JsonNode {
  if (value.kind === 'array') return array([]);
  return value.kind === 'object' ? object([]) : fromValue(null);
}

export interface Reference {
  readonly type: string;
  readonly id: string;
}

type Target = Reference | readonly Reference[] | null;

/** A resource with relationships, by name, that each point to one resource, to several, or to none. */
export function withRelations(resource: JsonObject, targets: Readonly<Record<string, Target>>): JsonObject {
  const relations = Object.entries(targets).reduce<JsonObject>(
    (known, [name, target]) => withMember(known, name, relationTo(target)),
    objectAt(resource, 'relationships'),
  );
  return withMember(resource, 'relationships', relations);
}

const NONE = object([{ key: 'data', value: fromValue(null) }]);
/** Relations to templates, which thousands of inquiries have in common. */
const toTemplates = new Map<string, JsonObject>();
const TEMPLATES_KEPT = 1_000;

function relationTo(target: Target): JsonObject {
  if (target === null) return NONE;
  const build = () => object([{ key: 'data', value: fromValue(target as unknown as JsonValue) }]);
  if (!('type' in target) || !target.type.includes('template')) return build();
  const key = `${target.type} ${target.id}`;
  const known = toTemplates.get(key) ?? build();
  if (toTemplates.size < TEMPLATES_KEPT) toTemplates.set(key, known);
  return known;
}

function replaced(
  node: JsonObject,
  values: Readonly<Record<string, JsonValue | JsonNode | undefined>>,
): JsonObject {
  return Object.entries(values).reduce<JsonObject>(
    (result, [key, value]) => (value === undefined ? result : withMember(result, key, asNode(value))),
    node,
  );
}

function asNode(value: JsonValue | JsonNode): JsonNode {
  return isNode(value) ? value : fromValue(value);
}

const KINDS: ReadonlySet<unknown> = new Set(['object', 'array', 'scalar']);

function isNode(value: JsonValue | JsonNode): value is JsonNode {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    KINDS.has((value as { kind?: unknown }).kind)
  );
}
