import { canonicalKey } from '../../persona/key-convention.ts';
import { meant, nearest } from '../../text/nearest.ts';
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

/** Reads `include`, `fields[…]`, `filter[…]` and `page[…]`, keys in any inflection. @throws {ApiError} 400 */
export function parseQuery(parameters: URLSearchParams, rules: QueryRules): Query {
  const include = parameters.get('include');
  const groups = {
    fields: new Map<string, string>(),
    filter: new Map<string, string>(),
    page: new Map<string, string>(),
  };
  for (const [name, value] of parameters) {
    if (name === 'include') continue;
    const found = groupOf(name, rules);
    if (found === undefined) unknownParameter(name, rules);
    else groups[found.group].set(found.key, value);
  }
  const fields = [...groups.fields].map(([type, names]) => [type, new Set(listOf(names))] as const);
  return {
    include: include === null ? undefined : listOf(include),
    fields: new Map(fields),
    filter: groups.filter,
    page: readPage(groups.page),
  };
}

interface Place {
  readonly group: 'fields' | 'filter' | 'page';
  readonly key: string;
}

/** Where a parameter belongs; undefined when the route does not know it. */
function groupOf(name: string, { filters, isPaged }: QueryRules): Place | undefined {
  const [, group, given = ''] = /^(fields|filter|page)\[([^\]]+)\]$/.exec(name) ?? [];
  const key = canonicalKey(given);
  if (group === 'fields') return { group, key: given };
  if (group === 'filter' && filters.includes(key)) return { group, key };
  if (group === 'page' && isPaged && PAGE_KEYS.includes(key)) return { group, key };
  return undefined;
}

const PAGE_KEYS = ['after', 'before', 'size'];

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

function unknownParameter(name: string, { filters, isPaged, onUnknown }: QueryRules): void {
  const known = [
    'include',
    ...filters.map((filter) => `filter[${filter}]`),
    ...(isPaged ? PAGE_KEYS.map((page) => `page[${page}]`) : []),
  ];
  const near = meant(nearest(name, known), `known are ${known.join(', ')}`);
  const sentence = `The parameter ${name.slice(0, 60)} is not known here: ${mistakenParameter(name) ?? near}`;
  if (onUnknown === undefined) throw new ApiError(400, sentence);
  onUnknown(sentence);
}
