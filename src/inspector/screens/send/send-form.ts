import { jsonError } from '../../text/json.ts';

export interface SendForm {
  /** A line each: `path = value`, `+path = value` for a new one, `-path` to take one out. */
  readonly overrides: string;
  readonly referenceId: string;
  readonly signature: string;
}

interface Chosen extends SendForm {
  readonly event: string;
  readonly webhook: string;
}

/** The body of POST /v1/deliveries, or what is wrong with the form. */
export function requestOf({ event, webhook, referenceId, signature, overrides }: Chosen): {
  readonly request: object;
  readonly error?: string;
} {
  const lines = overrides.split('\n').map((line) => readLine(line.trim()));
  const errors = lines.flatMap((line, index) =>
    typeof line === 'string' ? [`Line ${index + 1}: ${line}`] : [],
  );
  if (errors[0] !== undefined) return { request: {}, error: errors[0] };
  const read = lines.filter((line) => typeof line === 'object');
  const values = (kind: 'set' | 'add') =>
    Object.fromEntries(read.flatMap((line) => (line.kind === kind ? [[line.path, line.value]] : [])));
  const remove = read.flatMap((line) => (line.kind === 'remove' ? [line.path] : []));
  return {
    request: {
      event,
      ...withText({ webhook, referenceId, signature: signature === 'valid' ? '' : signature }),
      ...withMembers({ set: values('set'), add: values('add'), remove }),
    },
  };
}

const withText = (members: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(members).filter(([, text]) => text !== ''));

const withMembers = (members: Readonly<Record<string, object>>) =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => Object.keys(value).length > 0));

type Line =
  | { readonly kind: 'remove'; readonly path: string }
  | { readonly kind: 'set' | 'add'; readonly path: string; readonly value: unknown };

/** Undefined for an empty line, and for a wrong one what is wrong with it. */
function readLine(line: string): Line | string | undefined {
  if (line === '') return undefined;
  if (line.startsWith('-')) return { kind: 'remove', path: line.slice(1).trim() };
  const [, plus = '', path, text] = /^(\+?)\s*([^=]+?)\s*=\s*(.*)$/.exec(line) ?? [];
  if (path === undefined || text === undefined) return 'write path = value, or -path to take it out.';
  // What begins like JSON is not meant to be a text.
  const error = /^[{["]/.test(text) ? jsonError(text) : undefined;
  if (error !== undefined) return `${path} is not JSON: ${error}`;
  return { kind: plus === '' ? 'set' : 'add', path, value: valueOf(text) };
}

/** JSON where it is JSON, else the text itself. */
function valueOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
