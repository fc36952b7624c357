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
import { issueFileTokens, type TokenRule } from '../payload/file-token.ts';
import { relatedIds } from '../payload/included.ts';
import { inflectKeys, type InflectionRule } from '../payload/inflection.ts';
import { changesFor, toVersion, type VersionChange } from '../payload/versions/index.ts';
import { INCLUDED_UNASKED, INCLUDED_UNASKED_UNTIL } from '../persona/api.ts';
import { FILE_TOKEN_SECONDS_DEFAULT, type ApiVersion, type KeyInflection } from '../persona/contract.ts';
import { withOnly } from './state/edit.ts';
import { familyOf, type Store } from './state/store.ts';

/** How one request wants its answer. */
export interface View {
  readonly apiVersion: ApiVersion;
  readonly versionChanges: readonly VersionChange[];
  readonly inflection: InflectionRule;
  /** Names of relationships; undefined asks for what the version includes by itself. */
  readonly include: readonly string[] | undefined;
  /** By type: the only attributes and relationships that are wanted. */
  readonly fields: ReadonlyMap<string, ReadonlySet<string>>;
  readonly tokens: TokenRule;
}

export interface ViewOptions {
  readonly apiVersion: ApiVersion;
  readonly inflection: KeyInflection;
  readonly include?: readonly string[] | undefined;
  readonly fields?: ReadonlyMap<string, ReadonlySet<string>> | undefined;
  /** Where files are fetched from. */
  readonly fileOrigin?: string | undefined;
}

export function viewOf({ apiVersion, inflection, include, fields, fileOrigin }: ViewOptions): View {
  return {
    apiVersion,
    versionChanges: changesFor(apiVersion),
    inflection: { inflection, apiVersion },
    include,
    fields: fields ?? new Map(),
    tokens: { expiresInSeconds: FILE_TOKEN_SECONDS_DEFAULT, origin: fileOrigin },
  };
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
  const withTokens = issueFileTokens(whole, { id: origin, createdAtMs: nowMs }, view.tokens);
  return inflectKeys(withTokens, view.inflection);
}

function renderResource(
  resource: JsonObject,
  view: View,
  store: Store,
): { data: JsonObject; included: readonly JsonObject[] | undefined } {
  const names = namesOf(resource, view);
  const needsRelated = view.versionChanges.length > 0 || names !== undefined;
  const related = needsRelated ? store.relatedTo(resource) : [];
  const older = inVersion(resource, { related, nested: nestedFor(names ?? [], resource, store) }, view);
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
  { related, nested }: { related: readonly JsonObject[]; nested: readonly JsonObject[] },
  { versionChanges }: View,
): { data: JsonObject; included: readonly JsonObject[] } {
  const all = [...new Set([...related, ...nested])];
  if (versionChanges.length === 0) return { data: resource, included: all };
  const payload = object([
    { key: 'data', value: resource },
    { key: 'included', value: array(all) },
  ]);
  const wrap = (key: string, value: JsonNode) => object([{ key, value }]);
  const event = toVersion(wrap('data', wrap('attributes', wrap('payload', payload))), versionChanges);
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
