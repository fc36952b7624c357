import {
  array,
  at,
  changeAt,
  member,
  object,
  stringAt,
  type JsonNode,
  type JsonObject,
} from '../json/node.ts';
import { issueFileTokens } from '../payload/file-token.ts';
import { relatedIds } from '../payload/included.ts';
import { inflectKeys, type InflectionRule } from '../payload/inflection.ts';
import { changesFor, toVersion } from '../payload/versions/index.ts';
import { INCLUDED_UNASKED, INCLUDED_UNASKED_UNTIL } from '../persona/api.ts';
import { FILE_TOKEN_SECONDS_DEFAULT } from '../persona/contract.ts';
import { withOnly } from './state/edit.ts';
import { familyOf, type Store } from './state/store.ts';

/** How one request wants its answer. */
export interface View extends InflectionRule {
  /** Names of relationships; undefined asks for what the version includes by itself. */
  readonly include: readonly string[] | undefined;
  /** By type: the only attributes and relationships that are wanted. */
  readonly fields: ReadonlyMap<string, ReadonlySet<string>>;
  /** Where files are fetched from. */
  readonly fileOrigin: string;
}

export interface Answer {
  readonly data: JsonObject | readonly JsonObject[];
  readonly links?: JsonNode | undefined;
  readonly meta?: JsonNode | undefined;
}

/**
 * The one serialiser: a document of the newest version in the version, with the included resources, fields and
 * inflection that the request asks for. The same functions, in the same order, make the bodies of webhooks.
 */
export function renderAnswer(
  { data, links, meta }: Answer,
  view: View,
  { store, nowMs }: { store: Store; nowMs: number },
): JsonObject {
  const isList = Array.isArray(data);
  const parts = (isList ? (data as readonly JsonObject[]) : [data as JsonObject]).map((resource) =>
    renderResource(resource, view, store),
  );
  const resources = parts.map((part) => part.data);
  const included = isList ? undefined : parts[0]?.included;
  const members: readonly (readonly [string, JsonNode | undefined])[] = [
    ['data', isList ? array(resources) : resources[0]],
    ['included', included === undefined ? undefined : array(included)],
    ['links', links],
    ['meta', meta],
  ];
  const whole = object(members.flatMap(([key, value]) => (value === undefined ? [] : [{ key, value }])));
  const origin = isList ? 'list' : (stringAt(data as JsonObject, 'id') ?? '');
  const tokens = { expiresInSeconds: FILE_TOKEN_SECONDS_DEFAULT, origin: view.fileOrigin };
  return inflectKeys(issueFileTokens(whole, { id: origin, createdAtMs: nowMs }, tokens), view);
}

function renderResource(
  resource: JsonObject,
  view: View,
  store: Store,
): { data: JsonObject; included: readonly JsonObject[] | undefined } {
  const names = namesOf(resource, view);
  const changes = changesFor(view.apiVersion);
  const needsRelated = changes.length > 0 || names !== undefined;
  const related = needsRelated ? store.relatedTo(resource) : [];
  const all = [...new Set([...related, ...nestedFor(names ?? [], resource, store)])];
  const older = inVersion(resource, all, changes);
  const chosen = (items: readonly JsonObject[]) => items.map((item) => withFields(item, view));
  return {
    data: withFields(older.data, view),
    included: names === undefined ? undefined : chosen(wanted(older.included, resource, names)),
  };
}

/** The relationships whose resources are included; undefined leaves `included` out. */
function namesOf(resource: JsonObject, { include, apiVersion }: View): readonly string[] | undefined {
  if (include !== undefined) return include;
  const isUnasked = apiVersion <= INCLUDED_UNASKED_UNTIL && stringAt(resource, 'type') === 'inquiry';
  return isUnasked ? INCLUDED_UNASKED : undefined;
}

/** `include=sessions.device`: what the related resources point to. */
function nestedFor(names: readonly string[], resource: JsonObject, store: Store): JsonObject[] {
  return names.flatMap((name) => {
    const [first = '', second] = name.split('.');
    if (second === undefined) return [];
    return store.relation(resource, first).flatMap((related) => store.relation(related, second));
  });
}

function inVersion(
  resource: JsonObject,
  all: readonly JsonObject[],
  changes: ReturnType<typeof changesFor>,
): { data: JsonObject; included: readonly JsonObject[] } {
  if (changes.length === 0) return { data: resource, included: all };
  const payload = object([
    { key: 'data', value: resource },
    { key: 'included', value: array(all) },
  ]);
  const wrap = (key: string, value: JsonNode) => object([{ key, value }]);
  const event = toVersion(wrap('data', wrap('attributes', wrap('payload', payload))), changes);
  const older = at(event, 'data', 'attributes', 'payload');
  const included = member(older, 'included');
  return {
    data: member(older, 'data') as JsonObject,
    included: included?.kind === 'array' ? (included.items as readonly JsonObject[]) : [],
  };
}

function wanted(
  included: readonly JsonObject[],
  resource: JsonObject,
  names: readonly string[],
): JsonObject[] {
  const direct = new Set(names.map((name) => name.split('.')[0] ?? name));
  const ids = new Set([...direct].flatMap((name) => relatedIds(at(resource, 'relationships', name, 'data'))));
  const nested = names.some((name) => name.includes('.'));
  const own = new Set(idsOfAll(resource));
  return included.filter((item) => {
    const id = stringAt(item, 'id') ?? '';
    return ids.has(id) || (nested && !own.has(id));
  });
}

function idsOfAll(resource: JsonObject): string[] {
  const relationships = member(resource, 'relationships');
  if (relationships?.kind !== 'object') return [];
  return relationships.members.flatMap(({ value }) => relatedIds(member(value, 'data')));
}

/** `fields[inquiry]=status,reference-id`: only these members of attributes and relationships. */
function withFields(resource: JsonObject, { fields }: View): JsonObject {
  if (fields.size === 0) return resource;
  const type = stringAt(resource, 'type') ?? '';
  const names = fields.get(type) ?? fields.get(familyOf(type));
  if (names === undefined) return resource;
  const isWanted = (key: string) => names.has(key);
  return ['attributes', 'relationships'].reduce(
    (result, part) => changeAt(result, [part], (inner) => withOnly(inner, isWanted)),
    resource,
  );
}
