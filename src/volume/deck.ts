import type { FirstAttempt } from './feed.ts';

/**
 * First attempts that are written down and wait for a slot, so that no slot has to wait for the disk: the next ones
 * are on their way into the log while those before them are sent.
 */
export class Deck {
  readonly #places: FirstAttempt[];
  /** Counted from the beginning of the run: how many were taken, are safe, and were laid down. */
  #taken = 0;
  #safe = 0;
  #laid = 0;

  /** @param room - for how many */
  constructor(room: number) {
    this.#places = Array.from({ length: room }, blankAttempt);
  }

  /** Those that nobody has taken. */
  get size(): number {
    return this.#laid - this.#taken;
  }

  get isLow(): boolean {
    return this.size <= this.#places.length / 2;
  }

  get isFull(): boolean {
    return this.size === this.#places.length;
  }

  /** Lays down one more. @returns where its values are to be written */
  lay(): FirstAttempt {
    this.#laid += 1;
    return this.#placeOf(this.#laid - 1);
  }

  /** @returns what to call when all that have been laid down by now are safe */
  whenSafe(): () => void {
    const laid = this.#laid;
    return () => (this.#safe = Math.max(this.#safe, laid));
  }

  /** False when none is safe. */
  take(into: FirstAttempt): boolean {
    if (this.#taken === this.#safe) return false;
    const from = this.#placeOf(this.#taken);
    this.#taken += 1;
    into.eventNumber = from.eventNumber;
    into.attempt = from.attempt;
    into.happenedAtMs = from.happenedAtMs;
    into.skippedMs = from.skippedMs;
    into.dueMs = from.dueMs;
    into.isForged = from.isForged;
    into.isSecond = from.isSecond;
    into.journalId = from.journalId;
    return true;
  }

  /** Takes away all that are left, and tells of each. */
  clear(tell: (attempt: FirstAttempt) => void): void {
    for (; this.#taken < this.#laid; this.#taken += 1) tell(this.#placeOf(this.#taken));
    this.#safe = this.#laid;
  }

  #placeOf(count: number): FirstAttempt {
    return this.#places[count % this.#places.length] as FirstAttempt;
  }
}

function blankAttempt(): FirstAttempt {
  return {
    ...{ eventNumber: 0, attempt: 1, happenedAtMs: 0, skippedMs: 0, dueMs: 0 },
    ...{ isForged: false, isSecond: false, journalId: 0, firstAtMs: 0 },
  };
}
