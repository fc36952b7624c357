import type { Delivery, DeliveryContext, DeliveryJob } from '../../delivery/deliver.ts';
import type { DeliveryExtras } from '../../journal/delivery-extras-schema.ts';
import { JournalledWebhook, type MoreOfDelivery } from '../../journal/journalled-webhook.ts';
import type { Journal } from '../../journal/journal.ts';
import { saltedFingerprint } from '../../journal/webhook-record.ts';
import type { Clock } from '../../ports.ts';
import type { Secret } from '../../signing/sign.ts';
import { storedHeaders } from '../../webhook/stored-endpoint.ts';
import type { KeptDelivery } from '../deliveries/kept-delivery.ts';
import type { DeliveryJournal, NewDelivery } from '../deliveries/runner.ts';
import type { DecidedEnd } from '../deliveries/served-delivery.ts';
import type { ScenarioRun } from '../runs/scenario-run.ts';
import type { ServedWebhook } from '../webhooks/served-webhook.ts';
import { ClockNotes } from './clock-notes.ts';
import { WebhookRows } from './webhook-rows.ts';

const RUN = 'run:';

/** What is known of a run beside what its deliveries tell. */
export type RunNote = Omit<ScenarioRun, 'id' | 'deliveries'> & { readonly size: number };

/** Writes the deliveries of a server down before they happen. */
export class ServedJournal implements DeliveryJournal {
  readonly clocks: ClockNotes;
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
    this.clocks = new ClockNotes(journal, options.clock);
    this.#options = options;
  }

  /** Writes down how a webhook is now. */
  note(webhook: ServedWebhook): number {
    return this.#rows.numberOf(webhook);
  }

  /** Writes down that it is no longer there. */
  noteRemoved(webhook: ServedWebhook): void {
    this.#rows.remove(webhook);
    this.clocks.forget(webhook.id);
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

  takeOn(webhook: ServedWebhook, given: NewDelivery, createdAtMs: number): string {
    const { delayMs = 0, resendOf, skipReason } = given;
    const journalled = this.#journalled(webhook);
    const job = { ...given, endpoint: webhook.simulator.webhook.endpoint };
    const more: MoreOfDelivery = {
      extras: this.#extrasOf(given),
      ...(resendOf === undefined ? {} : { resendOf: numberIn(resendOf) }),
    };
    if (skipReason !== undefined) return `d${journalled.skip(job, createdAtMs, more)}`;
    const timeScale = delayMs === 0 ? 1 : webhook.clock.scale;
    const id = `d${journalled.takeOn(job, { nowMs: createdAtMs, delayMs, timeScale, ...more })}`;
    this.#byDelivery.set(id, journalled);
    return id;
  }

  /** Writes down what its deliveries are of. */
  noteRun({ id, deliveries, ...run }: ScenarioRun): void {
    this.#journal.note(RUN + id, { ...run, size: deliveries.length } satisfies RunNote);
  }

  /** By their ids. */
  runs(): Map<string, RunNote> {
    return this.#journal.notes(RUN) as Map<string, RunNote>;
  }

  deliver({ id }: KeptDelivery, job: DeliveryJob, context: DeliveryContext): Promise<Delivery> {
    const journalled = this.#byDelivery.get(id);
    if (journalled === undefined) throw new Error(`${id} was not taken on`);
    this.#byDelivery.delete(id);
    return journalled.deliver(numberIn(id), job, context);
  }

  settle({ id, reason }: KeptDelivery, { state, atMs }: DecidedEnd): void {
    const number = numberIn(id);
    if (state === 'cancelled') this.#journal.carryOut({ kind: 'cancel', deliveries: [number], atMs });
    else this.#journal.settle(number, state, atMs);
    if (reason !== undefined) this.#journal.addExtras(number, { reason });
  }

  /** Undefined for most: what is as usual needs no place in the file. */
  #extrasOf(given: NewDelivery): DeliveryExtras | undefined {
    const { runId: run, copy, signature = 'valid', headers = {}, removed = [], unmatched = [] } = given;
    const { salt } = this.#journal;
    const fingerprintOf = (secret: Secret) => saltedFingerprint(secret.reveal(), salt);
    const stored = storedHeaders(headers, { ...this.#options, fingerprintOf });
    const extras: DeliveryExtras = {
      ...{ run, copy, reason: given.skipReason },
      ...(signature === 'valid' ? {} : { signature }),
      ...(stored.length === 0 ? {} : { headers: stored }),
      ...(removed.length === 0 ? {} : { removed: [...removed] }),
      ...(unmatched.length === 0 ? {} : { unmatched: [...unmatched] }),
    };
    return Object.values(extras).some((value) => value !== undefined) ? extras : undefined;
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
