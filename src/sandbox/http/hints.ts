import { isList, type JsonObject, type JsonValue } from '../../json/node.ts';
import { at, toValue } from '../../json/node.ts';
import { INCLUDED_UNASKED, INCLUDED_UNASKED_UNTIL } from '../../persona/api.ts';
import type { KeyInflection } from '../../persona/contract.ts';
import type { Hints } from '../log.ts';
import type { Answer, View } from '../view.ts';

/** What a hint can be guessed from: a client that misreads an answer cannot be seen, but what it was likely to do can. */
export interface Exchange {
  readonly operation: string;
  readonly url: URL;
  /** The body as it came. */
  readonly body: JsonValue | undefined;
  readonly view: View;
  readonly answer: Answer;
}

/** Names what the client may be about to misread. */
export function hintAt(hints: Hints, exchange: Exchange): void {
  hintAtInflection(hints, exchange);
  hintAtIncluded(hints, exchange);
  hintAtToken(hints, exchange);
}

/** Whoever writes in one spelling reads in it too. */
function hintAtInflection(hints: Hints, { url, body, view }: Exchange): void {
  const { inflection } = view;
  const written = spellingOf([...namesIn(url.searchParams), ...keysOf(body)]);
  if (written === undefined || written === inflection) return;
  const cure =
    written === 'kebab'
      ? `leave out "Key-Inflection: ${inflection}" to read ${EXAMPLES.kebab}`
      : `send "Key-Inflection: ${written}" to read ${EXAMPLES[written]}`;
  hints.tell(
    'inflection',
    `the request is spelled like ${EXAMPLES[written]}, and its answer like ${EXAMPLES[inflection]}: ${cure}`,
  );
}

const EXAMPLES: Readonly<Record<KeyInflection, string>> = {
  kebab: '"reference-id"',
  camel: '"referenceId"',
  snake: '"reference_id"',
};
const SPELLINGS: readonly (readonly [KeyInflection, RegExp])[] = [
  ['kebab', /^[a-z]+(-[a-z\d]+)+$/],
  ['camel', /^[a-z]+([A-Z][a-z\d]*)+$/],
  ['snake', /^[a-z]+(_[a-z\d]+)+$/],
];

/** The only spelling of the names; undefined where they are mixed, or have one word each. */
function spellingOf(names: readonly string[]): KeyInflection | undefined {
  const found = new Set(
    names.flatMap((name) => SPELLINGS.filter(([, form]) => form.test(name)).map(([spelling]) => spelling)),
  );
  return found.size === 1 ? [...found][0] : undefined;
}

/** Persona's own parameters are kebab or in brackets; what is in the brackets is the client's spelling. */
function namesIn(parameters: URLSearchParams): string[] {
  const names = (text: string) => [...text.matchAll(/\[([^\]]+)\]/g)].map(([, name = '']) => name);
  return [...parameters.keys()].filter((key) => key.startsWith('filter[')).flatMap(names);
}

/** Members of `data.attributes` and `meta`. Names of fields are the template's own. */
function keysOf(body: JsonValue | undefined): string[] {
  const attributes = childOf(childOf(body, 'data'), 'attributes');
  return [attributes, childOf(body, 'meta')].flatMap((part) => (isRecord(part) ? Object.keys(part) : []));
}

function childOf(value: JsonValue | undefined, key: string): JsonValue | undefined {
  return isRecord(value) ? value[key] : undefined;
}

function isRecord(value: JsonValue | undefined): value is { readonly [key: string]: JsonValue } {
  return value !== undefined && value !== null && typeof value === 'object' && !isList(value);
}

/** Up to a version everything was included unasked, and an `include` takes its place; from the next on nothing is. */
function hintAtIncluded(hints: Hints, { operation, view, answer }: Exchange): void {
  if (operation !== 'retrieve-an-inquiry') return;
  const { apiVersion, include } = view;
  const isUnasked = apiVersion <= INCLUDED_UNASKED_UNTIL;
  if (isUnasked && include?.some((name) => INCLUDED_UNASKED.some((known) => known === name)) === true)
    hints.tell(
      'included-unasked',
      `version ${apiVersion} includes ${INCLUDED_UNASKED.join(', ')} by itself: an include of one of them leaves the others out`,
    );
  const related = isUnasked || include !== undefined ? [] : relatedNames(answer.data);
  if (related.length > 0)
    hints.tell(
      'nothing-included',
      `the answer has no "included": since 2025-10-27 nothing is included unasked. To read it: ?include=${related.join(',')}`,
    );
}

/** What older versions would have included, and clients read results from. */
function relatedNames(data: Answer['data']): string[] {
  const resource = data as JsonObject;
  return ['reports', 'verifications', 'documents'].filter((name) => {
    const related = at(resource, 'relationships', name, 'data');
    return related?.kind === 'array' && related.items.length > 0;
  });
}

function hintAtToken(hints: Hints, { answer }: Exchange): void {
  const token = answer.meta === undefined ? undefined : childOf(toValue(answer.meta), 'session-token');
  if (typeof token === 'string')
    hints.tell(
      'session-token',
      'the session token is in meta.session-token, beside "data"; data.attributes has none',
    );
}

/** The commonest misreading of an error. */
export function hintAtError(hints: Hints): void {
  hints.tell(
    'error-details',
    'errors say what is wrong in errors[0].details, with an s; errors[0].detail is undefined',
  );
}
