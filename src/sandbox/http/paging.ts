import { fromValue, type JsonNode } from '../../json/node.ts';
import { API_PATH } from '../../persona/api.ts';
import { ApiError } from '../errors.ts';
import type { PageQuery } from './query.ts';

export interface Listing<T> {
  /** The oldest first. */
  readonly ids: readonly string[];
  /** Where an id stands; undefined when it is not in the list. */
  readonly placeOf: (id: string) => number | undefined;
  /** Undefined leaves it out. */
  readonly get: (id: string) => T | undefined;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly prev: string | undefined;
  readonly next: string | undefined;
}

/** One page, the newest first. It costs as much as the page is long, unless many are left out. */
export function paginate<T>(listing: Listing<T>, { after, before, size }: PageQuery): Page<T> {
  if (before !== undefined) return newerThan(listing, placeOf(listing, before), size);
  const start = after === undefined ? listing.ids.length : placeOf(listing, after);
  const found = collect(listing, { from: start - 1, by: -1, count: size + 1 });
  const items = found.slice(0, size);
  const isFirst = after === undefined || collect(listing, { from: start, by: 1, count: 1 }).length === 0;
  return {
    items: items.map(({ item }) => item),
    prev: isFirst ? undefined : items[0]?.id,
    next: found.length > size ? items.at(-1)?.id : undefined,
  };
}

function newerThan<T>(listing: Listing<T>, place: number, size: number): Page<T> {
  const found = collect(listing, { from: place + 1, by: 1, count: size + 1 });
  const items = found.slice(0, size).reverse();
  return {
    items: items.map(({ item }) => item),
    prev: found.length > size ? items[0]?.id : undefined,
    next: items.at(-1)?.id,
  };
}

function placeOf<T>(listing: Listing<T>, id: string): number {
  const place = listing.placeOf(id);
  if (place === undefined) throw new ApiError(400, `page: ${id} is not in this list`);
  return place;
}

function collect<T>(
  { ids, get }: Listing<T>,
  { from, by, count }: { from: number; by: 1 | -1; count: number },
): { id: string; item: T }[] {
  const found: { id: string; item: T }[] = [];
  for (let place = from; place >= 0 && place < ids.length && found.length < count; place += by) {
    const id = ids[place] ?? '';
    const item = get(id);
    if (item !== undefined) found.push({ id, item });
  }
  return found;
}

/** Relative links to the neighbours, with the parameters of the request. */
export function linksOf(url: URL, { prev, next }: Page<unknown>): JsonNode {
  const path = url.pathname.slice(url.pathname.indexOf(API_PATH));
  const link = (key: 'after' | 'before', id: string | undefined) => {
    if (id === undefined) return null;
    const parameters = new URLSearchParams(url.searchParams);
    parameters.delete('page[after]');
    parameters.delete('page[before]');
    parameters.set(`page[${key}]`, id);
    return `${path}?${parameters.toString()}`;
  };
  return fromValue({ prev: link('before', prev), next: link('after', next) });
}
