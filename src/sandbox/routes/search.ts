import { at, member, toValue, type JsonObject, type JsonValue } from '../../json/node.ts';
import { canonicalKey } from '../../persona/key-convention.ts';
import { ApiError } from '../errors.ts';
import type { Call, Result } from '../http/call.ts';
import { linksOf, paginate } from '../http/paging.ts';
import type { Predicate, Query } from '../requests/others.ts';
import { referenceTo } from '../state/store.ts';
import { listingOf } from './lists.ts';

/** `POST /…/search`: every resource of the kind held against the query. */
export function runSearch(call: Call, family: string): Result {
  const { query, sort, page } = call.body('searchSchema');
  const { store } = call.environment;
  const found = store.all(family).filter((resource) => query === undefined || matches(query, resource));
  const sorted = sort === undefined ? found : sortBy(found, sort);
  const byId = new Map(sorted.map((resource) => [referenceTo(resource).id, resource]));
  const result = paginate(
    listingOf([...byId.keys()], (id) => byId.get(id)),
    {
      after: page?.after ?? call.query.page.after,
      before: page?.before ?? call.query.page.before,
      size: page?.size ?? call.query.page.size,
    },
  );
  return { data: result.items, links: linksOf(call.url, result) };
}

export function matches(query: Query, resource: JsonObject): boolean {
  if ('and' in query) return query.and.every((inner) => matches(inner, resource));
  if ('or' in query) return query.or.some((inner) => matches(inner, resource));
  if ('not' in query) return !matches(query.not, resource);
  return holds(query, valueOf(resource, query.attribute));
}

/** DOCS searching: these operators; the others of Persona's list are refused. */
const OPERATORS: Readonly<Record<string, (found: JsonValue, wanted: string | number | boolean) => boolean>> =
  {
    eq: (found, wanted) => textOf(found) === textOf(wanted),
    gt: (found, wanted) => textOf(found) > textOf(wanted),
    gte: (found, wanted) => textOf(found) >= textOf(wanted),
    lt: (found, wanted) => textOf(found) < textOf(wanted),
    lte: (found, wanted) => textOf(found) <= textOf(wanted),
    contains: (found, wanted) =>
      Array.isArray(found) ? found.includes(wanted) : textOf(found).includes(textOf(wanted)),
  };

function holds({ operator, value }: Predicate, found: JsonValue | undefined): boolean {
  const test = OPERATORS[operator];
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
  const key = (resource: JsonObject) => textOf(valueOf(resource, attribute) ?? '');
  const ascending = found.toSorted((a, b) => key(a).localeCompare(key(b)));
  return direction === 'asc' ? ascending.reverse() : ascending;
}

function textOf(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
