import type { Clock } from '../ports.ts';
import { anchorAt, type ClockAnchor, type ClockPlace } from './clock-place.ts';
import { monotonicMs } from './system-clock.ts';
import { checkedScale, durationMs, type TimeScale, type SimulatedClock } from './time-scale.ts';
import { WorkUnderWay } from './work-under-way.ts';

interface Sleeper {
  readonly dueMs: number;
  /** What was left at the last change of the clock; kept, since the difference of two times is less exact. */
  leftMs: number;
  isWoken: boolean;
  /** Ends the real wait that is under way, so that what is left is reckoned anew. */
  interrupt: AbortController;
}

/**
 * A clock for the waits between attempts and between events. It runs `scale` times as fast as the real one, and can
 * be paused, sped up and moved while deliveries wait on it.
 */
export class MovableClock implements SimulatedClock {
  readonly #real: Clock;
  readonly #sleepers = new Set<Sleeper>();
  #scale: TimeScale;
  #movedMs = 0;
  /** Monotonic; undefined while the clock runs. */
  #pausedSinceMs: number | undefined;
  #pausedBeforeMs = 0;
  #anchor: ClockAnchor;
  /** What does not sleep. */
  readonly #work = new WorkUnderWay();
  readonly #listeners = new Set<() => void>();

  /** @throws {UsageError} for a scale that is not above 0 */
  constructor(real: Clock, scale: TimeScale) {
    this.#real = real;
    this.#scale = checkedScale(scale);
    this.#anchor = anchorAt(real, real.now());
  }

  /** Puts it where another one stood. Before anything waits on it, and untold. */
  take({ nowMs, movedMs, isPaused, scale }: ClockPlace): void {
    this.#scale = checkedScale(scale);
    this.#movedMs = movedMs;
    this.#setNow(nowMs);
    this.#pausedSinceMs = isPaused ? this.#anchor.realMs : undefined;
  }

  now(): number {
    const { realMs, simulatedMs } = this.#anchor;
    const isFlowing = !this.isPaused && Number.isFinite(this.#scale);
    return isFlowing ? simulatedMs + (monotonicMs(this.#real) - realMs) * this.#scale : simulatedMs;
  }

  /** Two times that were the same moment, at the last change. */
  get changedAt(): Pick<ClockAnchor, 'wallMs' | 'simulatedMs'> {
    return this.#anchor;
  }

  get scale(): TimeScale {
    return this.#scale;
  }

  get isPaused(): boolean {
    return this.#pausedSinceMs !== undefined;
  }

  get movedMs(): number {
    return this.#movedMs;
  }

  get pausedMs(): number {
    const sinceMs = this.#pausedSinceMs;
    return this.#pausedBeforeMs + (sinceMs === undefined ? 0 : monotonicMs(this.#real) - sinceMs);
  }

  /** Simulated milliseconds until the next attempt or event; undefined when nothing waits. */
  get leftMs(): number | undefined {
    const first = this.#first();
    return first && Math.max(0, first.dueMs - this.now());
  }

  /** @param ms - simulated */
  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const dueMs = this.now() + ms;
    const sleeper: Sleeper = { dueMs, leftMs: ms, isWoken: false, interrupt: new AbortController() };
    this.#sleepers.add(sleeper);
    this.#work.ends();
    try {
      while (!sleeper.isWoken) await this.#sleepOnce(sleeper, signal);
    } finally {
      this.#drop(sleeper);
    }
  }

  /** Time stands still; attempts that are under way go on. */
  pause(): void {
    this.#change(() => (this.#pausedSinceMs ??= monotonicMs(this.#real)));
  }

  resume(): void {
    this.#change(() => {
      this.#pausedBeforeMs = this.pausedMs;
      this.#pausedSinceMs = undefined;
    });
  }

  /** @throws {UsageError} for a scale that is not above 0 */
  setScale(scale: TimeScale): void {
    const checked = checkedScale(scale);
    this.#change(() => (this.#scale = checked));
  }

