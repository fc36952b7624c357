import type { Removal } from '../../payload/blocklist/apply.ts';
import type { StoredState } from '../../journal/delivery-store.ts';
import type { KeptAttempt, KeptDelivery, SignatureMode } from './kept-delivery.ts';
import type { NewDelivery } from './runner.ts';

/** What only the server knows of a new delivery. */
type Place = Pick<KeptDelivery, 'id' | 'webhookId' | 'url' | 'createdAtMs' | 'attemptsTotal'>;

/**
 * A delivery of this server. Once it is settled its body is let go, and made again for whoever looks, where that is
 * possible. A class, since an object with a getter among many members takes as long to make as all the rest of it.
 */
export class TakenDelivery implements KeptDelivery {
  readonly id: string;
  readonly eventId: string;
  readonly eventName: string;
  readonly webhookId: string;
  readonly url: string;
  readonly runId: string | undefined;
  readonly resendOf: string | undefined;
  readonly copy: number | undefined;
  readonly signature: SignatureMode;
  readonly removed: readonly Removal[];
  readonly unmatched: readonly string[];
  readonly createdAtMs: number;
  readonly attemptsTotal: number;
  readonly attempts: KeptAttempt[] = [];
  state: StoredState;
  settledAtMs: number | undefined;
  reason: string | undefined;
  dueOnClockMs: number | undefined;
  #body: Buffer | undefined;
  readonly #bodyAgain: (() => Buffer) | undefined;

  constructor(given: NewDelivery, { id, webhookId, url, createdAtMs, attemptsTotal }: Place) {
    this.id = id;
    this.eventId = given.eventId;
    this.eventName = given.eventName;
    this.webhookId = webhookId;
    this.url = url;
    this.runId = given.runId;
    this.resendOf = given.resendOf;
    this.copy = given.copy;
    this.signature = given.signature ?? 'valid';
    this.removed = given.removed ?? [];
    this.unmatched = given.unmatched ?? [];
    this.createdAtMs = createdAtMs;
    this.attemptsTotal = attemptsTotal;
    this.state = 'pending';
    this.#body = given.body;
    this.#bodyAgain = given.bodyAgain;
    if (given.skipReason !== undefined) this.settle('skipped', createdAtMs, given.skipReason);
  }

  get body(): Buffer {
    return (this.#body ?? this.#bodyAgain?.()) as Buffer;
  }

  settle(state: StoredState, atMs: number, reason = this.reason): void {
    this.state = state;
    this.settledAtMs = atMs;
    this.reason = reason;
    this.dueOnClockMs = undefined;
    if (this.#bodyAgain !== undefined) this.#body = undefined;
  }
}
