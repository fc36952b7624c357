import { jsonValue } from '../../text/json-value.ts';

const STACK_LIKE: readonly (readonly [RegExp, string])[] = [
  [/Traceback \(most recent call last\)/, 'a Python traceback'],
  [/^\s*at .+[:(]\d+:\d+\)?\s*$/m, 'a stack trace'],
  [/Exception in thread|^\s*at [\w$.]+\(\w+\.java:\d+\)/m, 'a stack trace'],
  [/goroutine \d+ \[|^panic: /m, 'a Go panic'],
  [/(?:Fatal|Parse) error: .+ on line \d+/, 'a PHP error'],
  [/<title>[^<]*(?:error|exception|not found)[^<]*<\/title>/i, 'an error page'],
  [/^\s*(?:internal server error|error|exception|fail(?:ed|ure)?)\b/i, 'an error text'],
];

/** What a success's body says that a success would not say; undefined when it says nothing of the kind. */
export function disguisedFailure(body: Buffer): string | undefined {
  const text = body.toString('utf8');
  const parsed = jsonValue(text);
  if (parsed !== undefined) return inDocument(parsed);
  return STACK_LIKE.find(([pattern]) => pattern.test(text))?.[1];
}

function inDocument(value: unknown): string | undefined {
  if (typeof value === 'string') return STACK_LIKE.find(([pattern]) => pattern.test(value))?.[1];
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined;
  const telling = Object.entries(value).find(([key, member]) => tellsFailure(key.toLowerCase(), member));
  return telling === undefined ? undefined : `a member '${telling[0]}' that tells of a failure`;
}

/** `error: null`, `errors: []` and `errors: {}` are how some frameworks say that all is well. */
function tellsFailure(key: string, member: unknown): boolean {
  if (['error', 'errors', 'exception', 'stack', 'traceback'].includes(key)) return !isEmpty(member);
  if (['success', 'ok', 'received', 'valid'].includes(key)) return member === false;
  if (['statuscode', 'status_code', 'code', 'status'].includes(key)) return isFailureStatus(member);
  return false;
}

function isEmpty(member: unknown): boolean {
  if (typeof member === 'object' && member !== null) return Object.keys(member).length === 0;
  return member === null || member === false || member === '' || member === 0;
}

function isFailureStatus(member: unknown): boolean {
  if (typeof member === 'number') return member >= 400 && member < 600;
  return typeof member === 'string' && /^(?:error|fail|failed|failure|[45]\d\d)$/i.test(member);
}
