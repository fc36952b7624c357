import FlatQueue from 'flatqueue';
import type { SimulatedClock } from '../../delivery/simulated-clock.ts';

/**
 * What falls due later: one sleep on the clock for all of it, so that ten thousand inquiries that will expire cost
 * one timer, and `advance` does each thing at its time.
 */
export class Agenda {
  readonly #clock: SimulatedClock;
  #queue = new FlatQueue<() => void>();
  #interrupt = new AbortController();
  #sleepsUntilMs: number | undefined;
  #isClosed = false;

  constructor(clock: SimulatedClock) {
    this.#clock = clock;
  }

  /** Does `task` at `dueMs`, milliseconds since 1970 on the simulated clock. */
  add(dueMs: number, task: () => void): void {
    this.#queue.push(task, dueMs);
    if (this.#sleepsUntilMs === undefined) this.#start();
    else if (dueMs < this.#sleepsUntilMs) this.#interrupt.abort();
  }

  clear(): void {
    this.#queue.clear();
    this.#interrupt.abort();
  }

  close(): void {
    this.#isClosed = true;
    this.clear();
  }

  #start(): void {
    this.#sleepsUntilMs = this.#queue.peekValue();
    void this.#clock.during(() => this.#run());
  }

  async #run(): Promise<void> {
    for (let dueMs = this.#next(); dueMs !== undefined; dueMs = this.#next()) {
      this.#sleepsUntilMs = dueMs;
      this.#interrupt = new AbortController();
      const { signal } = this.#interrupt;
      try {
        await this.#clock.sleep(Math.max(0, dueMs - this.#clock.now()), signal);
      } catch (error) {
        if (!signal.aborted) throw error;
        continue;
      }
      this.#doWhatIsDue();
    }
    this.#sleepsUntilMs = undefined;
  }

  #next(): number | undefined {
    return this.#isClosed ? undefined : this.#queue.peekValue();
  }

  #doWhatIsDue(): void {
    const nowMs = this.#clock.now();
    for (let dueMs = this.#next(); dueMs !== undefined && dueMs <= nowMs; dueMs = this.#next())
      this.#queue.pop()?.();
  }
}
