import { canonicalKey } from '../../payload/blocklist/convention.ts';
import { nearest } from '../../text/nearest.ts';
import { PAGE_SIZE, PAGE_SIZE_MAX } from '../../persona/api.ts';
import { ApiError } from '../errors.ts';
import { mistakenParameter } from '../mistakes.ts';

export interface PageQuery {
  readonly after: string | undefined;
  readonly before: string | undefined;
  readonly size: number;
}

export interface Query {
  readonly include: readonly string[] | undefined;
  readonly fields: ReadonlyMap<string, ReadonlySet<string>>;
  readonly filter: ReadonlyMap<string, string>;
  readonly page: PageQuery;
}

/** What a route understands beside `include` and `fields`. */
export interface QueryRules {
  readonly filters: readonly string[];
  readonly isPaged: boolean;
  readonly onUnknown?: ((sentence: string) => void) | undefined;
}

export const NO_QUERY: Query = {
  include: undefined,
  fields: new Map(),
  filter: new Map(),
  page: { after: undefined, before: undefined, size: PAGE_SIZE },
};

/** Reads `include`, `fields[…]`, `filter[…]` and `page[…]`, keys in any inflection. @throws {ApiError} 400 */
export function parseQuery(parameters: URLSearchParams, rules: QueryRules): Query {
  let include: readonly string[] | undefined;
  const fields = new Map<string, ReadonlySet<string>>();
  const filter = new Map<string, string>();
  const page = new Map<string, string>();
  for (const [name, value] of parameters) {
    const [, group = name, key] = /^(\w+)\[([^\]]*)\]$/.exec(name) ?? [];
    if (name === 'include') include = listOf(value);
    else if (group === 'fields' && key !== undefined) fields.set(key, new Set(listOf(value)));
    else if (group === 'filter' && isKnown(key, rules.filters)) filter.set(canonicalKey(key), value);
    else if (group === 'page' && rules.isPaged && isKnown(key, PAGE_KEYS)) page.set(key, value);
    else unknownParameter(name, { group, key }, rules);
  }
  return { include, fields, filter, page: readPage(page) };
}

const PAGE_KEYS = ['after', 'before', 'size'];

function isKnown(key: string | undefined, names: readonly string[]): key is string {
  return key !== undefined && names.includes(canonicalKey(key));
}

function listOf(value: string): string[] {
  return value
    .split(',')
    .map((name) => canonicalPath(name.trim()))
    .filter((name) => name !== '');
}

/** `inquiryTemplate` and `sessions.device`; a resource type keeps its slash. */
function canonicalPath(name: string): string {
  return name.split('.').map(canonicalKey).join('.');
}

function readPage(page: ReadonlyMap<string, string>): PageQuery {
  const size = Number(page.get('size') ?? PAGE_SIZE);
  if (!Number.isInteger(size) || size < 1 || size > PAGE_SIZE_MAX)
    throw new ApiError(400, `page[size] must be a whole number from 1 to ${PAGE_SIZE_MAX}`);
  return { after: page.get('after'), before: page.get('before'), size };
}

function unknownParameter(
  name: string,
  { group, key }: { group: string; key: string | undefined },
  { filters, isPaged, onUnknown }: QueryRules,
): void {
  const known = [
    'include',
    ...filters.map((filter) => `filter[${filter}]`),
    ...(isPaged ? PAGE_KEYS.map((page) => `page[${page}]`) : []),
  ];
  const close = nearest(
    group === 'filter' && key !== undefined ? `filter[${canonicalKey(key)}]` : name,
    known,
  );
  const guess =
    mistakenParameter(name) ??
    (close.length > 0 ? `did you mean ${close.join(', ')}?` : `known are ${known.join(', ')}`);
  const sentence = `The parameter ${name} is not known here: ${guess}`;
  if (onUnknown === undefined) throw new ApiError(400, sentence);
  onUnknown(sentence);
}
