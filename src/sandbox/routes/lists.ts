import { stringAt, type JsonObject } from '../../json/node.ts';
import { ApiError } from '../errors.ts';
import type { Call, Result } from '../http/call.ts';
import { linksOf, paginate, type Listing } from '../http/paging.ts';
import { familyOf } from '../state/store.ts';

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
  const { store } = call.environment;
  const referenceId = call.query.filter.get('reference-id');
  const get = (id: string) => {
    const found = store.get(id);
    return found !== undefined && isKept(found) ? found : undefined;
  };
  if (referenceId === undefined)
    return pageOf(call, { ids: store.ids(family), placeOf: (id) => store.placeOf(family, id), get });
  return pageOf(call, listingOf(store.withReference(family, referenceId), get));
}

/** Of ids that are few. */
export function listingOf<T>(ids: readonly string[], get: (id: string) => T | undefined): Listing<T> {
  const placeOf = (id: string) => {
    const place = ids.indexOf(id);
    return place < 0 ? undefined : place;
  };
  return { ids, placeOf, get };
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

export function relatedId(resource: JsonObject, name: string): string | undefined {
  return stringAt(resource, 'relationships', name, 'data', 'id');
}
