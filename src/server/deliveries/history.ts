import type { StoredState } from '../../journal/delivery-store.ts';
import { isSettled, type KeptAttempt, type KeptDelivery } from './kept-delivery.ts';
import type { ServedDelivery } from './served-delivery.ts';

export interface HistoryFilter {
  readonly state?: StoredState | undefined;
  /** An event's name or id, or a pattern of names such as `inquiry.*`. */
  readonly event?: string | undefined;
  readonly webhookId?: string | undefined;
  readonly runId?: string | undefined;
  /** In ids, event names, URLs and bodies. */
  readonly text?: string | undefined;
}

/** What happened to a delivery. */
export type HistoryChange =
  | { readonly kind: 'created' | 'settled' | 'waiting'; readonly delivery: ServedDelivery }
  | {
      readonly kind: 'attempt-began' | 'attempt-ended';
      readonly delivery: ServedDelivery;
      readonly attempt: KeptAttempt;
    };

/** The deliveries of a server, newest last: all that are pending, and the latest `keep` of those that are settled. */
export class DeliveryHistory {
  readonly #keep: number;
  readonly #deliveries = new Map<string, ServedDelivery>();
  readonly #listeners = new Set<(change: HistoryChange) => void>();
  readonly #watchers = new Map<ServedDelivery, Set<() => void>>();
  #settledCount = 0;
  #lastNumber = 0;

  constructor({ keep }: { readonly keep: number }) {
    this.#keep = keep;
  }

  /** The id of a new delivery. */
  nextId(): string {
    this.#lastNumber += 1;
    return `d${this.#lastNumber}`;
  }

  /** Of all webhooks, oldest first. */
  get all(): IterableIterator<ServedDelivery> {
    return this.#deliveries.values();
  }

  /** Keeps a delivery; one that is settled already counts as settled now. */
  add(delivery: ServedDelivery): void {
    this.#lastNumber = Math.max(this.#lastNumber, Number(delivery.id.slice(1)));
    this.#deliveries.set(delivery.id, delivery);
    this.#tell({ kind: 'created', delivery });
    if (isSettled(delivery)) this.#countSettled(delivery);
  }

  find(id: string): ServedDelivery | undefined {
    return this.#deliveries.get(id);
  }

  latest(): ServedDelivery | undefined {
    let last: ServedDelivery | undefined;
    for (const delivery of this.#deliveries.values()) last = delivery;
    return last;
  }

  /** Newest first; those before the delivery `after` in that order are left out. */
  list(
    filter: HistoryFilter,
    { after, limit }: { after?: string | undefined; limit: number },
  ): ServedDelivery[] {
    const below = after === undefined ? Number.POSITIVE_INFINITY : numberOf(after);
    const found: ServedDelivery[] = [];
    for (const delivery of [...this.#deliveries.values()].reverse()) {
      if (numberOf(delivery.id) >= below || !matches(delivery, filter)) continue;
      found.push(delivery);
      if (found.length === limit) break;
    }
    return found;
  }

  attemptBegan(delivery: ServedDelivery, attempt: KeptAttempt): void {
    delivery.dueOnClockMs = undefined;
    delivery.attempts.push(attempt);
    this.#tell({ kind: 'attempt-began', delivery, attempt });
  }

  attemptEnded(delivery: ServedDelivery, attempt: KeptAttempt): void {
    this.#tell({ kind: 'attempt-ended', delivery, attempt });
  }

  waits(delivery: ServedDelivery): void {
    this.#tell({ kind: 'waiting', delivery });
  }

  settled(delivery: ServedDelivery): void {
    this.#countSettled(delivery);
  }

  /** Forgets what is settled. */
  clear(filter: HistoryFilter = {}): number {
    let cleared = 0;
    for (const delivery of this.#deliveries.values()) {
      if (!isSettled(delivery) || !matches(delivery, filter)) continue;
      this.#deliveries.delete(delivery.id);
      cleared += 1;
    }
    this.#settledCount -= cleared;
    return cleared;
  }

  /** Forgets everything; what is under way ends unseen. */
  forgetAll(): void {
    this.#deliveries.clear();
    this.#settledCount = 0;
  }

  /** Calls the listener at every change of every delivery; returns what ends that. */
  onChange(listener: (change: HistoryChange) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Calls the listener at every change of one delivery; returns what ends that. */
  watch(delivery: ServedDelivery, listener: () => void): () => void {
    const watchers = this.#watchers.get(delivery) ?? new Set();
    this.#watchers.set(delivery, watchers.add(listener));
    return () => {
      watchers.delete(listener);
      if (watchers.size === 0) this.#watchers.delete(delivery);
    };
  }

  #countSettled(delivery: ServedDelivery): void {
    if (this.#isKept(delivery)) this.#settledCount += 1;
    this.#tell({ kind: 'settled', delivery });
    if (this.#settledCount > this.#keep) this.#forgetOldest();
  }

  #isKept(delivery: ServedDelivery): boolean {
    return this.#deliveries.get(delivery.id) === delivery;
  }

  #forgetOldest(): void {
    for (const delivery of this.#deliveries.values()) {
      if (!isSettled(delivery)) continue;
      this.#deliveries.delete(delivery.id);
      this.#settledCount -= 1;
      return;
    }
  }

  #tell(change: HistoryChange): void {
    if (this.#isKept(change.delivery)) for (const listener of this.#listeners) listener(change);
    for (const watch of this.#watchers.get(change.delivery) ?? []) watch();
  }
}

function numberOf(id: string): number {
  return Number(id.replace(/^d/, ''));
}

function matches(delivery: KeptDelivery, filter: HistoryFilter): boolean {
  const { state, event, webhookId, runId, text } = filter;
  return (
    (state === undefined || delivery.state === state) &&
    (event === undefined || isOfEvent(delivery, event)) &&
    (webhookId === undefined || delivery.webhookId === webhookId) &&
    (runId === undefined || delivery.runId === runId) &&
    (text === undefined || holds(delivery, text))
  );
}

function isOfEvent({ eventId, eventName }: KeptDelivery, event: string): boolean {
  if (event === eventId || event === eventName) return true;
  return event.endsWith('*') && eventName.startsWith(event.slice(0, -1));
}

function holds({ id, eventId, eventName, url, body }: KeptDelivery, text: string): boolean {
  return [id, eventId, eventName, url].some((field) => field.includes(text)) || body.includes(text);
}
