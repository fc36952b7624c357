import FlatQueue from 'flatqueue';
import type { Alarm, AlarmClock } from '../ports.ts';
import type { Slot } from './slot.ts';

/** All that a load run waits for, by due time: one heap of numbers and one alarm, however many wait. */
export class TimerHeap {
  readonly #queue = new FlatQueue<number>();
  readonly #alarm: Alarm;
  /** What the alarm is set to. */
  #alarmAtMs = Number.POSITIVE_INFINITY;

  constructor(clock: AlarmClock, onDue: () => void) {
    this.#alarm = clock.alarm(() => {
      this.#alarmAtMs = Number.POSITIVE_INFINITY;
      onDue();
      this.#wind();
    });
  }

  add(item: number, dueMs: number): void {
    this.#queue.push(item, dueMs);
    this.#wind();
  }

  isDue(nowMs: number): boolean {
    const dueMs = this.#queue.peekValue();
    return dueMs !== undefined && dueMs <= nowMs;
  }

  /** The earliest item, if its time has come. */
  take(nowMs: number): number | undefined {
    return this.isDue(nowMs) ? this.#queue.pop() : undefined;
  }

  close(): void {
    this.#queue.clear();
    this.#alarm.clear();
  }

  #wind(): void {
    const dueMs = this.#queue.peekValue();
    if (dueMs === undefined || dueMs >= this.#alarmAtMs) return;
    this.#alarmAtMs = dueMs;
    this.#alarm.set(dueMs);
  }
}

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
