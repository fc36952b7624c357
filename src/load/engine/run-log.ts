import type { HookcastError } from '../../errors.ts';
import {
  identify,
  type EventIdentity,
  type EventRenderer,
  type EventSource,
} from '../../render/event-source.ts';
import type { FirstAttempt } from './feed.ts';
import type { LoadLog, LoggedEnd, LogListener, SettledOutside } from '../ports.ts';
import type { Slot } from './slot.ts';
import type { WaitingDelivery, PendingRetries } from './pending-retries.ts';

/** What a commit leads to. */
export interface AfterCommit {
  readonly safe: () => void;
  readonly broken: (error: HookcastError) => void;
}

/** A run's dealings with its log, if it has one; else nothing is waited for. */
export class RunLog {
  /** Waiting deliveries that were settled from outside and still have their place. */
  dropped = 0;
  readonly #log: LoadLog | undefined;
  readonly #source: EventSource;
  #renderer: EventRenderer | undefined;

  constructor(log: LoadLog | undefined, source: EventSource) {
    this.#log = log;
    this.#source = source;
  }

  get isKept(): boolean {
    return this.#log !== undefined;
  }

  listen(listener: LogListener): void {
    this.#log?.listen({
      settled: (state, count) => {
        this.dropped += count;
        listener.settled(state, count);
      },
      disabled: () => listener.disabled(),
    });
  }

  leftBehind(delivery: WaitingDelivery): WaitingDelivery {
    if (this.#log === undefined) return delivery;
    const event = this.#identify(delivery);
    return { ...delivery, journalId: this.#log.leftBehind(delivery, event) };
  }

  /** Lets the next called delivery go that was not settled from outside: that one has been counted already. */
  takeCalled(waiting: PendingRetries, into: Slot): boolean {
    while (waiting.takeCalled(into)) {
      if (this.#log?.isSettled(into.journalId) !== true) return true;
      this.dropped -= 1;
    }
    return false;
  }

  /** Writes down that a first attempt is about to leave; not safe before the next commit. */
  prepare(attempt: FirstAttempt, nowMs: number): void {
    if (this.#log === undefined || attempt.isForged) return;
    attempt.journalId = this.#log.begin(attempt, this.#identify(attempt), nowMs);
  }

  /** It was dealt, and does not leave. */
  withdraw({ journalId }: FirstAttempt): void {
    if (journalId !== 0) this.#log?.withdraw(journalId);
  }

  /** Must an attempt wait for its line? A forgery is not a delivery, and nothing that would have to go on. */
  keeps({ isForged }: Slot): boolean {
    return this.#log !== undefined && !isForged;
  }

  begin(slot: Slot, nowMs: number, after: AfterCommit): void {
    if (this.#log !== undefined) slot.journalId = this.#log.begin(slot, slot.identify(), nowMs);
    this.commit(after);
  }

  end(slot: Slot, ended: LoggedEnd): SettledOutside | undefined {
    return this.#log?.end(slot, ended);
  }

  commit({ safe, broken }: AfterCommit): void {
    if (this.#log === undefined) safe();
    else this.#log.commit((error) => (error === undefined ? safe() : broken(error)));
  }

  #identify(delivery: WaitingDelivery): EventIdentity {
    this.#renderer ??= this.#source.createRenderer();
    return identify(this.#renderer, delivery);
  }
}
