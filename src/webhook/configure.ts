import { checkCustomHeaders, type Endpoint } from '../delivery/request.ts';
import { UsageError } from '../errors.ts';
import { nearest } from '../nearest.ts';
import { parseBlocklist } from '../payload/blocklist/apply.ts';
import type { PayloadConfiguration } from '../payload/compose.ts';
import { ALL_EVENTS, MAX_SECRETS, SECRET_PREFIX } from '../persona/contract.ts';
import { EVENT_NAMES, isEventName } from '../persona/event-names.ts';
import { isEnabled, type WebhookAttributes } from '../persona/webhook.ts';
import { DEVELOPMENT_SECRET, Secret, type SigningSecret } from '../signing/secret.ts';

/** A webhook, read and checked once, before the first event. */
export interface Webhook {
  readonly endpoint: Endpoint;
  readonly payload: PayloadConfiguration;
  /** Why an event of this name is not sent; undefined when it is. */
  skipReason(eventName: string): string | undefined;
  /** What the user should know although it stops nothing. */
  readonly warnings: readonly string[];
}

/**
 * Reads a webhook's attributes.
 * @param userAgent - instead of the neutral default
 * @throws {UsageError | BlocklistSyntaxError} for what no delivery could work with
 */
export function configureWebhook(attributes: WebhookAttributes, userAgent?: string): Webhook {
  const customHeaders = attributes['custom-http-headers'] ?? {};
  checkCustomHeaders({ ...customHeaders, ...(userAgent === undefined ? {} : { 'User-Agent': userAgent }) });
  const secrets = signingSecrets(attributes);
  const oddities = secrets.flatMap(({ secret }) => secret.oddity ?? []);
  return {
    endpoint: { url: parseUrl(attributes.url), secrets, customHeaders, userAgent },
    payload: { blocklist: parseBlocklist(attributes['api-attributes-blocklist'] ?? []) },
    skipReason: (eventName) => skipReason(eventName, attributes),
    warnings: [...oddities.map((oddity) => `the secret ${oddity}`), ...enabledEventsWarnings(attributes)],
  };
}

function signingSecrets(attributes: WebhookAttributes): SigningSecret[] {
  const listed = (attributes.secrets ?? []).map(({ value, 'expires-at': expiresAt }) => ({
    secret: new Secret(value),
    ...(expiresAt == null ? {} : { expiresAtMs: Date.parse(expiresAt) }),
  }));
  if (listed.length > MAX_SECRETS) {
    throw new UsageError(
      `${listed.length} secrets: Persona signs with at most ${MAX_SECRETS}, during a rotation`,
    );
  }
  if (listed.length > 0) return listed;
  return [{ secret: new Secret(attributes.secret ?? DEVELOPMENT_SECRET) }];
}

/** Is the fixed development secret in use, since none was given? */
export function usesDevelopmentSecret(attributes: WebhookAttributes): boolean {
  return (attributes.secrets ?? []).length === 0 && attributes.secret == null;
}

function parseUrl(text: string | undefined): URL {
  if (text === undefined || text === '') {
    throw new UsageError('no receiver given: say --to http://localhost:3000/webhooks (or set HOOKCAST_URL)');
  }
  if (text.startsWith(SECRET_PREFIX))
    throw new UsageError('the receiver is a URL; this is a secret (--secret)');
  const url = URL.canParse(text) ? new URL(text) : undefined;
  // `localhost:3000` parses, as a URL of the scheme `localhost`.
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return withoutCredentials(url);
  const guess = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? '' : `; did you mean http://${text}?`;
  throw new UsageError(`${text}: expected a URL that starts with http:// or https://${guess}`);
}

function withoutCredentials(url: URL): URL {
  if (url.username === '' && url.password === '') return url;
  throw new UsageError(
    `the URL has a user name or password in it, which HTTP does not send; use --header 'Authorization: Basic …'`,
  );
}

function skipReason(eventName: string, attributes: WebhookAttributes): string | undefined {
  const { status } = attributes;
  if (status === 'disabled' || status === 'archived')
    return `the webhook's status is ${status}; without a status it counts as enabled`;
  if (isEnabled(eventName, attributes['enabled-events'])) return undefined;
  return `the webhook does not enable ${eventName}`;
}

function enabledEventsWarnings(attributes: WebhookAttributes): string[] {
  return (attributes['enabled-events'] ?? [])
    .filter((name) => name !== ALL_EVENTS && !isEventName(name))
    .map((name) => {
      const close = nearest(name, EVENT_NAMES);
      const guess = close.length === 0 ? '' : `; did you mean ${close.join(', ')}?`;
      return `enabled-events: '${name}' is not on Persona's list${guess}`;
    });
}
