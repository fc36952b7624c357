import { UsageError } from '../errors.ts';
import { at, array, member, object, scalar, stringAt, type JsonNode, type JsonObject } from '../json/node.ts';
import { parseJson } from '../json/text.ts';
import { HookcastError } from '../errors.ts';
import { nearest } from '../text/nearest.ts';

/**
 * One change to an event. A path is dotted and starts at the attributes of the object that the event is about
 * (`fields.name-first.value`), or, with `data.` or `included.` in front, at the payload. `included` is followed
 * by an index or a type (`included.inquiry-session.attributes.ip-address`).
 */
export type Override =
  | { readonly kind: 'set'; readonly path: string; readonly value: JsonNode }
  | { readonly kind: 'add'; readonly path: string; readonly value: JsonNode }
  | { readonly kind: 'remove'; readonly path: string };

/** Reads `path=text` and `path:=json`. @throws {UsageError} */
export function parseAssignment(kind: 'set' | 'add', text: string): Override {
  const match = /^([^=]*?)(:?)=(.*)$/s.exec(text);
  const path = match?.[1] ?? '';
  if (path === '') {
    throw new UsageError(`\`${kind}\` '${text}': expected path=text or path:=json, e.g. status=approved`);
  }
  const value = match?.[3] ?? '';
  return { kind, path, value: match?.[2] === ':' ? jsonOf(value, `\`${kind}\` '${text}'`) : scalar(value) };
}

function jsonOf(text: string, where: string): JsonNode {
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof HookcastError)) throw error;
    throw new UsageError(`${where}: not JSON after ':=' (${error.message}); for plain text use '='`, {
      cause: error,
    });
  }
}

/** Applies the changes in their order. @throws {UsageError} for a path that matches nothing */
export function applyOverrides(document: JsonObject, overrides: readonly Override[]): JsonObject {
  return overrides.reduce(applyOverride, document);
}

/** Sets `reference-id` of the object and of an included account. @throws {UsageError} where there is none */
export function setReferenceId(document: JsonObject, referenceId: string): JsonObject {
  const value = scalar(referenceId);
  const changed = applyOverride(document, { kind: 'set', path: 'reference-id', value });
  const included = at(changed, ...PAYLOAD, 'included');
  const hasAccount = included?.kind === 'array' && included.items.some(isAccountWithReference);
  const path = 'included.account.attributes.reference-id';
  return hasAccount ? applyOverride(changed, { kind: 'set', path, value }) : changed;
}

function isAccountWithReference(item: JsonNode): boolean {
  return stringAt(item, 'type') === 'account' && at(item, 'attributes', 'reference-id') !== undefined;
}

/** Where an event has what it is about. */
export const PAYLOAD = ['data', 'attributes', 'payload'] as const;
const ROOTS: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ['data', PAYLOAD],
  ['included', PAYLOAD],
  ['context', ['data', 'attributes']],
]);

function applyOverride(document: JsonObject, override: Override): JsonObject {
  const steps = absolute(override.path);
  const change: Change = { override, count: 0 };
  const changed = walk(document, steps, change);
  if (change.count === 0) throw noMatch(document, override);
  return changed as JsonObject;
}

function absolute(path: string): string[] {
  const steps = path.split('.');
  const root = ROOTS.get(steps[0] ?? '');
  return root === undefined ? [...PAYLOAD, 'data', 'attributes', ...steps] : [...root, ...steps];
}

interface Change {
  readonly override: Override;
  /** How many places were changed. */
  count: number;
}

function walk(node: JsonNode, steps: readonly string[], change: Change): JsonNode {
  const [step, ...rest] = steps;
  if (step === undefined) return replaced(node, change);
  if (node.kind === 'array') return walkItems(node.items, steps, change);
  if (node.kind !== 'object') return node;
  if (rest.length === 0) return changeMember(node, step, change);
  return object(
    node.members.map((entry) =>
      entry.key === step ? { ...entry, value: walk(entry.value, rest, change) } : entry,
    ),
  );
}

function walkItems(items: readonly JsonNode[], steps: readonly string[], change: Change): JsonNode {
  const [step = '', ...rest] = steps;
  const isMeant = (item: JsonNode, index: number) =>
    step === String(index) || stringAt(item, 'type') === step;
  if (rest.length > 0 || change.override.kind === 'set') {
    return array(items.map((item, index) => (isMeant(item, index) ? walk(item, rest, change) : item)));
  }
  const kept = items.filter((item, index) => change.override.kind === 'add' || !isMeant(item, index));
  change.count += items.length - kept.length;
  return array(kept);
}

function replaced(node: JsonNode, change: Change): JsonNode {
  change.count += 1;
  return change.override.kind === 'remove' ? node : change.override.value;
}

function changeMember(node: JsonObject, key: string, change: Change): JsonObject {
  const { override } = change;
  const exists = member(node, key) !== undefined;
  if (override.kind === 'add') {
    if (exists) return node;
    change.count += 1;
    return object([...node.members, { key, value: override.value }]);
  }
  if (!exists) return node;
  change.count += 1;
  if (override.kind === 'remove') return object(node.members.filter((entry) => entry.key !== key));
  return object(
    node.members.map((entry) => (entry.key === key ? { ...entry, value: override.value } : entry)),
  );
}

function noMatch(document: JsonObject, { kind, path }: Override): UsageError {
  const close = nearest(path, existingPaths(document));
  const guess = close.length === 0 ? '' : `; nearest: ${close.join(', ')}`;
  const reason = kind === 'add' ? 'has no such parent, or is there already (use `set`)' : 'matches nothing';
  const next = kind === 'set' ? '. A new attribute is added with `add`' : '';
  return new UsageError(`\`${kind}\` ${path}: the path ${reason}${guess}${next}`, { nearest: close });
}

/** Every path of the document in the short form that overrides use. */
export function existingPaths(document: JsonObject): string[] {
  const payload = at(document, ...PAYLOAD);
  return [
    ...paths(at(payload, 'data', 'attributes'), ''),
    ...paths(at(payload, 'data', 'relationships'), 'data.relationships.'),
    ...paths(at(payload, 'included'), 'included.'),
    ...paths(at(document, 'data', 'attributes', 'context'), 'context.'),
  ];
}

function paths(node: JsonNode | undefined, prefix: string): string[] {
  if (node === undefined || node.kind === 'scalar') return [];
  const children =
    node.kind === 'object'
      ? node.members.map(({ key, value }) => ({ step: key, value }))
      : node.items.map((value, index) => ({ step: stringAt(value, 'type') ?? String(index), value }));
  return children.flatMap(({ step, value }) => [prefix + step, ...paths(value, `${prefix}${step}.`)]);
}
