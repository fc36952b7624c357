import type { Webhook } from '../../api/records.ts';

/** How a kind of value is written in the form. */
interface Writing {
  readonly show: (value: unknown) => string;
  /** @throws {Error} for what the API would not take */
  readonly read: (text: string) => unknown;
}

const TEXT: Writing = {
  show: (value) => (typeof value === 'string' ? value : ''),
  read: (text) => (text === '' ? null : text),
};
const LINES: Writing = { show: (value) => (value as readonly string[]).join('\n'), read: linesOf };
const JSON_TEXT: Writing = {
  show: (value) => (value === null ? '' : JSON.stringify(value, null, 2)),
  read: (text) => (text.trim() === '' ? null : (JSON.parse(text) as unknown)),
};
const HEADERS: Writing = {
  show: (headers) => headerLines(headers as Record<string, string>),
  read: headersOf,
};
const SECONDS: Writing = { show: String, read: secondsOrNull };

/** The attributes in the form, each as a text. */
const ATTRIBUTES = {
  url: TEXT,
  name: TEXT,
  'api-version': TEXT,
  'api-key-inflection': TEXT,
  'enabled-events': LINES,
  'api-attributes-blocklist': LINES,
  'custom-http-headers': HEADERS,
  'payload-filter': JSON_TEXT,
  description: TEXT,
  'included-allowlist': JSON_TEXT,
  'relationship-allowlist': JSON_TEXT,
  'file-access-token-expires-in': SECONDS,
  // Only of a new one: later on secrets are rotated, and the policy stays.
  secret: TEXT,
  policy: TEXT,
};
const OF_A_NEW_ONE: Partial<WebhookForm> = { 'api-key-inflection': 'kebab', 'enabled-events': '*' };

export type AttributeName = keyof typeof ATTRIBUTES;
export type WebhookForm = Readonly<Record<AttributeName, string>>;
export type FormErrors = Partial<Record<AttributeName, string>>;

/** @param webhook - undefined for a new one */
export function formOf(webhook: Webhook | undefined): WebhookForm {
  const given: Readonly<Record<string, unknown>> | undefined = webhook;
  const textOf = (name: AttributeName) =>
    given === undefined ? (OF_A_NEW_ONE[name] ?? '') : ATTRIBUTES[name].show(given[name]);
  const names = Object.keys(ATTRIBUTES) as AttributeName[];
  return Object.fromEntries(names.map((name) => [name, textOf(name)])) as WebhookForm;
}

/**
 * What differs from `before`, as the API takes it. What was not touched is not sent: the values of credentials are
 * not known here.
 */
export function changesOf(
  form: WebhookForm,
  before: WebhookForm,
): { readonly changes: Readonly<Record<string, unknown>>; readonly errors: FormErrors } {
  const changes: Record<string, unknown> = {};
  const errors: Record<string, string> = {};
  for (const name of Object.keys(form) as AttributeName[]) {
    if (form[name] === before[name]) continue;
    try {
      changes[name] = ATTRIBUTES[name].read(form[name]);
    } catch (error) {
      errors[name] = error instanceof Error ? error.message : String(error);
    }
  }
  return { changes, errors };
}

export function linesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** @throws {Error} for what is not a number */
function secondsOrNull(text: string): number | null {
  if (text.trim() === '') return null;
  const seconds = Number(text);
  if (!Number.isInteger(seconds) || seconds < 0) throw new Error('Write seconds as a whole number.');
  return seconds;
}

function headerLines(headers: Readonly<Record<string, string>>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
}

/** @throws {Error} for a line that is not a header */
function headersOf(text: string): Record<string, string> | null {
  const headers = linesOf(text).map((line) => {
    const colon = line.indexOf(':');
    if (colon < 1) throw new Error(`“${line}”: write Name: value`);
    const value = line.slice(colon + 1).trim();
    if (value === '[secret]')
      throw new Error(`${line.slice(0, colon)}: write its value again, it is not shown`);
    return [line.slice(0, colon).trim(), value] as const;
  });
  return headers.length === 0 ? null : Object.fromEntries(headers);
}
