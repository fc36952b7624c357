import type { TimerHeap } from './timer-heap.ts';
import type { Slot } from './slot.ts';

/** When the attempts under way have to be over. A slot has one item in the timer heap at most, put back when it is early. */
export class Limits {
  readonly #timers: TimerHeap;
  readonly #firstItem: number;

  /** @param firstItem - of the timer heap: that of the slot with number 0 */
  constructor(timers: TimerHeap, firstItem: number) {
    this.#timers = timers;
    this.#firstItem = firstItem;
  }

  watch(slot: Slot): void {
    if (slot.hasAlarm) return;
    slot.hasAlarm = true;
    this.#timers.add(this.#firstItem + slot.number, slot.limitMs);
  }

  /** The slot's item has come up. */
  check(slot: Slot | undefined, nowMs: number): void {
    if (slot === undefined) return;
    slot.hasAlarm = false;
    if (!slot.hasLeft) return;
    if (slot.limitMs <= nowMs) slot.giveUp('timed-out');
    else this.watch(slot);
  }
}
