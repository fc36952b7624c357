import type { Delivery, DeliveryContext, DeliveryJob } from '../../delivery/deliver.ts';
import { JournalledWebhook } from '../../journal/journalled-webhook.ts';
import type { Journal } from '../../journal/journal.ts';
import type { Clock } from '../../ports.ts';
import type { KeptDelivery } from '../deliveries/kept-delivery.ts';
import type { DeliveryJournal, TakingOn } from '../deliveries/runner.ts';
import type { ServedWebhook } from '../webhooks/served-webhook.ts';
import { WebhookRows } from './webhook-rows.ts';

/** Writes the deliveries of a server down before they happen. */
export class ServedJournal implements DeliveryJournal {
  readonly #journal: Journal;
  readonly #rows: WebhookRows;
  readonly #options: { readonly clock: Clock; readonly storeSecrets?: boolean | undefined };
  /** By clock and number: a webhook that leads elsewhere is another one to the journal. */
  readonly #webhooks = new Map<string, JournalledWebhook>();
  readonly #byDelivery = new Map<string, JournalledWebhook>();

  constructor(
    journal: Journal,
    options: { readonly clock: Clock; readonly storeSecrets?: boolean | undefined },
  ) {
    this.#journal = journal;
    this.#rows = new WebhookRows(journal, options);
    this.#options = options;
  }

  /** Writes down how a webhook is now. */
  note(webhook: ServedWebhook): number {
    return this.#rows.numberOf(webhook);
  }

  /** Writes down that it is no longer there. */
  noteRemoved(webhook: ServedWebhook): void {
    this.#rows.remove(webhook);
  }

  /** @throws {JournalBrokenError} when it can no longer be written */
  throwIfBroken(): void {
    this.#journal.broken.throwIfAborted();
  }

  webhooks(): ReturnType<WebhookRows['latest']> {
    return this.#rows.latest();
  }

  isOf(...asked: Parameters<WebhookRows['isOf']>): boolean {
    return this.#rows.isOf(...asked);
  }

  idOf(simulator: Parameters<WebhookRows['idOf']>[0]): string {
    return this.#rows.idOf(simulator);
  }

  takeOn(webhook: ServedWebhook, job: DeliveryJob, { isSkipped, createdAtMs }: TakingOn): string {
    const journalled = this.#journalled(webhook);
    const number = isSkipped
      ? journalled.skip(job, createdAtMs)
      : journalled.takeOn(job, { nowMs: createdAtMs, delayMs: 0, timeScale: 1 });
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
    else this.#journal.settle(numberIn(id), state, this.#options.clock.now());
  }

  #journalled(webhook: ServedWebhook): JournalledWebhook {
    const number = this.note(webhook);
    const key = `${webhook.id} ${number}`;
    const known = this.#webhooks.get(key);
    if (known !== undefined) return known;
    const journalled = new JournalledWebhook(this.#journal, number);
    journalled.follow(webhook.clock, this.#options.clock);
    this.#webhooks.set(key, journalled);
    return journalled;
  }
}

export function numberIn(id: string): number {
  return Number(id.slice(1));
}
