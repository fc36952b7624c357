import { UsageError } from '../errors.ts';
import type { Clock } from '../ports.ts';
import { parseDurationMs, type TimeScale } from './time-scale.ts';

/** Time as a schedule sees it: all durations are simulated milliseconds. */
export interface SimulatedClock extends Clock {
  readonly scale: TimeScale;
  /** Simulated milliseconds that were jumped over by hand, so far. */
  readonly movedMs: number;
  /** Counts the work as under way, except while it sleeps on this clock; see `MovableClock.next`. */
  during<T>(work: () => Promise<T>): Promise<T>;
}

interface Sleeper {
  readonly dueMs: number;
  /** Simulated; what was left at the last change of the clock. */
  leftMs: number;
  isWoken: boolean;
  /** Ends the real wait that is under way, so that it can be reckoned anew. */
  interrupt: AbortController;
}

const MOVED = new Error('the clock was moved');

/**
 * A clock for the waits between attempts and between events. It runs `scale` times as fast as the real one, and can
 * be paused, sped up and moved while deliveries wait on it.
 */
export class MovableClock implements SimulatedClock {
  readonly #real: Clock;
  readonly #sleepers = new Set<Sleeper>();
  #scale: TimeScale;
  #isPaused = false;
  #movedMs = 0;
  /** The two times at the last change. */
  #anchor: { readonly realMs: number; readonly simulatedMs: number };
  /** Work that is under way and not asleep. */
  #busy = 0;
  #onQuiet: (() => void)[] = [];
  #listeners: (() => void)[] = [];

  constructor(real: Clock, scale: TimeScale) {
    this.#real = real;
    this.#scale = scale;
    this.#anchor = { realMs: real.now(), simulatedMs: real.now() };
  }

  now(): number {
    const { realMs, simulatedMs } = this.#anchor;
    const isFlowing = !this.#isPaused && Number.isFinite(this.#scale);
    return isFlowing ? simulatedMs + (this.#real.now() - realMs) * this.#scale : simulatedMs;
  }

  get scale(): TimeScale {
    return this.#scale;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  get movedMs(): number {
    return this.#movedMs;
  }

  /** How many wait. */
  get sleeping(): number {
    return this.#sleepers.size;
  }

  /** @param ms - simulated */
  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const dueMs = this.now() + ms;
    const sleeper: Sleeper = { dueMs, leftMs: ms, isWoken: false, interrupt: new AbortController() };
    this.#sleepers.add(sleeper);
    this.#leave();
    try {
      while (!sleeper.isWoken) await this.#sleepOnce(sleeper, signal);
    } finally {
      this.#drop(sleeper);
    }
  }

  /** Time stands still; attempts that are under way go on. */
  pause(): void {
    this.#change(() => {
      this.#isPaused = true;
    });
  }

  resume(): void {
    this.#change(() => {
      this.#isPaused = false;
    });
  }

  /** @throws {UsageError} for a scale that is not above 0 */
  setScale(scale: TimeScale): void {
    if (!(scale > 0)) throw new UsageError(`time scale ${scale}: expected a number above 0`);
    this.#change(() => {
      this.#scale = scale;
    });
  }

  /**
   * Moves the clock forward: everything that falls due on the way happens, one after the other, each at its time.
   * Resolves when all of that is over and everybody waits again.
   * @param duration - simulated: milliseconds, or a text such as `66s`, `1.5h`, `3d`
   */
  async advance(duration: number | string): Promise<void> {
    const ms = typeof duration === 'number' ? duration : parseDurationMs(duration);
    if (ms === undefined || !(ms >= 0)) {
      throw new UsageError(`${duration}: expected milliseconds, or a duration such as 66s, 1.5h or 3d`);
    }
    const targetMs = this.now() + ms;
    await this.#quiet();
    for (let first = this.#first(); first !== undefined && first.dueMs <= targetMs; first = this.#first()) {
      this.#wakeAt(first);
      await this.#quiet();
    }
    this.#moveTo(targetMs);
  }

  /**
   * Moves the clock to the next attempt or event. Resolves with true when that is over and everybody waits again;
   * with false when nothing waits.
   */
  async next(): Promise<boolean> {
    await this.#quiet();
    const isMoved = this.skip();
    await this.#quiet();
    return isMoved;
  }

  /** Moves the clock to whatever is due next, without waiting for what that does. False when nothing waits. */
  skip(): boolean {
    const first = this.#first();
    if (first !== undefined) this.#wakeAt(first);
    return first !== undefined;
  }

  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#busy += 1;
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  /** Called whenever the clock is paused, resumed, moved or given another scale. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  async #sleepOnce(sleeper: Sleeper, signal: AbortSignal | undefined): Promise<void> {
    sleeper.interrupt = new AbortController();
    const { signal: interrupted } = sleeper.interrupt;
    const cancel = () => sleeper.interrupt.abort(signal?.reason);
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      if (this.#isPaused) await untilAborted(interrupted);
      else await this.#real.sleep(sleeper.leftMs / this.#scale, interrupted);
      this.#wake(sleeper);
    } catch (error) {
      if (error !== MOVED) throw error;
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  /** By itself, when its time has come. */
  #wake(sleeper: Sleeper): void {
    sleeper.isWoken = true;
    if (!Number.isFinite(this.#scale)) this.#setNow(Math.max(this.now(), sleeper.dueMs));
  }

  #wakeAt(sleeper: Sleeper): void {
    sleeper.isWoken = true;
    this.#drop(sleeper);
    this.#moveTo(sleeper.dueMs);
    sleeper.interrupt.abort(MOVED);
  }

  #moveTo(simulatedMs: number): void {
    const ms = Math.max(0, simulatedMs - this.now());
    this.#change(() => {
      this.#movedMs += ms;
      this.#setNow(this.now() + ms);
    });
  }

  /** Whoever sleeps reckons anew what is left. */
  #change(change: () => void): void {
    this.#setNow(this.now());
    change();
    for (const sleeper of this.#sleepers) {
      sleeper.leftMs = Math.max(0, sleeper.dueMs - this.now());
      sleeper.interrupt.abort(MOVED);
    }
    for (const listener of this.#listeners) listener();
  }

  #setNow(simulatedMs: number): void {
    this.#anchor = { realMs: this.#real.now(), simulatedMs };
  }

  /** It is under way again from the moment that it is woken, not from when its promise is looked at. */
  #drop(sleeper: Sleeper): void {
    if (this.#sleepers.delete(sleeper)) this.#busy += 1;
  }

  #leave(): void {
    this.#busy -= 1;
    if (this.#busy > 0) return;
    for (const resolve of this.#onQuiet.splice(0)) resolve();
  }

  /** Resolves when everything under way sleeps or is over. */
  async #quiet(): Promise<void> {
    do {
      if (this.#busy > 0) await new Promise<void>((resolve) => this.#onQuiet.push(resolve));
      // Whoever was just settled may begin something new.
      await new Promise(setImmediate);
    } while (this.#busy > 0);
  }

  #first(): Sleeper | undefined {
    let first: Sleeper | undefined;
    for (const sleeper of this.#sleepers) if (sleeper.dueMs < (first?.dueMs ?? Infinity)) first = sleeper;
    return first;
  }
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
