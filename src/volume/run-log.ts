import type { NextStep } from '../delivery/schedule.ts';
import type { HookcastError } from '../errors.ts';
import type { EventRenderer, EventSource } from './event-source.ts';
import type { AttemptResult, LoadLog, SettledOutside } from './ports.ts';
import type { Slot } from './slot.ts';
import type { WaitingDelivery, WaitingRoom } from './waiting-room.ts';

/** What a commit leads to. */
export interface Then {
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

  onDropped(listener: (state: SettledOutside, count: number) => void): void {
    this.#log?.onSettled((state, count) => {
      this.dropped += count;
      listener(state, count);
    });
  }

  leftBehind(delivery: WaitingDelivery): WaitingDelivery {
    if (this.#log === undefined) return delivery;
    this.#renderer ??= this.#source.createRenderer();
    const event = this.#renderer.render(delivery.eventNumber, delivery.happenedAtMs);
    return { ...delivery, journalId: this.#log.leftBehind(delivery, event) };
  }

  /** Lets the next called delivery go that was not settled from outside. False when there is none. */
  takeCalled(waiting: WaitingRoom, into: Slot): boolean {
    while (waiting.takeCalled(into)) {
      if (this.#log?.isSettled(into.journalId) !== true) return true;
      this.dropped -= 1;
    }
    return false;
  }

  /** A forgery is no delivery, and nothing that would have to go on. */
  begin(slot: Slot, nowMs: number, then: Then): void {
    if (this.#log !== undefined && !slot.isForged)
      slot.journalId = this.#log.begin(slot, slot.render(), nowMs);
    this.#commit(slot.isForged ? undefined : this.#log, then);
  }

  end(
    slot: Slot,
    ended: { result: AttemptResult; next: NextStep; endedMs: number },
  ): SettledOutside | undefined {
    return this.#log?.end(slot, { ...ended, startedMs: slot.startedMs });
  }

  finish(then: Then): void {
    this.#commit(this.#log, then);
  }

  #commit(log: LoadLog | undefined, { safe, broken }: Then): void {
    if (log === undefined) safe();
    else log.commit((error) => (error === undefined ? safe() : broken(error)));
  }
}
