import type { DeliveryJob } from '../delivery/deliver.ts';
import type { Endpoint } from '../delivery/request.ts';
import { Secret, fingerprintOf } from '../signing/sign.ts';
import type { StoredHeader } from '../webhook/stored-endpoint-schema.ts';
import { storedEndpoint, type StoredSecret } from '../webhook/stored-endpoint.ts';
import { readQueued, type QueuedDelivery } from './queued-delivery.ts';

/** What a worker was given: secrets and headers, found by fingerprint. */
export interface Keyring {
  readonly secrets: ReadonlyMap<string, Secret>;
  /** Values of headers, also by fingerprint. */
  readonly headerValues: ReadonlyMap<string, string>;
}

export function keyringOf(given: {
  readonly secrets: readonly Secret[];
  readonly headerValues: readonly string[];
}): Keyring {
  return {
    secrets: new Map(given.secrets.map((secret) => [fingerprintOf(secret), secret])),
    headerValues: new Map(given.headerValues.map((value) => [fingerprintOf(new Secret(value)), value])),
  };
}

/** A delivery out of the queue: ready to be attempted, or why this worker cannot. */
export type Opened =
  | { readonly kind: 'ready'; readonly queued: QueuedDelivery; readonly job: DeliveryJob }
  /** A worker with other secrets, or of a newer version, can. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** No worker can: something else has put it there. */
  | { readonly kind: 'foreign'; readonly reason: string };

/** Reads what lies in the queue and puts the worker's own secrets in. */
export function openQueued(data: unknown, keyring: Keyring): Opened {
  const read = readQueued(data);
  if (read === undefined) return unreadable(data);
  const { queued, body } = read;
  const endpoint = endpointOf(queued, keyring);
  if (typeof endpoint === 'string') return { kind: 'refused', reason: endpoint };
  const { eventId, eventName } = queued;
  return { kind: 'ready', queued, job: { eventId, eventName, body, endpoint } };
}

function unreadable(data: unknown): Opened {
  const version = (data as { version?: unknown } | null)?.version;
  if (typeof version === 'number' && version > 1)
    return { kind: 'refused', reason: 'it was queued by a newer version of hookcast; update this worker' };
  return { kind: 'foreign', reason: 'it is not a delivery of hookcast' };
}

type Terms = Pick<QueuedDelivery, 'url' | 'userAgent' | 'secrets' | 'headers'>;

/** Deliveries come in thousands to few endpoints, and much is worked out once for each: its key, what to mask. */
const OPENED = new WeakMap<Keyring, Map<string, Endpoint>>();
const MOST_OPENED = 1_000;

/** The endpoint, or what it lacks here. */
function endpointOf({ url, userAgent, secrets, headers }: Terms, keyring: Keyring): Endpoint | string {
  const terms = { url, userAgent, secrets, headers };
  const key = JSON.stringify(terms);
  const known = OPENED.get(keyring) ?? new Map<string, Endpoint>();
  const endpoint = known.get(key) ?? openEndpoint(terms, keyring);
  if (typeof endpoint === 'string') return endpoint;
  if (known.size >= MOST_OPENED) known.clear();
  OPENED.set(keyring, known.set(key, endpoint));
  return endpoint;
}

function openEndpoint(queued: Terms, keyring: Keyring): Endpoint | string {
  const secrets = queued.secrets.flatMap((stored) => foundSecret(stored, keyring) ?? []);
  if (secrets.length < queued.secrets.length) return `${SECRET_NEEDED} ${fingerprints(queued)}`;
  const headers = queued.headers.map((header) => [header.name, valueOf(header, keyring)] as const);
  const missing = headers.find(([, value]) => value === undefined);
  if (missing !== undefined) return headerNeeded(missing[0]);
  return storedEndpoint(queued, secrets, headers as [string, string][]);
}

const SECRET_NEEDED =
  'no secret given to this worker is the one it is signed with: pass it with `secrets`; fingerprint';

function headerNeeded(name: string): string {
  return `its header '${name}' has a value that is not in the queue: pass it with \`headers\``;
}

function fingerprints({ secrets }: Terms): string {
  return secrets.map(({ fingerprint }) => fingerprint.slice(0, 8)).join(', ');
}

function foundSecret({ fingerprint, text, expiresAtMs }: StoredSecret, { secrets }: Keyring) {
  const secret = text === undefined ? secrets.get(fingerprint) : new Secret(text);
  return secret && { secret, expiresAtMs };
}

function valueOf({ value, fingerprint = '' }: StoredHeader, { headerValues }: Keyring): string | undefined {
  return value ?? headerValues.get(fingerprint);
}
