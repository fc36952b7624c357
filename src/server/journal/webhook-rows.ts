import { createHash } from 'node:crypto';
import type { Journal } from '../../journal/journal.ts';
import {
  recordWebhook,
  withoutSecrets,
  type ServedRecord,
  type WebhookRecord,
} from '../../journal/webhook-record.ts';
import { BASE58 } from '../../persona/ids.ts';
import { DEVELOPMENT_SECRET } from '../../signing/sign.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import type { ServedWebhook } from '../webhooks/served-webhook.ts';

type Configured = Pick<Simulator, 'webhook' | 'policy'>;

/** The rows of a journal that tell of a server's webhooks: one for each change of each. */
export class WebhookRows {
  readonly #journal: Journal;
  readonly #storeSecrets: boolean | undefined;
  readonly #latest = new Map<string, { readonly number: number; readonly record: WebhookRecord }>();

  constructor(journal: Journal, { storeSecrets }: { readonly storeSecrets?: boolean | undefined }) {
    this.#journal = journal;
    this.#storeSecrets = storeSecrets;
    for (const [number, record] of journal.webhooks()) this.#know(number, record);
  }

  /** Those that were there at the end, the oldest first. */
  *latest(): Iterable<WebhookRecord & { readonly served: ServedRecord }> {
    for (const { record } of this.#latest.values()) {
      const { served } = record;
      if (served !== undefined && served.isGone !== true) yield { ...record, served };
    }
  }

  /** Is it the record of this webhook, as another command would write it? */
  isOf({ simulator }: ServedWebhook, record: WebhookRecord): boolean {
    return isSame(this.#record(simulator), record);
  }

  /** Writes down how a webhook is now, unless that is known. @returns the number that stands for it */
  numberOf(webhook: ServedWebhook): number {
    const { id, simulator, attributes, extras } = webhook;
    return this.#add(this.#record(simulator), {
      id,
      attributes: withoutSecrets(attributes),
      ...(extras.included === undefined ? {} : { included: extras.included }),
    });
  }

  remove({ id, simulator }: ServedWebhook): void {
    this.#add(this.#record(simulator), { id, attributes: {}, isGone: true });
  }

  /** The same for the same receiver and secret, so that a webhook keeps its id after a restart. */
  idOf(simulator: Configured): string {
    const digest = createHash('sha256')
      .update(`${this.#journal.salt} ${JSON.stringify(this.#record(simulator))}`)
      .digest();
    return `wbh_${Array.from(digest.subarray(0, 24), (byte) => BASE58.charAt(byte % BASE58.length)).join('')}`;
  }

  #record({ webhook: { endpoint }, policy }: Configured): WebhookRecord {
    const isDevelopment = endpoint.secrets.every(({ secret }) => secret.reveal() === DEVELOPMENT_SECRET);
    const source = { from: isDevelopment ? 'development' : 'code' } as const;
    const { salt } = this.#journal;
    return recordWebhook(endpoint, { policy, salt, source, storeSecrets: this.#storeSecrets });
  }

  #add(record: WebhookRecord, served: Omit<ServedRecord, 'revision'>): number {
    const known = this.#latest.get(served.id);
    const revision = known?.record.served?.revision ?? 0;
    if (known !== undefined && isSame(known.record, { ...record, served: { ...served, revision } })) {
      return known.number;
    }
    const changed = { ...record, served: { ...served, revision: revision + 1 } };
    const number = this.#journal.addWebhook(changed);
    this.#know(number, changed);
    return number;
  }

  #know(number: number, record: WebhookRecord): void {
    const { id, revision } = record.served ?? {};
    if (id === undefined || revision === undefined) return;
    if (revision > (this.#latest.get(id)?.record.served?.revision ?? 0))
      this.#latest.set(id, { number, record });
  }
}

/** As they come out of the file, whatever the order of their members. */
function isSame(one: WebhookRecord, other: WebhookRecord): boolean {
  return sorted(one) === sorted(other);
}

function sorted(record: WebhookRecord): string {
  return JSON.stringify(record, (_, value: unknown) =>
    value === null || typeof value !== 'object' || Array.isArray(value)
      ? value
      : Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))),
  );
}
