import FlatQueue from 'flatqueue';
import { anySignal } from '../delivery/shared-signal.ts';
import { REAL_TIME, scaledMs } from '../delivery/time-scale.ts';
import { UsageError } from '../errors.ts';
import type { Due, JournalChange } from './journal.ts';
import type { ResumeOptions } from './resume-options.ts';
import { ResumedAttempts, type EndedAttempt } from './resumed-attempts.ts';

export const DEFAULT_CONCURRENCY = 16;

const PAGE = 1_000;
/** So many rows of due deliveries are read at a time. */
const READ_AHEAD = 100;
const WOKEN = new Error('woken');

/**
 * Continues all pending deliveries of a journal. Overdue attempts are sent at once, the longest overdue first. Waiting
 * costs a few bytes for each delivery: its body is read when its attempt is due.
 * @throws {JournalBrokenError | UsageError}; {HookcastError} at the end when some may not be sent
 */
export function resumeDeliveries(options: ResumeOptions): Promise<void> {
  const { concurrency = DEFAULT_CONCURRENCY } = options;
  if (!Number.isSafeInteger(concurrency) || concurrency < 1)
    throw new UsageError(`concurrency ${concurrency}: expected a whole number from 1`);
  return options.simulatedClock.during(() => new ResumeRun(options).run());
}

interface Now {
  readonly realMs: number;
  readonly simulatedMs: number;
}

class ResumeRun {
  readonly #options: ResumeOptions;
  readonly #attempts: ResumedAttempts;
  /** Ids, by the simulated time at which they are due. */
  readonly #queue = new FlatQueue<number>();
  /** Due, the next one last; their rows have been read, without bodies. */
  #due: number[] = [];
  readonly #gone = new Set<number>();
  readonly #signal: AbortSignal;
  readonly #unsubscribe: () => void;
  /** Attempts that take a place: at most `concurrency`. */
  #underWay = 0;
  /** Those, and attempts whose end is not on disk yet. */
  #unsettled = 0;
  #wake = new AbortController();
  #failure: Error | undefined;

  constructor(options: ResumeOptions) {
    this.#options = options;
    const { journal, signal } = options;
    this.#signal = anySignal(journal.broken, signal);
    this.#attempts = new ResumedAttempts(options, this.#signal);
    this.#signal.addEventListener('abort', () => this.#wake.abort(WOKEN));
    this.#unsubscribe = journal.onChange((change) => this.#adapt(change));
  }

  async run(): Promise<void> {
    try {
      await this.#untilDone();
    } finally {
      this.#unsubscribe();
    }
  }

  async #untilDone(): Promise<void> {
    this.#fill();
    for (;;) {
      this.#beginDue();
      if (this.#unsettled === 0 && !this.#canBegin()) break;
      await this.#untilSomethingHappens();
    }
    if (this.#failure !== undefined) throw this.#failure;
    this.#options.journal.broken.throwIfAborted();
    const [refusal] = this.#attempts.refused.values();
    if (refusal !== undefined) throw refusal;
  }

  #fill(): void {
    const { journal, only } = this.#options;
    // The clock may have been set back since: no wait is longer than its own length.
    journal.limitWaits(this.#options.clock.now());
    // One moment for all: what passes between two looks at the clock would change their order.
    const { standing } = this.#options;
    const now = { ...this.#now(), ...(standing && { realMs: standing.nowMs }) };
    let page = only === undefined ? journal.due(0, PAGE) : journal.dueOf(only);
    while (page.length > 0) {
      for (const due of page) this.#enqueue(due, now);
      page = only === undefined ? journal.due(page.at(-1)?.id ?? 0, PAGE) : [];
    }
    // The stored times are real times at the current time scale.
    const { realMs: nowMs } = now;
    const { scale } = this.#options.simulatedClock;
    const from =
      standing === undefined
        ? { fromMs: nowMs, timeScale: scale }
        : { fromMs: standing.sinceMs, timeScale: REAL_TIME, stoodStill: true };
    journal.reschedule({ ...from, nowMs, passedMs: 0, deliveries: only });
  }

  /** The rest of a wait runs at the current scale; overdue deliveries keep their order. */
  #enqueue(due: Due, now: Now): void {
    const { id } = due;
    const dueOnClockMs = now.simulatedMs + (this.#standingMs(due) ?? aheadMs(due, now));
    this.#queue.push(id, dueOnClockMs);
    this.#options.onQueued?.(id, dueOnClockMs, () => this.#hurry(id));
  }

  /** Puts a delivery that waits before all that are due. */
  #hurry(id: number): boolean {
    const earlier: (readonly [id: number, dueMs: number])[] = [];
    while (this.#queue.length > 0 && this.#queue.peek() !== id) {
      const dueMs = this.#queue.peekValue() as number;
      earlier.push([this.#queue.pop() as number, dueMs]);
    }
    const isFound = this.#queue.pop() === id;
    for (const [other, dueMs] of earlier) this.#queue.push(other, dueMs);
    if (isFound) this.#due.push(id);
    this.#wake.abort(WOKEN);
    return isFound;
  }

  /** What is left of a wait on a clock that stands still; undefined for what goes on with real time. */
  #standingMs({ dueAtMs, timeScale, wait }: Due): number | undefined {
    const { standing } = this.#options;
    if (standing === undefined || wait === undefined) return undefined;
    if (wait.sinceMs > standing.sinceMs || !Number.isFinite(timeScale)) return wait.delayMs;
    const leftMs = (dueAtMs - standing.sinceMs) * timeScale;
    // The difference of two such times is exact to a quarter of a microsecond.
    return Math.max(0, Math.round(leftMs * 1000) / 1000);
  }

  #now(): Now {
    const { clock, simulatedClock } = this.#options;
    return { realMs: clock.now(), simulatedMs: simulatedClock.now() };
  }

  #canBegin(): boolean {
    const { concurrency = DEFAULT_CONCURRENCY } = this.#options;
    const mayGoOn = this.#failure === undefined && !this.#signal.aborted;
    const isAny = this.#due.length > 0 || this.#queue.length > 0;
    return mayGoOn && isAny && this.#underWay < concurrency;
  }

