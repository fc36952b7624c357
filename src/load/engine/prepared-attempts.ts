import type { FirstAttempt } from './feed.ts';

const [FORGED, SECOND] = [1, 2] as const;

/**
 * First attempts that are written down and wait for a slot, so that no slot has to wait for the disk: the next ones
 * are on their way into the log while those before them are sent. In columns, as what waits for a retry.
 */
export class PreparedAttempts {
  readonly #eventNumber: Float64Array;
  readonly #happenedAtMs: Float64Array;
  readonly #dueMs: Float64Array;
  readonly #journalId: Float64Array;
  readonly #kind: Uint8Array;
  readonly #room: number;
  readonly #least: number;
  /** How many it shall hold. */
  #aim: number;
  /** Counted from the beginning of the run: how many were taken, are safe, and were laid down. */
  #taken = 0;
  #safe = 0;
  #laid = 0;

  constructor({ least, most }: { readonly least: number; readonly most: number }) {
    this.#room = most;
    this.#least = least;
    this.#aim = least;
    this.#eventNumber = new Float64Array(most);
    this.#happenedAtMs = new Float64Array(most);
    this.#dueMs = new Float64Array(most);
    this.#journalId = new Float64Array(most);
    this.#kind = new Uint8Array(most);
  }

  /** Those that nobody has taken. */
  get size(): number {
    return this.#laid - this.#taken;
  }

  get isLow(): boolean {
    return this.size <= this.#aim / 2;
  }

  get isFull(): boolean {
    return this.size >= this.#aim;
  }

  /** Holds as many from now on, if there is room. */
  aimAt(size: number): void {
    this.#aim = Math.min(this.#room, Math.max(this.#least, Math.floor(size)));
  }

  add(attempt: FirstAttempt): void {
    const place = this.#laid % this.#room;
    this.#laid += 1;
    this.#eventNumber[place] = attempt.eventNumber;
    this.#happenedAtMs[place] = attempt.happenedAtMs;
    this.#dueMs[place] = attempt.dueMs;
    this.#journalId[place] = attempt.journalId;
    this.#kind[place] = (attempt.isForged ? FORGED : 0) | (attempt.isSecond ? SECOND : 0);
  }

  /** @returns what to call when all that have been laid down by now are safe */
  whenSafe(): () => void {
    const laid = this.#laid;
    return () => (this.#safe = Math.max(this.#safe, laid));
  }

  /** Lets the first one go: its values are written into `into`. False when none is safe. */
  take(into: FirstAttempt): boolean {
    if (this.#taken === this.#safe) return false;
    this.#pick(into);
    return true;
  }

  /** Takes away all that are left, one after the other: tells of each in `into`. */
  clear(into: FirstAttempt, tell: () => void): void {
    while (this.#taken < this.#laid) {
      this.#pick(into);
      tell();
    }
    this.#safe = this.#laid;
  }

  #pick(into: FirstAttempt): void {
    const place = this.#taken % this.#room;
    this.#taken += 1;
    const kind = this.#kind[place] ?? 0;
    into.attempt = 1;
    into.skippedMs = 0;
    into.eventNumber = this.#eventNumber[place] ?? 0;
    into.happenedAtMs = this.#happenedAtMs[place] ?? 0;
    into.dueMs = this.#dueMs[place] ?? 0;
    into.journalId = this.#journalId[place] ?? 0;
    into.isForged = (kind & FORGED) !== 0;
    into.isSecond = (kind & SECOND) !== 0;
  }
}
