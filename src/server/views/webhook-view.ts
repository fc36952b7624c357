import type * as z from 'zod';
import { ALL_EVENTS, FILE_TOKEN_SECONDS_DEFAULT, NEWEST_API_VERSION } from '../../persona/contract.ts';
import { DEVELOPMENT_SECRET, fingerprintOf } from '../../signing/sign.ts';
import { isCredentialHeader } from '../../text/credential-header.ts';
import type { webhookViewSchema } from '../schemas/webhook.ts';
import { DEFAULT_ALIAS, type WebhookRegistry } from '../webhooks/registry.ts';
import type { ServedWebhook } from '../webhooks/served-webhook.ts';
import { clockView } from './clock-view.ts';
import { isoTime, isoTimeOrNull } from './iso-time.ts';

/** A webhook without its secrets. */
export function webhookView(
  webhook: ServedWebhook,
  registry: Pick<WebhookRegistry, 'isDefault'>,
): z.output<typeof webhookViewSchema> {
  const { attributes, simulator, policy } = webhook;
  const { name, timeoutMs, acceptedStatuses, delaysSeconds } = policy;
  return {
    type: 'webhook',
    id: webhook.id,
    alias: registry.isDefault(webhook) ? DEFAULT_ALIAS : null,
    url: simulator.webhook.endpoint.url.href,
    status: webhook.status,
    name: attributes.name ?? null,
    description: attributes.description ?? null,
    secrets: secretsView(webhook),
    ...configurationView(webhook),
    createdAt: isoTime(webhook.createdAtMs),
    seed: webhook.seed,
    policy: { name, timeoutMs, acceptedStatuses: [...acceptedStatuses], delaysSeconds: [...delaysSeconds] },
    clock: clockView(webhook.clock),
    warnings: [...simulator.webhook.warnings],
  };
}

function secretsView({ simulator }: ServedWebhook) {
  return simulator.webhook.endpoint.secrets.map(({ secret, expiresAtMs }) => ({
    fingerprint: fingerprintOf(secret),
    'expires-at': isoTimeOrNull(expiresAtMs),
    isDevelopmentSecret: secret.reveal() === DEVELOPMENT_SECRET,
  }));
}

function configurationView({ attributes }: ServedWebhook) {
  const headers = Object.entries(attributes['custom-http-headers'] ?? {});
  return {
    'api-version': attributes['api-version'] ?? NEWEST_API_VERSION,
    'api-key-inflection': attributes['api-key-inflection'] ?? ('kebab' as const),
    'api-attributes-blocklist': attributes['api-attributes-blocklist'] ?? [],
    'included-allowlist': attributes['included-allowlist'] ?? null,
    'relationship-allowlist': attributes['relationship-allowlist'] ?? null,
    'payload-filter': (attributes['payload-filter'] ?? null) as never,
    'custom-http-headers': Object.fromEntries(
      headers.map(([name, value]) => [name, isCredentialHeader(name) ? '[secret]' : value]),
    ),
    'enabled-events': attributes['enabled-events'] ?? [ALL_EVENTS],
    'file-access-token-expires-in': attributes['file-access-token-expires-in'] ?? FILE_TOKEN_SECONDS_DEFAULT,
  };
}
