import type { LoadPlan } from './load-plan.ts';
import { SendOrder, type Sending } from './send-order.ts';

/** Where the feed writes a first attempt to. */
export interface FirstAttempt {
  eventNumber: number;
  attempt: number;
  happenedAtMs: number;
  skippedMs: number;
  dueMs: number;
  isForged: boolean;
  journalId: number;
}

/** The first attempts of a run, one after the other, and when each has to start. */
export class Feed {
  begun = 0;
  events = 0;
  duplicates = 0;
  readonly #plan: LoadPlan;
  readonly #startedAtMs: number;
  readonly #order: SendOrder;
  readonly #sending: Sending = { eventNumber: 0, isTwin: false, isForged: false };
  /** When those events happened of which the second sending is still to come. */
  readonly #twins = new Map<number, number>();

  constructor(plan: LoadPlan, sourceCount: number, startedAtMs: number) {
    this.#plan = plan;
    this.#startedAtMs = startedAtMs;
    const count = plan.outageMs === undefined ? Math.min(sourceCount, plan.count ?? Infinity) : 0;
    this.#order = new SendOrder({ ...plan, count });
  }

  get isOver(): boolean {
    return this.#order.isOver;
  }

  /** The k-th is due at start + k / rate, however late the one before it is. */
  nextMs(nowMs: number): number {
    const { ratePerSecond } = this.#plan;
    return ratePerSecond === undefined ? nowMs : this.#startedAtMs + (this.begun * 1000) / ratePerSecond;
  }

  /** How many had to start before this time, and did not. */
  lateAt(nowMs: number): number {
    const { ratePerSecond } = this.#plan;
    if (ratePerSecond === undefined || this.isOver) return 0;
    const planned = Math.ceil(((nowMs - this.#startedAtMs) / 1000) * ratePerSecond);
    return Math.max(0, Math.min(planned - this.begun, this.#order.eventsLeft));
  }

  take(into: FirstAttempt, intendedMs: number): void {
    const sending = this.#sending;
    this.#order.take(sending);
    this.begun += 1;
    into.eventNumber = sending.eventNumber;
    into.attempt = 1;
    into.happenedAtMs = this.#happenedAt(sending, intendedMs);
    into.skippedMs = 0;
    into.dueMs = intendedMs;
    into.isForged = sending.isForged;
    into.journalId = 0;
  }

  /** Both deliveries of an event are the same to the byte, and so is their time. */
  #happenedAt({ eventNumber, isTwin, isForged }: Sending, intendedMs: number): number {
    const twinMs = isTwin ? this.#twins.get(eventNumber) : undefined;
    if (twinMs !== undefined) {
      this.#twins.delete(eventNumber);
      this.duplicates += 1;
      return twinMs;
    }
    const happenedAtMs = Math.floor(intendedMs);
    if (isTwin) this.#twins.set(eventNumber, happenedAtMs);
    if (!isForged) this.events += 1;
    return happenedAtMs;
  }
}
