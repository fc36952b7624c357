import FlatQueue from 'flatqueue';
import type { SimulatedClock } from '../../delivery/time-scale.ts';

/**
 * Tasks that are due later: one sleep on the clock for all of them, so that ten thousand inquiries that will expire
 * cost one timer, and `advance` runs each at its time.
 */
export class TaskScheduler {
  readonly #clock: SimulatedClock;
  #queue = new FlatQueue<() => void>();
  #interrupt = new AbortController();
  #sleepsUntilMs: number | undefined;
  #isClosed = false;

  constructor(clock: SimulatedClock) {
    this.#clock = clock;
  }

  /** Runs `task` at `dueMs`, milliseconds since 1970 on the simulated clock. */
  add(dueMs: number, task: () => void): void {
    this.#queue.push(task, dueMs);
    if (this.#sleepsUntilMs === undefined) this.#start();
    else if (dueMs < this.#sleepsUntilMs) this.wake();
  }

  clear(): void {
    this.#queue.clear();
    this.wake();
  }

  /** Works out again how long to sleep, and on which clock. */
  wake(): void {
    this.#interrupt.abort();
  }

  close(): void {
    this.#isClosed = true;
    this.clear();
  }

  #start(): void {
    this.#sleepsUntilMs = this.#queue.peekValue();
    void this.#run();
  }

  /** Each wait counts for itself, since the next may be slept on another clock. */
  async #run(): Promise<void> {
    for (let dueMs = this.#next(); dueMs !== undefined; dueMs = this.#next()) {
      const next = dueMs;
      this.#sleepsUntilMs = next;
      this.#interrupt = new AbortController();
      await this.#clock.during(() => this.#waitUntil(next, this.#interrupt.signal));
    }
    this.#sleepsUntilMs = undefined;
  }

  async #waitUntil(dueMs: number, signal: AbortSignal): Promise<void> {
    try {
      await this.#clock.sleep(Math.max(0, dueMs - this.#clock.now()), signal);
    } catch (error) {
      if (!signal.aborted) throw error;
      return;
    }
    this.#runDue();
  }

  #next(): number | undefined {
    return this.#isClosed ? undefined : this.#queue.peekValue();
  }

  #runDue(): void {
    const nowMs = this.#clock.now();
    for (let dueMs = this.#next(); dueMs !== undefined && dueMs <= nowMs; dueMs = this.#next())
      this.#queue.pop()?.();
  }
}