  /**
   * Moves the clock forward: everything that falls due on the way happens, one after the other, each at its time.
   * Resolves when all of that is over and everybody waits again.
   * @param duration - simulated: milliseconds, or a text such as `66s`, `1.5h`, `3d`
   * @throws {UsageError} for what is not a duration
   */
  async advance(duration: number | string): Promise<void> {
    const targetMs = this.now() + durationMs(duration);
    await this.#work.quiet();
    for (let first = this.#first(targetMs); first !== undefined; first = this.#first(targetMs)) {
      this.#wakeAt(first);
      await this.#work.quiet();
    }
    this.#moveTo(targetMs);
  }

  /**
   * Moves the clock to the next attempt or event. Resolves with true when that is over and everybody waits again;
   * with false when nothing waits.
   */
  async next(): Promise<boolean> {
    await this.#work.quiet();
    const isMoved = this.skip();
    await this.#work.quiet();
    return isMoved;
  }

  /** As `next`, without waiting for anything that is under way. */
  skip(): boolean {
    const first = this.#first();
    if (first !== undefined) this.#wakeAt(first);
    return first !== undefined;
  }

  /** As `advance`, but all that is due on the way wakes at once, at the end of the move, and is not waited for. */
  move(ms: number): void {
    const targetMs = this.now() + durationMs(ms);
    for (let first = this.#first(targetMs); first !== undefined; first = this.#first(targetMs)) {
      this.#wakeAt(first);
    }
    this.#moveTo(targetMs);
  }

  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#work.begins();
    try {
      return await work();
    } finally {
      this.#work.ends();
    }
  }

  /** Calls the listener whenever the clock is paused, resumed, moved or given another scale; returns what ends that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Until the sleeper is due by itself, or something changes. */
  async #sleepOnce(sleeper: Sleeper, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    const interrupt = new AbortController();
    const cancel = () => interrupt.abort();
    sleeper.interrupt = interrupt;
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      if (this.isPaused) await aborted(interrupt.signal);
      else await this.#real.sleep(sleeper.leftMs / this.#scale, interrupt.signal);
      if (!interrupt.signal.aborted) this.#wake(sleeper);
    } catch (error) {
      // What a clock rejects with is its own affair: the system's wraps the reason.
      if (!interrupt.signal.aborted) throw error;
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  /** By itself, when its time has come. Without a real wait everybody's has, and the earliest due goes first. */
  #wake(sleeper: Sleeper): void {
    if (!Number.isFinite(this.#scale) && this.#first() !== sleeper) return;
    sleeper.isWoken = true;
    if (this.now() < sleeper.dueMs) this.#setNow(sleeper.dueMs);
    this.#drop(sleeper);
  }

  #wakeAt(sleeper: Sleeper): void {
    sleeper.isWoken = true;
    this.#drop(sleeper);
    this.#moveTo(sleeper.dueMs);
    sleeper.interrupt.abort();
  }

  #moveTo(simulatedMs: number): void {
    this.#change(() => {
      const nowMs = this.now();
      if (simulatedMs <= nowMs) return;
      this.#movedMs += simulatedMs - nowMs;
      this.#setNow(simulatedMs);
    });
  }

  /** Whoever sleeps reckons anew what is left. */
  #change(change: () => unknown): void {
    this.#setNow(this.now());
    change();
    for (const sleeper of this.#sleepers) {
      sleeper.leftMs = Math.max(0, sleeper.dueMs - this.now());
      sleeper.interrupt.abort();
    }
    for (const listener of this.#listeners) listener();
  }

  #setNow(simulatedMs: number): void {
    this.#anchor = anchorAt(this.#real, simulatedMs);
  }

  /** It is under way again from the moment that it is woken, not from when its promise is looked at. */
  #drop(sleeper: Sleeper): void {
    if (this.#sleepers.delete(sleeper)) this.#work.begins();
  }

  /** The earliest due, the longest asleep among equals. */
  #first(untilMs = Number.POSITIVE_INFINITY): Sleeper | undefined {
    let first: Sleeper | undefined;
    for (const sleeper of this.#sleepers) {
      if (sleeper.dueMs <= untilMs && (first === undefined || sleeper.dueMs < first.dueMs)) first = sleeper;
    }
    return first;
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
