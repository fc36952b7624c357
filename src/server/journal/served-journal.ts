import { createHash } from 'node:crypto';
import type { Delivery, DeliveryContext, DeliveryJob } from '../../delivery/deliver.ts';
import type { Endpoint } from '../../delivery/request.ts';
import type { DeliveryPolicy } from '../../persona/policies.ts';
import { JournalledWebhook } from '../../journal/journalled-webhook.ts';
import type { Journal } from '../../journal/journal.ts';
import { recordWebhook } from '../../journal/webhook-record.ts';
import { BASE58 } from '../../persona/ids.ts';
import type { Clock } from '../../ports.ts';
import { DEVELOPMENT_SECRET } from '../../signing/secret.ts';
import type { KeptDelivery } from '../deliveries/kept-delivery.ts';
import type { DeliveryJournal } from '../deliveries/runner.ts';
import type { ServedWebhook } from '../webhooks/served-webhook.ts';

/** Writes the deliveries of a server down before they happen. */
export class ServedJournal implements DeliveryJournal {
  readonly #journal: Journal;
  readonly #means: { readonly clock: Clock; readonly storeSecrets?: boolean | undefined };
  /** By clock and number: a webhook that leads elsewhere is another one to the journal. */
  readonly #webhooks = new Map<string, JournalledWebhook>();
  readonly #byDelivery = new Map<string, JournalledWebhook>();

  constructor(
    journal: Journal,
    means: { readonly clock: Clock; readonly storeSecrets?: boolean | undefined },
  ) {
    this.#journal = journal;
    this.#means = means;
  }

  /** The number that the journal knows a webhook by. */
  numberOf({ webhook, policy }: { webhook: { endpoint: Endpoint }; policy: DeliveryPolicy }): number {
    const { storeSecrets } = this.#means;
    const { endpoint } = webhook;
    const isDevelopment = endpoint.secrets.every(({ secret }) => secret.reveal() === DEVELOPMENT_SECRET);
    const source = { from: isDevelopment ? 'development' : 'code' } as const;
    const record = recordWebhook(endpoint, { policy, salt: this.#journal.salt, source, storeSecrets });
    return this.#journal.addWebhook(record);
  }

  /** The same for the same webhook, so that it keeps its id after a restart. */
  idOf(simulator: Parameters<ServedJournal['numberOf']>[0]): string {
    const digest = createHash('sha256')
      .update(`${this.#journal.salt} ${this.numberOf(simulator)}`)
      .digest();
    return `wbh_${Array.from(digest.subarray(0, 24), (byte) => BASE58.charAt(byte % BASE58.length)).join('')}`;
  }

  takeOn(webhook: ServedWebhook, job: DeliveryJob, { isSkipped }: { readonly isSkipped: boolean }): string {
    const journalled = this.#journalled(webhook);
    const nowMs = this.#means.clock.now();
    const number = isSkipped
      ? journalled.skip(job, nowMs)
      : journalled.takeOn(job, { nowMs, delayMs: 0, timeScale: 1 });
    const id = `d${number}`;
    if (!isSkipped) this.#byDelivery.set(id, journalled);
    return id;
  }

  deliver({ id }: KeptDelivery, job: DeliveryJob, context: DeliveryContext): Promise<Delivery> {
    const journalled = this.#byDelivery.get(id);
    if (journalled === undefined) throw new Error(`${id} was not taken on`);
    this.#byDelivery.delete(id);
    return journalled.deliver(numberIn(id), job, context);
  }

  settle({ id }: KeptDelivery, state: 'cancelled' | 'failed'): void {
    if (state === 'cancelled') this.#journal.carryOut({ kind: 'cancel', deliveries: [numberIn(id)] });
    else this.#journal.settle(numberIn(id), state, this.#means.clock.now());
  }

  #journalled(webhook: ServedWebhook): JournalledWebhook {
    const number = this.numberOf(webhook.simulator);
    const key = `${webhook.id} ${number}`;
    const known = this.#webhooks.get(key);
    if (known !== undefined) return known;
    const journalled = new JournalledWebhook(this.#journal, number);
    journalled.follow(webhook.clock, this.#means.clock);
    this.#webhooks.set(key, journalled);
    return journalled;
  }
}

export function numberIn(id: string): number {
  return Number(id.slice(1));
}
