import type { SimulatedClock } from '../../delivery/time-scale.ts';

/** A webhook's clock as one delivery sees it: a wait on it can be ended for this delivery alone. */
export class OwnClock implements SimulatedClock {
  readonly #shared: SimulatedClock;
  readonly #onWait: (dueMs: number | undefined) => void;
  #hurry: AbortController | undefined;

  /** @param onWait - told when a wait ends, on the shared clock, and with nothing when it is over */
  constructor(shared: SimulatedClock, onWait: (dueMs: number | undefined) => void) {
    this.#shared = shared;
    this.#onWait = onWait;
  }

  now(): number {
    return this.#shared.now();
  }

  get scale(): number {
    return this.#shared.scale;
  }

  get movedMs(): number {
    return this.#shared.movedMs;
  }

  get pausedMs(): number {
    return this.#shared.pausedMs;
  }

  during<T>(work: () => Promise<T>): Promise<T> {
    return this.#shared.during(work);
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    const hurry = new AbortController();
    this.#hurry = hurry;
    this.#onWait(this.#shared.now() + ms);
    try {
      await this.#shared.sleep(
        ms,
        signal === undefined ? hurry.signal : AbortSignal.any([signal, hurry.signal]),
      );
    } catch (error) {
      if (!hurry.signal.aborted || signal?.aborted === true) throw error;
    } finally {
      this.#hurry = undefined;
      this.#onWait(undefined);
    }
  }

  /** Ends the wait; false when there is none. */
  hurry(): boolean {
    this.#hurry?.abort(new Error('next attempt now'));
    return this.#hurry !== undefined;
  }
}
