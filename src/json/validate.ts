import type * as z from 'zod';
import { ContentError } from '../errors.ts';
import { nearest } from '../text/nearest.ts';
import { at, fromValue, isList, toValue, type JsonNode, type JsonValue } from './node.ts';

type Issue = z.core.$ZodIssue;

/**
 * Checks a document against a schema and returns the typed, plain value.
 * @param path - the file that the document came from, for the message
 * @throws {ContentError} for the first fault: file, JSON path, what was expected, what was found
 */
export function validate<S extends z.ZodType>(schema: S, node: JsonNode, path: string): z.output<S> {
  const result = schema.safeParse(toValue(node));
  if (result.success) return result.data;
  const issue = deepest(foremost(result.error.issues));
  const { where, found } = locate(issue, node);
  throw new ContentError(path, {
    where: jsonPath(where),
    expected: expectation(issue),
    found,
    ...hint(issue, schema),
  });
}

/** The fault to be told: a misspelt member is unknown and missing, and the first says more. */
export function foremost(issues: readonly Issue[]): Issue {
  return issues.find(({ code }) => code === 'unrecognized_keys') ?? (issues[0] as Issue);
}

/** What is wrong with a plain value, of which no spelling is known. */
export interface IssueExplanation {
  /** The path of the fault, empty at the top. */
  readonly where: string;
  readonly expected: string;
  readonly found: string;
  /** The member that the schema does not know. */
  readonly unknownKey?: string | undefined;
  /** The values that were probably meant, where only some are allowed. */
  readonly near: readonly string[];
}

export function explainIssue(issue: Issue, value: unknown): IssueExplanation {
  const inner = deepest(issue);
  const { where, found } = locate(inner, fromValue(value as JsonValue));
  return {
    where: where.length === 0 ? '' : jsonPath(where),
    expected: expectation(inner),
    found,
    unknownKey: inner.code === 'unrecognized_keys' ? inner.keys[0] : undefined,
    near: inner.code === 'invalid_value' ? nearest(given(value, inner.path), inner.values.map(String)) : [],
  };
}

/** The text at a path of a plain value; empty where there is none. */
function given(value: unknown, path: readonly PropertyKey[]): string {
  const found = path.reduce<unknown>((outer, step) => (outer as Record<PropertyKey, unknown>)[step], value);
  return typeof found === 'string' ? found : '';
}

/** The members of the object at the path of an issue, as far as the schema is made of plain objects and lists. */
export function membersAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  const found = path.reduce<unknown>(childSchema, schema);
  return shapeOf(found) === undefined ? [] : Object.keys(shapeOf(found) as object);
}

function childSchema(schema: unknown, step: PropertyKey): unknown {
  const bare = unwrapped(schema);
  return shapeOf(bare)?.[String(step)] ?? (bare as { element?: unknown } | undefined)?.element;
}

function shapeOf(schema: unknown): Readonly<Record<string, unknown>> | undefined {
  return (unwrapped(schema) as { shape?: Readonly<Record<string, unknown>> } | undefined)?.shape;
}

/** Behind `optional`, `nullable` and `default`. */
function unwrapped(schema: unknown): unknown {
  const inner = (schema as { def?: { innerType?: unknown } } | undefined)?.def?.innerType;
  return inner === undefined ? schema : unwrapped(inner);
}

/** `['data', 'included', 2, 'id']` → `data.included[2].id`. */
export function jsonPath(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'the top level';
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '');
}

/** Of a union's failures the one that got furthest is the one that the author meant. */
function deepest(issue: Issue): Issue {
  if (issue.code !== 'invalid_union') return issue;
  const inner = issue.errors
    .flat()
    .map((nested) => deepest({ ...nested, path: [...issue.path, ...nested.path] }))
    .sort((a, b) => b.path.length - a.path.length)[0];
  return inner === undefined || inner.path.length === issue.path.length ? issue : inner;
}

function locate(issue: Issue, node: JsonNode): { where: readonly PropertyKey[]; found: string } {
  if (issue.code === 'unrecognized_keys') {
    const where = [...issue.path, issue.keys[0] ?? ''];
    return { where, found: describe(at(node, ...steps(where))) };
  }
  return { where: issue.path, found: describe(at(node, ...steps(issue.path))) };
}

function steps(path: readonly PropertyKey[]): (string | number)[] {
  return path.map((step) => (typeof step === 'symbol' ? String(step) : step));
}

// eslint-disable-next-line complexity -- one line per kind of fault
function expectation(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return withArticle(issue.expected);
    case 'invalid_value':
      return issue.values.length === 1
        ? said(issue.values[0])
        : `one of ${issue.values.map(said).join(', ')}`;
    case 'unrecognized_keys':
      return 'no such member';
    case 'too_small':
      return `${measure(issue.origin)} ${issue.inclusive === false ? 'above' : 'of at least'} ${issue.minimum}`;
    case 'too_big':
      return `${measure(issue.origin)} ${issue.inclusive === false ? 'below' : 'of at most'} ${issue.maximum}`;
    case 'invalid_format':
      return issue.format === 'datetime' ? 'a time like 2026-01-31T12:00:00.000Z' : issue.message;
    case 'invalid_union':
      return 'options' in issue && Array.isArray(issue.options)
        ? `one of ${issue.options.map(said).join(', ')}`
        : 'another form';
    case 'custom':
    case 'invalid_element':
    case 'invalid_key':
    case 'not_multiple_of':
      return issue.message;
  }
}

function measure(origin: string): string {
  return origin === 'array' || origin === 'string' ? 'a length' : 'a number';
}

/** Zod's names of types that a reader might not know. */
const TYPES: Readonly<Record<string, string>> = { record: 'object', int: 'whole number' };

function withArticle(type: string): string {
  const word = TYPES[type] ?? type;
  return `${/^[aeiou]/.test(word) ? 'an' : 'a'} ${word}`;
}

function said(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

function hint(issue: Issue, schema: z.ZodType): { hint?: string } {
  if (issue.code !== 'unrecognized_keys') return {};
  const close = nearest(issue.keys[0] ?? '', membersAt(schema, issue.path));
  return close.length === 0 ? {} : { hint: `did you mean ${close.join(', ')}?` };
}

/** What stands in the document, short enough for one line. */
function describe(node: JsonNode | undefined): string {
  if (node === undefined) return 'nothing';
  const value: JsonValue = toValue(node);
  if (value === null) return 'null';
  if (isList(value)) return `an array of ${value.length}`;
  if (typeof value === 'object') return 'an object';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
