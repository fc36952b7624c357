import { checkCustomHeaders, type Endpoint } from '../delivery/request.ts';
import { UsageError } from '../errors.ts';
import { httpUrl, urlFault } from '../text/http-url.ts';
import { didYouMean } from '../text/nearest.ts';
import { parseBlocklist } from '../payload/blocklist/apply.ts';
import type { Payload, PayloadConfiguration } from '../payload/compose.ts';
import { DEFAULT_EXTRAS, type EventExtras } from '../payload/event-extras.ts';
import type { PayloadFilter } from '../payload/filter.ts';
import { includedRule } from '../payload/included.ts';
import { relationshipRule } from '../payload/relationships.ts';
import { changesFor } from '../payload/versions/index.ts';
import {
  ALL_EVENTS,
  FILE_TOKEN_SECONDS_DEFAULT,
  MAX_SECRETS,
  NEWEST_API_VERSION,
  SECRET_PREFIX,
} from '../persona/contract.ts';
import { EVENT_NAMES, isEventName } from '../persona/event-names.ts';
import type { WebhookAttributes } from '../persona/webhook.ts';
import { DEVELOPMENT_SECRET, Secret, type SigningSecret } from '../signing/sign.ts';
import { verdictOnName, type WebhookVerdict } from './verdict.ts';

/** A webhook, read and checked once, before the first event. */
export interface Webhook {
  readonly endpoint: Endpoint;
  readonly payload: PayloadConfiguration;
  /** Is an event of this name sent, and does its payload pass the filter? */
  verdict(eventName: string, payload: Omit<Payload, 'document'>): WebhookVerdict;
  /** What the user should know although it stops nothing. */
  readonly warnings: readonly string[];
}

/** What is not Persona's to configure: our own choices where its documentation is silent. */
export interface WebhookExtras {
  /** @default a neutral one */
  readonly userAgent?: string | undefined;
  /** Overrides the allowlist: everything, an empty list, or no `included` at all. */
  readonly included?: 'all' | 'empty' | 'absent' | undefined;
  readonly event?: Partial<EventExtras> | undefined;
  /** Where the files of documents are fetched from. @default Persona's host */
  readonly fileOrigin?: string | undefined;
}

/**
 * Reads a webhook's attributes.
 * @throws {UsageError | BlocklistSyntaxError} for what no delivery could work with
 */
export function configureWebhook(attributes: WebhookAttributes, extras: WebhookExtras = {}): Webhook {
  const customHeaders = attributes['custom-http-headers'] ?? {};
  const { userAgent } = extras;
  checkCustomHeaders({ ...customHeaders, ...(userAgent === undefined ? {} : { 'User-Agent': userAgent }) });
  const secrets = signingSecrets(attributes);
  const oddities = secrets.flatMap(({ secret }) => secret.oddity ?? []);
  return {
    endpoint: { url: parseUrl(attributes.url), secrets, customHeaders, userAgent },
    payload: payloadConfiguration(attributes, extras),
    verdict: (eventName, { filterMismatch }) => {
      const verdict = verdictOnName(eventName, attributes);
      if (verdict.kind !== 'deliver' || filterMismatch === undefined) return verdict;
      return { kind: 'filtered', mismatch: filterMismatch };
    },
    warnings: [...oddities.map((oddity) => `the secret ${oddity}`), ...enabledEventsWarnings(attributes)],
  };
}

function payloadConfiguration(attributes: WebhookAttributes, extras: WebhookExtras): PayloadConfiguration {
  const apiVersion = attributes['api-version'] ?? NEWEST_API_VERSION;
  return {
    versionChanges: changesFor(apiVersion),
    tokens: {
      expiresInSeconds: attributes['file-access-token-expires-in'] ?? FILE_TOKEN_SECONDS_DEFAULT,
      ...(extras.fileOrigin === undefined ? {} : { origin: extras.fileOrigin }),
    },
    included:
      extras.included === undefined
        ? includedRule(attributes['included-allowlist'])
        : { kind: extras.included },
    relationships: relationshipRule(attributes['relationship-allowlist']),
    blocklist: parseBlocklist(attributes['api-attributes-blocklist'] ?? []),
    extras: { ...DEFAULT_EXTRAS, ...extras.event },
    inflection: { inflection: attributes['api-key-inflection'] ?? 'kebab', apiVersion },
    filter: (attributes['payload-filter'] ?? undefined) as PayloadFilter | undefined,
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

/** @throws {UsageError} for what is not the URL of a receiver */
export function parseUrl(text: string | undefined): URL {
  if (text === undefined || text === '') {
    throw new UsageError(
      'no receiver given: pass `url` http://localhost:3000/webhooks (or set HOOKCAST_URL)',
    );
  }
  if (text.startsWith(SECRET_PREFIX))
    throw new UsageError('the receiver is a URL; this is a secret (`secret`)');
  const url = httpUrl(text);
  if (url === undefined) throw new UsageError(urlFault(text));
  return withoutCredentials(url);
}

function withoutCredentials(url: URL): URL {
  if (url.username === '' && url.password === '') return url;
  throw new UsageError(
    `the URL has a user name or password in it, which HTTP does not send; use a custom header: 'Authorization: Basic …'`,
  );
}

function enabledEventsWarnings(attributes: WebhookAttributes): string[] {
  return (attributes['enabled-events'] ?? [])
    .filter((name) => name !== ALL_EVENTS && !isEventName(name))
    .map((name) => `enabled-events: '${name}' is not on Persona's list${didYouMean(name, EVENT_NAMES)}`);
}
