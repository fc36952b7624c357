import type { Agenda } from './timer-heap.ts';
import type { Slot } from './slot.ts';

/** When the attempts under way have to be over. A slot has one item in the agenda at most, put back when it is early. */
export class Limits {
  readonly #agenda: Agenda;
  readonly #firstItem: number;

  /** @param firstItem - of the agenda: that of the slot with number 0 */
  constructor(agenda: Agenda, firstItem: number) {
    this.#agenda = agenda;
    this.#firstItem = firstItem;
  }

  watch(slot: Slot): void {
    if (slot.hasAlarm) return;
    slot.hasAlarm = true;
    this.#agenda.add(this.#firstItem + slot.number, slot.limitMs);
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
