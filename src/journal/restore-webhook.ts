import { UsageError } from '../errors.ts';
import type { Endpoint } from '../delivery/request.ts';
import { Secret } from '../signing/sign.ts';
import { storedEndpoint } from '../webhook/stored-endpoint.ts';
import {
  saltedFingerprint,
  type SecretRecord,
  type SecretSource,
  type WebhookRecord,
} from './webhook-record.ts';

/** What the user has given again of what a journal only refers to. */
export interface Given {
  /** All secrets at hand, the most explicit first. */
  readonly secrets: readonly { readonly value: string; readonly source: SecretSource }[];
  readonly headers: Readonly<Record<string, string>>;
}

export interface RestoredWebhook {
  readonly endpoint: Endpoint;
  readonly warnings: readonly string[];
}

/** A webhook as it was, its secrets from what is given. @throws {UsageError} when one is missing */
export function restoreWebhook(record: WebhookRecord, given: Given, salt: string): RestoredWebhook {
  const warnings: string[] = [];
  const secrets = record.secrets.map((secret) => {
    const value = secret.value ?? findSecret(secret, { given, salt, url: record.url, warnings });
    return { secret: new Secret(value), expiresAtMs: secret.expiresAtMs };
  });
  const headers = record.headers.map(({ name, value, fingerprint }) => {
    const again = headerOf(given.headers, name);
    if (again === undefined && value === undefined) throw new UsageError(missingHeader(name, record.url));
    if (again !== undefined && fingerprint !== undefined && saltedFingerprint(again, salt) !== fingerprint)
      warnings.push(`${record.url}: header ${name} is not what the deliveries were begun with`);
    return [name, again ?? value ?? ''] as const;
  });
  return { endpoint: storedEndpoint(record, secrets, headers), warnings };
}

function findSecret(
  { fingerprint, source }: SecretRecord,
  { given, salt, url, warnings }: { given: Given; salt: string; url: string; warnings: string[] },
): string {
  const same = given.secrets.find(({ value }) => saltedFingerprint(value, salt) === fingerprint);
  if (same !== undefined) return same.value;
  // Something was given on purpose, or the source has changed: the user decides, but must know.
  const other = given.secrets.find(({ source: { from } }) => from === 'flag' || from === source.from);
  if (other === undefined) throw new UsageError(missingSecret(source, url));
  warnings.push(
    `${url}: this secret is not the one that the deliveries were begun with; they are signed with it`,
  );
  return other.value;
}

function headerOf(headers: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.entries(headers).find(([given]) => given.toLowerCase() === name.toLowerCase())?.[1];
}

const PLACES: Readonly<Record<SecretSource['from'], string>> = {
  flag: 'from a flag',
  file: 'from the file',
  environment: 'from the environment variable',
  development: 'the development secret',
  code: 'from code',
};

function missingSecret({ from, where }: SecretSource, url: string): string {
  const place = [PLACES[from], where].filter(Boolean).join(' ');
  return `${url}: its secret came ${place} and is not kept in the journal; pass it again with \`secrets\``;
}

function missingHeader(name: string, url: string): string {
  return `${url}: the value of header ${name} is not kept in the journal; pass it again with \`headers\``;
}