  #leftMs(): number {
    if (this.#due.length > 0) return 0;
    return (this.#queue.peekValue() ?? Infinity) - this.#options.simulatedClock.now();
  }

  #beginDue(): void {
    this.#dropGone();
    while (this.#canBegin() && this.#leftMs() <= 0) {
      if (this.#due.length === 0) this.#takeDue();
      const id = this.#due.pop();
      if (id !== undefined && !this.#gone.has(id)) this.#begin(id);
    }
  }

  #takeDue(): void {
    const ids: number[] = [];
    for (let hasMore = true; hasMore && ids.length < READ_AHEAD; hasMore = this.#leftMs() <= 0)
      ids.push(this.#queue.pop() as number);
    this.#attempts.readAhead(ids);
    this.#due = ids.reverse();
  }

  #begin(id: number): void {
    this.#underWay += 1;
    this.#unsettled += 1;
    void this.#options.simulatedClock.during(() => this.#make(id));
  }

  async #make(id: number): Promise<void> {
    let hasPlace = true;
    const leavePlace = () => {
      if (hasPlace) this.#underWay -= 1;
      hasPlace = false;
    };
    try {
      const attempt = await this.#attempts.make(id, () => {
        leavePlace();
        // What the end of one attempt and the beginning of the next write shares a commit.
        this.#beginDue();
      });
      if (attempt !== undefined) this.#after(attempt);
    } catch (error) {
      this.#failure ??= error as Error;
    } finally {
      leavePlace();
      this.#unsettled -= 1;
      if (this.#unsettled === 0 || this.#canBegin()) this.#wake.abort(WOKEN);
    }
  }

  async #untilSomethingHappens(): Promise<void> {
    this.#wake = new AbortController();
    const { signal } = this.#wake;
    if (!this.#canBegin()) {
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      return;
    }
    const { simulatedClock, onWait } = this.#options;
    const delayMs = Math.max(0, this.#leftMs());
    if (delayMs > 0) onWait?.({ delayMs, waitMs: delayMs / simulatedClock.scale });
    try {
      await simulatedClock.sleep(delayMs, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  #after({ pending, attempt, step }: EndedAttempt): void {
    const { simulatedClock, onAttempt, onSettled } = this.#options;
    const isGone = this.#gone.has(pending.id);
    if (step.kind === 'settled' || isGone) {
      onAttempt?.(pending, attempt, undefined);
      if (step.kind === 'settled' && !isGone) onSettled?.(pending, step.state);
      return;
    }
    const delayMs = step.delaySeconds * 1000;
    onAttempt?.(pending, attempt, { delayMs, waitMs: scaledMs(step.delaySeconds, simulatedClock.scale) });
    this.#queue.push(pending.id, simulatedClock.now() + delayMs);
  }

  #adapt(change: JournalChange): void {
    const now = this.#now();
    if (change.kind === 'settled') {
      for (const id of change.deliveries) this.#gone.add(id);
      this.#options.onGivenUp?.(change.deliveries, change.state);
    } else for (const id of change.deliveries) this.#enqueue({ id, dueAtMs: now.realMs, timeScale: 1 }, now);
    this.#wake.abort(WOKEN);
  }

  /** Nothing may be waited for that was settled meanwhile. */
  #dropGone(): void {
    while (this.#queue.length > 0 && this.#gone.has(this.#queue.peek() as number)) this.#queue.pop();
  }
}

/** Simulated milliseconds until it is due; negative when it is overdue. */
function aheadMs({ dueAtMs, timeScale }: Due, { realMs }: Now): number {
  const leftMs = dueAtMs - realMs;
  return leftMs > 0 && Number.isFinite(timeScale) ? leftMs * timeScale : Math.min(leftMs, 0);
}
