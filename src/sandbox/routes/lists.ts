import { at, member, toValue, stringAt, type JsonObject, type JsonValue } from '../../json/node.ts';
import { canonicalKey } from '../../persona/key-convention.ts';
import { ApiError } from '../errors.ts';
import type { Call, Result } from '../http/call.ts';
import { linksOf, paginate, type Listing } from '../http/paging.ts';
import type { Predicate, Query } from '../requests/others.ts';
import { referenceTo, familyOf } from '../state/store.ts';

/** `POST /…/search`: every one of these resources held against the query. */
export function runSearch(call: Call, resources: readonly JsonObject[]): Result {
  const { query, sort, page } = call.body('searchSchema');
  const found = resources.filter((resource) => query === undefined || matches(query, resource));
  const sorted = sort === undefined ? found : sortBy(found, sort);
  const result = paginate(listingOfAll(sorted), {
    after: page?.after ?? call.query.page.after,
    before: page?.before ?? call.query.page.before,
    size: page?.size ?? call.query.page.size,
  });
  return { data: result.items, links: linksOf(call.url, result) };
}

function matches(query: Query, resource: JsonObject): boolean {
  if ('and' in query) return query.and.every((inner) => matches(inner, resource));
  if ('or' in query) return query.or.some((inner) => matches(inner, resource));
  if ('not' in query) return !matches(query.not, resource);
  return holds(query, valueOf(resource, query.attribute));
}

/** DOCS searching: these operators; the others of Persona's list are refused. */
const OPERATORS: Readonly<Record<string, (found: JsonValue, wanted: string | number | boolean) => boolean>> =
  {
    eq: (found, wanted) => textOf(found) === textOf(wanted),
    gt: (found, wanted) => compare(found, wanted) > 0,
    gte: (found, wanted) => compare(found, wanted) >= 0,
    lt: (found, wanted) => compare(found, wanted) < 0,
    lte: (found, wanted) => compare(found, wanted) <= 0,
    contains: (found, wanted) =>
      Array.isArray(found) ? found.includes(wanted) : textOf(found).includes(textOf(wanted)),
  };

function holds({ operator, value }: Predicate, found: JsonValue | undefined): boolean {
  const test = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined;
  if (test === undefined)
    throw new ApiError(
      400,
      `query.operator ${operator} is not known: known are ${Object.keys(OPERATORS).join(', ')}`,
    );
  return found !== undefined && found !== null && test(found, value);
}

/** `status`, `fields.name-last`, or a relationship's id. */
function valueOf(resource: JsonObject, name: string): JsonValue | undefined {
  const path = name.split('.');
  const attributes = member(resource, 'attributes');
  const found =
    at(attributes, ...path.map(canonicalKey)) ??
    at(attributes, ...path.map((part) => part.replaceAll('-', '_'))) ??
    at(resource, 'relationships', canonicalKey(name).replace(/-id$/, ''), 'data', 'id');
  const value = found === undefined ? undefined : toValue(member(found, 'value') ?? found);
  return name === 'id' ? referenceTo(resource).id : value;
}

/** The list is read from its end: newest first is `desc`. */
function sortBy(
  found: readonly JsonObject[],
  { attribute, direction }: { attribute: string; direction: 'asc' | 'desc' },
): JsonObject[] {
  const key = (resource: JsonObject) => valueOf(resource, attribute) ?? '';
  const ascending = found.toSorted((a, b) => compare(key(a), key(b)));
  return direction === 'asc' ? ascending.reverse() : ascending;
}

/** Numbers by size, times by when they are, whatever their spelling, and all else as text. */
function compare(a: JsonValue, b: JsonValue): number {
  const [first, second] = [magnitudeOf(a), magnitudeOf(b)];
  if (first !== undefined && second !== undefined) return first - second;
  const [text, other] = [textOf(a), textOf(b)];
  return Number(text > other) - Number(text < other);
}

function magnitudeOf(value: JsonValue): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && TIME.test(value) ? Date.parse(value) : undefined;
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/;

function textOf(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** @throws {ApiError} 404 for an id of another kind too */
export function find({ environment }: Call, id: string, family: string): JsonObject {
  const found = environment.store.get(id);
  if (found !== undefined && familyOf(stringAt(found, 'type') ?? '') === family) return found;
  throw new ApiError(404);
}

/** A page of the resources of a kind, narrowed by `filter[reference-id]` and by `isKept`. */
export function list(
  call: Call,
  family: string,
  isKept: (resource: JsonObject) => boolean = () => true,
): Result {
  const referenceId = call.query.filter.get('reference-id');
  if (referenceId === undefined) return listKept(call, family, isKept);
  // OPENAPI list-all-accounts: one id or several; of the other lists one.
  const referenceIds = family === 'account' ? referenceId.split(',') : [referenceId];
  const ids = call.environment.store.withReferences(family, referenceIds);
  return pageOf(call, listingOf(ids, getterOf(call, isKept)));
}

/** A page of the resources of a kind, narrowed by `isKept` alone. */
export function listKept(call: Call, family: string, isKept: (resource: JsonObject) => boolean): Result {
  const { store } = call.environment;
  const placeOf = (id: string) => store.placeOf(family, id);
  return pageOf(call, { ids: store.ids(family), placeOf, get: getterOf(call, isKept) });
}

function getterOf({ environment: { store } }: Call, isKept: (resource: JsonObject) => boolean) {
  return (id: string) => {
    const found = store.get(id);
    return found !== undefined && isKept(found) ? found : undefined;
  };
}

/** Of ids that are few. */
export function listingOf<T>(ids: readonly string[], get: (id: string) => T | undefined): Listing<T> {
  const placeOf = (id: string) => {
    const place = ids.indexOf(id);
    return place < 0 ? undefined : place;
  };
  return { ids, placeOf, get };
}

/** Of resources that are few, the oldest first. */
export function listingOfAll(resources: readonly JsonObject[]): Listing<JsonObject> {
  const byId = new Map(resources.map((resource) => [referenceTo(resource).id, resource]));
  return listingOf([...byId.keys()], (id) => byId.get(id));
}

export function pageOf({ query, url }: Call, listing: Listing<JsonObject>): Result {
  const page = paginate(listing, query.page);
  return { data: page.items, links: linksOf(url, page) };
}

/** The filters of a call, each held against a value of the resource. */
export function matcher(
  { query }: Call,
  values: Readonly<Record<string, (resource: JsonObject) => string | undefined>>,
): (resource: JsonObject) => boolean {
  const wanted = Object.entries(values).flatMap(([name, valueOf]) => {
    const value = query.filter.get(name);
    return value === undefined ? [] : [(resource: JsonObject) => isOneOf(valueOf(resource), value)];
  });
  return (resource) => wanted.every((holds) => holds(resource));
}

/** `filter[status]=approved,declined` */
function isOneOf(found: string | undefined, wanted: string): boolean {
  return found !== undefined && wanted.split(',').includes(found);
}
