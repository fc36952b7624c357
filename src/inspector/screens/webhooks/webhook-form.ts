import type { Webhook } from '../../api/records.ts';

/** The attributes as they are written in the form: lists a line each. */
export interface WebhookForm {
  readonly url: string;
  readonly name: string;
  readonly 'api-version': string;
  readonly 'api-key-inflection': string;
  readonly 'enabled-events': string;
  readonly 'api-attributes-blocklist': string;
  readonly 'custom-http-headers': string;
  readonly 'payload-filter': string;
  readonly description: string;
  readonly 'included-allowlist': string;
  readonly 'relationship-allowlist': string;
  readonly 'file-access-token-expires-in': string;
  /** Only of a new one: later on secrets are rotated, and the policy stays. */
  readonly secret: string;
  readonly policy: string;
}

export type FormErrors = Partial<Record<keyof WebhookForm, string>>;

export const EMPTY_FORM: WebhookForm = {
  url: '',
  name: '',
  'api-version': '',
  'api-key-inflection': 'kebab',
  'enabled-events': '*',
  'api-attributes-blocklist': '',
  'custom-http-headers': '',
  'payload-filter': '',
  description: '',
  'included-allowlist': '',
  'relationship-allowlist': '',
  'file-access-token-expires-in': '',
  secret: '',
  policy: '',
};

export function formOf(webhook: Webhook): WebhookForm {
  const headers = Object.entries(webhook['custom-http-headers']);
  return {
    url: webhook.url,
    name: webhook.name ?? '',
    'api-version': webhook['api-version'],
    'api-key-inflection': webhook['api-key-inflection'],
    'enabled-events': webhook['enabled-events'].join('\n'),
    'api-attributes-blocklist': webhook['api-attributes-blocklist'].join('\n'),
    'custom-http-headers': headers.map(([name, value]) => `${name}: ${value}`).join('\n'),
    'payload-filter': jsonText(webhook['payload-filter']),
    description: webhook.description ?? '',
    'included-allowlist': jsonText(webhook['included-allowlist']),
    'relationship-allowlist': jsonText(webhook['relationship-allowlist']),
    'file-access-token-expires-in': String(webhook['file-access-token-expires-in']),
    secret: '',
    policy: webhook.policy.name,
  };
}

const jsonText = (value: unknown) => (value === null ? '' : JSON.stringify(value, null, 2));

export const linesOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

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
  for (const name of Object.keys(form) as (keyof WebhookForm)[]) {
    if (form[name] === before[name]) continue;
    try {
      changes[name] = READERS[name](form[name]);
    } catch (error) {
      errors[name] = error instanceof Error ? error.message : String(error);
    }
  }
  return { changes, errors };
}

const textOrNull = (text: string) => (text === '' ? null : text);

const READERS: Readonly<Record<keyof WebhookForm, (text: string) => unknown>> = {
  url: (text) => text,
  name: textOrNull,
  'api-version': textOrNull,
  'api-key-inflection': textOrNull,
  'enabled-events': linesOf,
  'api-attributes-blocklist': linesOf,
  'custom-http-headers': headersOf,
  'payload-filter': jsonOrNull,
  description: textOrNull,
  'included-allowlist': jsonOrNull,
  'relationship-allowlist': jsonOrNull,
  'file-access-token-expires-in': secondsOrNull,
  secret: textOrNull,
  policy: (text) => text,
};

/** @throws {Error} with the place of what is not JSON */
function jsonOrNull(text: string): unknown {
  return text.trim() === '' ? null : (JSON.parse(text) as unknown);
}

/** @throws {Error} for what is not a number */
function secondsOrNull(text: string): number | null {
  if (text.trim() === '') return null;
  const seconds = Number(text);
  if (!Number.isInteger(seconds) || seconds < 0) throw new Error('Write seconds as a whole number.');
  return seconds;
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
