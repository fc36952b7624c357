import { createHmac } from 'node:crypto';
import type { Endpoint } from '../delivery/request.ts';
import type { DeliveryPolicy } from '../persona/policies.ts';
import type { HeaderRecord, SecretRecord, SecretSource } from './webhook-schema.ts';

/** A webhook as the journal keeps it: all that an attempt needs, secrets by reference. */
export interface WebhookRecord {
  readonly url: string;
  readonly userAgent?: string | undefined;
  readonly file?: string | undefined;
  readonly secrets: readonly SecretRecord[];
  readonly headers: readonly HeaderRecord[];
  readonly policy: DeliveryPolicy;
}

export interface RecordOptions {
  readonly policy: DeliveryPolicy;
  readonly salt: string;
  readonly source: SecretSource;
  readonly file?: string | undefined;
  /** Keep the secrets themselves: whoever reads the file can then sign. */
  readonly storeSecrets?: boolean | undefined;
}

const SECRET_LOOKING =
  /^(authorization|proxy-authorization|cookie)$|token|secret|key|password|passwd|credential|signature|session|auth/i;

export function looksSecret(headerName: string): boolean {
  return SECRET_LOOKING.test(headerName);
}

/** Tells two secrets apart without saying what they are: an HMAC of the journal's salt. */
export function fingerprintOf(secret: string, salt: string): string {
  return createHmac('sha256', secret).update(`hookcast journal ${salt}`).digest('hex').slice(0, 16);
}

export function recordWebhook(endpoint: Endpoint, options: RecordOptions): WebhookRecord {
  const { policy, salt, source, file, storeSecrets = false } = options;
  const secrets = endpoint.secrets.map(({ secret, expiresAtMs }) => ({
    source,
    fingerprint: fingerprintOf(secret.reveal(), salt),
    ...(expiresAtMs === undefined ? {} : { expiresAtMs }),
    ...(storeSecrets ? { value: secret.reveal() } : {}),
  }));
  const headers = Object.entries(endpoint.customHeaders ?? {}).map(([name, value]) => {
    if (storeSecrets || !looksSecret(name)) return { name, value };
    return { name, fingerprint: fingerprintOf(value, salt) };
  });
  const { url, userAgent } = endpoint;
  return {
    url: url.href,
    ...(userAgent === undefined ? {} : { userAgent }),
    ...(file === undefined ? {} : { file }),
    secrets,
    headers,
    policy,
  };
}

/**
 * What an attempt's request is kept as: the values of secret-looking headers of the user's own are left out, also
 * with `--store-secrets`, since attempts are shown.
 */
export function recordableHeaders(
  headers: Readonly<Record<string, string>>,
  { headers: kept }: WebhookRecord,
): Record<string, string> {
  const hidden = new Set(kept.map(({ name }) => name).filter(looksSecret));
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, hidden.has(name) ? '[secret]' : value]),
  );
}
