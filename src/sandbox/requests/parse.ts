import type * as z from 'zod';
import { isList, type JsonValue } from '../../json/node.ts';
import { membersAt } from '../../json/validate.ts';
import { canonicalKey } from '../../persona/key-convention.ts';
import { meant, nearest } from '../../text/nearest.ts';
import { ApiError } from '../errors.ts';
import { misplaced } from '../mistakes.ts';

export interface ParseOptions {
  /** The operation's name, for the mistakes that are known of it. */
  readonly operation: string;
  /** Called instead of refusing, for members that are not known. */
  readonly onUnknown?: ((sentence: string) => void) | undefined;
}

/** Keys in kebab, as the schemas have them; names of fields and of headers are the app's own. */
export function canonicalBody(value: JsonValue): JsonValue {
  if (value === null || typeof value !== 'object') return value;
  if (isList(value)) return value.map(canonicalBody);
  const entries = Object.entries(value).map(([key, child]): [string, JsonValue] => {
    const name = canonicalKey(key);
    return [name, OPAQUE.has(name) ? child : canonicalBody(child)];
  });
  return Object.fromEntries(entries);
}

const OPAQUE: ReadonlySet<string> = new Set(['fields', 'custom-http-headers', 'payload-filter', 'query']);

/** Reads a request's body. @throws {ApiError} 400 that says what was meant */
export function parseBody<T>(schema: z.ZodType<T>, body: JsonValue | undefined, options: ParseOptions): T {
  const found = schema.safeParse(body === undefined ? {} : body);
  if (found.success) return found.data;
  const unknown = found.error.issues.find((issue) => issue.code === 'unrecognized_keys');
  if (unknown !== undefined && options.onUnknown !== undefined) {
    const { keys } = unknown;
    for (const key of keys) options.onUnknown(unknownMember([...unknown.path, key], schema, options));
    return parseBody(schema, without(body ?? {}, unknown.path, keys), options);
  }
  const known = found.error.issues.find(
    (issue) =>
      issue.code === 'unrecognized_keys' &&
      issue.keys.some((key) => isKnownMistake(issue.path, key, options)),
  );
  throw refusal(known ?? found.error.issues[0], schema, options);
}

function isKnownMistake(path: readonly PropertyKey[], key: string, { operation }: ParseOptions): boolean {
  return misplaced(operation, [...path, key].join('.')) !== undefined;
}

function refusal(issue: z.core.$ZodIssue | undefined, schema: z.ZodType, options: ParseOptions): ApiError {
  if (issue === undefined) return new ApiError(400, 'The body cannot be read.');
  if (issue.code === 'unrecognized_keys')
    return new ApiError(400, unknownMember([...issue.path, issue.keys[0] ?? ''], schema, options));
  const path = issue.path.length === 0 ? 'The body' : issue.path.join('.');
  if (/received undefined$/.test(issue.message)) return new ApiError(400, `${path} is missing`);
  return new ApiError(400, `${path} ${expectation(issue)}`);
}

function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return `must be ${TYPES[issue.expected] ?? article(issue.expected)}`;
  if (issue.code === 'too_small')
    return issue.origin === 'array' ? 'must not be empty' : `must be at least ${issue.minimum}`;
  if (issue.code === 'invalid_union') return alternatives(issue.message);
  if (issue.code === 'too_big') return `must be at most ${issue.maximum}`;
  if (issue.code === 'invalid_value') return `must be ${issue.values.map(String).join(' or ')}`;
  return issue.message.charAt(0).toLowerCase() + issue.message.slice(1);
}

/** The message of a union names the values that would tell its members apart, in quotes. */
function alternatives(message: string): string {
  const values = [...message.matchAll(/'([^']+)'/g)].map(([, value]) => value);
  return values.length > 0 ? `must be ${values.join(' or ')}` : 'has a form that is not known';
}

const TYPES: Readonly<Record<string, string>> = {
  int: 'a whole number',
  boolean: 'true or false',
  record: 'an object',
};

function article(type: string): string {
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

function unknownMember(path: readonly PropertyKey[], schema: z.ZodType, { operation }: ParseOptions): string {
  const text = path.join('.');
  const mistake = misplaced(operation, text);
  if (mistake !== undefined) return `${text} is not allowed here: ${mistake}`;
  const siblings = membersAt(schema, path.slice(0, -1));
  const known = siblings.length === 0 ? 'the body is empty here' : `known are ${siblings.join(', ')}`;
  return `${text} is not allowed: ${meant(nearest(String(path.at(-1)), siblings), known)}`;
}

function without(value: JsonValue, path: readonly PropertyKey[], keys: readonly string[]): JsonValue {
  if (value === null || typeof value !== 'object') return value;
  const [first, ...rest] = path;
  if (isList(value)) return value.map((item, index) => (index === first ? without(item, rest, keys) : item));
  const entries = Object.entries(value);
  if (first === undefined) return Object.fromEntries(entries.filter(([key]) => !keys.includes(key)));
  return Object.fromEntries(
    entries.map(([key, child]) => [key, key === first ? without(child, rest, keys) : child]),
  );
}
