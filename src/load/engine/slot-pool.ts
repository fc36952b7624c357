import type { Endpoint } from '../../delivery/request.ts';
import type { EventSource } from '../../render/event-source.ts';
import { AttemptHeaders } from './attempt-headers.ts';
import { Slot, type SlotSettings } from './slot.ts';

/** What the slots of a run are made from. */
export interface SlotOptions extends Omit<SlotSettings, 'renderer' | 'headers'> {
  readonly endpoint: Endpoint;
  readonly source: EventSource;
}

/** @throws {HookcastError} for an address that nothing may be sent to; those that are open already are closed */
function openSlots(count: number, { endpoint, source, ...means }: SlotOptions): Slot[] {
  const settings = { ...means, renderer: source.createRenderer(), headers: new AttemptHeaders(endpoint) };
  const slots: Slot[] = [];
  try {
    for (let number = 0; number < count; number += 1) slots.push(new Slot(number, settings));
  } catch (error) {
    for (const slot of slots) slot.close();
    throw error;
  }
  return slots;
}

/** The slots of a run: which are free, and how many are of use. */
export class SlotPool {
  #slots: readonly Slot[] = [];
  #free: Slot[] = [];
  #usable = 0;

  /** @throws {HookcastError} for an address that nothing may be sent to */
  open(count: number, options: SlotOptions): void {
    this.#slots = openSlots(count, options);
    this.#free = this.#slots.toReversed();
    this.#usable = count;
  }

  get isIdle(): boolean {
    return this.#free.length >= this.#usable;
  }

  /** The one that was given back last. */
  takeFree(): Slot | undefined {
    return this.#free.pop();
  }

  giveBack(slot: Slot): void {
    this.#free.push(slot);
  }

  at(number: number): Slot | undefined {
    return this.#slots[number];
  }

  /** Takes it out of use for good. @returns whether any is left */
  retire(slot: Slot): boolean {
    slot.close();
    this.#usable -= 1;
    return this.#usable > 0;
  }

  cancelAttempts(): void {
    for (const slot of this.#slots) if (slot.isBusy) slot.giveUp('cancelled');
  }

  close(): void {
    for (const slot of this.#slots) slot.close();
  }

  /**
   * How many attempts are under way, how many of them belong to deliveries, and how many requests were sent once more.
   */
  totals(): { readonly inFlight: number; readonly underWay: number; readonly resent: number } {
    let [underWay, resent] = [0, 0];
    for (const slot of this.#slots) {
      if (slot.isBusy && !slot.isForged) underWay += 1;
      resent += slot.resent;
    }
    return { inFlight: this.#usable - this.#free.length, underWay, resent };
  }
}
