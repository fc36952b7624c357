import { createHmac } from 'node:crypto';
import { isCredentialHeader } from '../text/credential-header.ts';
import type { Endpoint } from '../delivery/request.ts';
import type { DeliveryPolicy } from '../persona/policies.ts';
import type { WebhookAttributes } from '../persona/webhook.ts';
import { storedCredentials } from '../webhook/stored-endpoint.ts';
// Types alone: what only sends does not load the schemas.
import type { SecretRecord, SecretSource, ServedRecord, WebhookRecord } from './webhook-record-schema.ts';

export type { SecretRecord, SecretSource, ServedRecord, WebhookRecord };

export interface RecordOptions {
  readonly policy: DeliveryPolicy;
  readonly salt: string;
  readonly source: SecretSource;
  readonly file?: string | undefined;
  /** Keep the secrets themselves: whoever reads the file can then sign. */
  readonly storeSecrets?: boolean | undefined;
}

/**
 * Tells two secrets apart without saying what they are: an HMAC of the journal's salt, so that two journals cannot be
 * compared. Workers share no salt; theirs is src/signing/fingerprint.ts.
 */
export function saltedFingerprint(secret: string, salt: string): string {
  return createHmac('sha256', secret).update(`hookcast journal ${salt}`).digest('hex').slice(0, 16);
}

export function recordWebhook(endpoint: Endpoint, options: RecordOptions): WebhookRecord {
  const { policy, salt, source, file, storeSecrets } = options;
  const { secrets, headers } = storedCredentials(endpoint, {
    fingerprintOf: (secret) => saltedFingerprint(secret.reveal(), salt),
    storeSecrets,
  });
  const { url, userAgent } = endpoint;
  return {
    url: url.href,
    ...(userAgent === undefined ? {} : { userAgent }),
    ...(file === undefined ? {} : { file }),
    secrets: secrets.map(({ text: value, ...secret }) => ({
      source,
      ...secret,
      ...(value === undefined ? {} : { value }),
    })),
    headers,
    policy,
  };
}

/**
 * What an attempt's request is kept as: the values of secret-looking headers are left out, also with
 * `--store-secrets`, since attempts are shown.
 */
export function recordableHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, isCredentialHeader(name) ? '[secret]' : value]),
  );
}

/** A webhook's attributes without what is confidential: the rest decides about the payloads. */
export function withoutSecrets(attributes: WebhookAttributes): WebhookAttributes {
  const entries = Object.entries(attributes) as [keyof WebhookAttributes, unknown][];
  const confidential = new Set<string>(['secret', 'secrets', 'custom-http-headers']);
  return Object.fromEntries(entries.filter(([name]) => !confidential.has(name)));
}
