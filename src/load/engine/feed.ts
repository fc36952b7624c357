import type { EventSource } from '../../render/event-source.ts';
import type { LoadPlan } from '../plan.ts';
import type { AlarmClock } from '../ports.ts';
import { SendOrder, type PlannedDelivery } from './send-order.ts';
import { isOwn } from '../share.ts';
import type { WaitingDelivery } from './pending-retries.ts';

/** Where the feed writes a first attempt to. */
export interface FirstAttempt extends WaitingDelivery {
  isForged: boolean;
  /** Of an event that is delivered twice. */
  isSecond: boolean;
}

interface FeedTimes {
  readonly startedAtMs: number;
  readonly clock: Pick<AlarmClock, 'skewMs'>;
}

/**
 * The first attempts of a run, one after the other, and when each has to start. A worker goes through those of the
 * whole run and leaves out what is not its own: so it knows the place of each, and with it the due time.
 */
export class Feed {
  begun = 0;
  events = 0;
  duplicates = 0;
  readonly #plan: LoadPlan;
  readonly #together: number | undefined;
  readonly #startedAtMs: number;
  readonly #clock: FeedTimes['clock'];
  readonly #order: SendOrder;
  /** The next one, and its place in the whole run. */
  readonly #planned: PlannedDelivery = { eventNumber: 0, isTwin: false, isForged: false };
  #place = -1;
  #isOver = false;
  /** When those events happened of which the second delivery is still to come. */
  readonly #twins = new Map<number, number>();

  constructor(
    plan: LoadPlan,
    source: Pick<EventSource, 'count' | 'together'>,
    { startedAtMs, clock }: FeedTimes,
  ) {
    this.#plan = plan;
    this.#together = source.together;
    this.#startedAtMs = startedAtMs;
    this.#clock = clock;
    const count = plan.outageMs === undefined ? Math.min(source.count, plan.count ?? Infinity) : 0;
    this.#order = new SendOrder({ ...plan, count });
    this.#findNext();
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get hasRate(): boolean {
    return this.#plan.ratePerSecond !== undefined;
  }

  /** The k-th is due at start + k / rate, however late the one before it is. */
  nextMs(nowMs: number): number {
    const { ratePerSecond } = this.#plan;
    return ratePerSecond === undefined ? nowMs : this.#startedAtMs + (this.#place * 1000) / ratePerSecond;
  }

  counts(): { readonly events: number; readonly duplicates: number } {
    const { events, duplicates } = this;
    return { events, duplicates };
  }

  /** Passes over those that had to start before this time, and says how many they were. */
  skipUntil(nowMs: number): number {
    let skipped = 0;
    for (; !this.#isOver && this.nextMs(nowMs) < nowMs; skipped += 1) this.#findNext();
    return skipped;
  }

  take(into: FirstAttempt, intendedMs: number): void {
    const planned = this.#planned;
    const { duplicates } = this;
    this.begun += 1;
    into.eventNumber = planned.eventNumber;
    into.attempt = 1;
    into.happenedAtMs = this.#happenedAt(planned, intendedMs);
    into.skippedMs = 0;
    into.dueMs = intendedMs;
    into.isForged = planned.isForged;
    into.journalId = 0;
    into.isSecond = duplicates < this.duplicates;
    this.#findNext();
  }

  /** It was taken and never left. */
  giveBack({ isForged, isSecond }: FirstAttempt): void {
    this.begun -= 1;
    if (isSecond) this.duplicates -= 1;
    else if (!isForged) this.events -= 1;
  }

  #findNext(): void {
    do {
      this.#isOver = this.#order.isOver;
      if (this.#isOver) return;
      this.#order.take(this.#planned);
      this.#place += 1;
    } while (!isOwn(this.#planned.eventNumber, this.#plan.share, this.#together));
  }

  /** Both deliveries of an event are the same to the byte, and so is their time. */
  #happenedAt({ eventNumber, isTwin, isForged }: PlannedDelivery, intendedMs: number): number {
    const twinMs = isTwin ? this.#twins.get(eventNumber) : undefined;
    if (twinMs !== undefined) {
      this.#twins.delete(eventNumber);
      this.duplicates += 1;
      return twinMs;
    }
    const happenedAtMs = Math.floor(intendedMs + (this.#clock.skewMs?.() ?? 0));
    if (isTwin) this.#twins.set(eventNumber, happenedAtMs);
    if (!isForged) this.events += 1;
    return happenedAtMs;
  }
}
