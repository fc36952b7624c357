import { PreparedAttempts } from './prepared-attempts.ts';
import type { Feed, FirstAttempt } from './feed.ts';
import type { AfterCommit, RunLog } from './run-log.ts';
import type { Slot } from './slot.ts';

/** What `take` says when it has given something, and when nothing is there for now. */
export const TAKEN = -1;
export const NOTHING_YET = Number.POSITIVE_INFINITY;

/** How far ahead they are written down: events must not be much older than their first attempt. */
const COMMIT_EVERY_MS = 10;
const MOST_FOR_A_SLOT = 20;

/** The first attempts of a run as its slots get them: straight from the feed, or from those that a log has written. */
export class FirstAttempts {
  readonly #feed: Feed;
  readonly #log: RunLog;
  readonly #prepared: PreparedAttempts | undefined;
  readonly #after: AfterCommit;
  #isStopped = false;
  /** The one that is being dealt or given back. */
  readonly #attempt: FirstAttempt = blankAttempt();
  /** When they were last dealt, and how many had begun by then. */
  #dealtAtMs = 0;
  #dealt = 0;

  /** @param after - what a commit of dealt attempts leads to */
  constructor(feed: Feed, { log, slots, after }: { log: RunLog; slots: number; after: AfterCommit }) {
    this.#feed = feed;
    this.#log = log;
    this.#after = after;
    // While half of them are sent, the log takes the others.
    this.#prepared = log.isKept
      ? new PreparedAttempts({ least: 2 * slots, most: MOST_FOR_A_SLOT * slots })
      : undefined;
  }

  /** Will there be none any more? */
  get isOver(): boolean {
    return (this.#isStopped || this.#feed.isOver) && (this.#prepared?.size ?? 0) === 0;
  }

  /** @returns TAKEN, NOTHING_YET, or when the next one is due, in milliseconds since 1970 */
  take(slot: Slot, nowMs: number): number {
    return this.#prepared === undefined
      ? this.#takeNext(slot, nowMs)
      : this.#takePrepared(this.#prepared, slot, nowMs);
  }

  /** Deals no more. */
  stop(): void {
    this.#isStopped = true;
  }

  /** What was dealt does not leave any more. */
  giveBack(): void {
    const attempt = this.#attempt;
    this.#prepared?.clear(attempt, () => {
      this.#feed.giveBack(attempt);
      this.#log.withdraw(attempt);
    });
  }

  #takeNext(slot: Slot, nowMs: number): number {
    if (this.isOver) return NOTHING_YET;
    const dueMs = this.#feed.nextMs(nowMs);
    if (dueMs > nowMs) return dueMs;
    this.#feed.take(slot, dueMs);
    return TAKEN;
  }

  #takePrepared(prepared: PreparedAttempts, slot: Slot, nowMs: number): number {
    const isTaken = prepared.take(slot);
    const dueMs = prepared.isLow ? this.#prepare(prepared, nowMs) : NOTHING_YET;
    if (!isTaken) return dueMs;
    // Without a rate it is due when a slot is free, and not when it was written down.
    if (!this.#feed.hasRate) slot.dueMs = nowMs;
    return TAKEN;
  }

  /** @returns when the next one is due that is still to be dealt */
  #prepare(prepared: PreparedAttempts, nowMs: number): number {
    const { size } = prepared;
    // The faster they leave, the more share a commit.
    const ratePerMs = (this.#feed.begun - this.#dealt) / Math.max(1, nowMs - this.#dealtAtMs);
    prepared.aimAt(2 * COMMIT_EVERY_MS * ratePerMs);
    this.#dealtAtMs = nowMs;
    this.#dealt = this.#feed.begun;
    let dueMs = nowMs;
    while (!prepared.isFull && !this.#isStopped && !this.#feed.isOver) {
      dueMs = this.#feed.nextMs(nowMs);
      if (dueMs > nowMs) break;
      const attempt = this.#attempt;
      this.#feed.take(attempt, dueMs);
      this.#log.prepare(attempt, nowMs);
      prepared.add(attempt);
    }
    if (prepared.size > size) this.#commit(prepared);
    return dueMs > nowMs ? dueMs : NOTHING_YET;
  }

  #commit(prepared: PreparedAttempts): void {
    const markSafe = prepared.whenSafe();
    const { safe, broken } = this.#after;
    this.#log.commit({
      safe: () => {
        markSafe();
        safe();
      },
      broken,
    });
  }
}

/** Numbers with a fraction: V8 makes an object anew when a field has held whole numbers alone. */
function blankAttempt(): FirstAttempt {
  return {
    ...{ eventNumber: 0.5, attempt: 1, happenedAtMs: 0.5, firstAtMs: 0.5, skippedMs: 0.5, dueMs: 0.5 },
    ...{ journalId: 0.5, isForged: false, isSecond: false },
  };
}
