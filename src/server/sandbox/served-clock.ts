import { MovableClock } from '../../delivery/movable-clock.ts';
import type { SimulatedClock } from '../../delivery/time-scale.ts';
import { FASTEST_SCALE } from '../../sandbox/settings.ts';
import type { ServerState } from '../server-state.ts';
import { DEFAULT_ALIAS } from '../webhooks/registry.ts';

/**
 * The sandbox's time in a server: whoever pauses, moves or scales the clock of the default webhook means expiry, links
 * and decisions too. It never jumps back when another webhook becomes the default, and without one it is real time.
 */
export class ServedClock implements SimulatedClock {
  readonly #webhooks: ServerState['webhooks'];
  readonly #own: MovableClock;
  readonly #followed = new WeakSet<MovableClock>();
  readonly #onSwitch: () => void;
  #source: MovableClock;
  /** What this clock is ahead of its source. */
  #aheadMs = 0;

  /** @param onSwitch - told when the clock that is slept on is another one */
  constructor({ webhooks, clock }: Pick<ServerState, 'webhooks' | 'clock'>, onSwitch: () => void) {
    this.#webhooks = webhooks;
    this.#own = new MovableClock(clock, 1);
    this.#source = this.#own;
    this.#onSwitch = onSwitch;
    webhooks.onChange(() => this.#choose());
    this.#choose();
    this.#begin();
  }

  /** Nothing has happened in the sandbox yet: its time is that of its source, with all moves before. */
  #begin(): void {
    this.#aheadMs = 0;
    const movedMs = this.#webhooks.find(DEFAULT_ALIAS)?.clock.movedMs ?? 0;
    if (this.#source === this.#own && movedMs > 0) this.#own.move(movedMs);
  }

  now(): number {
    return this.#source.now() + this.#aheadMs;
  }

  get scale(): number {
    return this.#source.scale;
  }

  get movedMs(): number {
    return this.#source.movedMs;
  }

  get pausedMs(): number {
    return this.#source.pausedMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return this.#source.sleep(ms, signal);
  }

  during<T>(work: () => Promise<T>): Promise<T> {
    return this.#source.during(work);
  }

  #choose(): void {
    const clock = this.#webhooks.find(DEFAULT_ALIAS)?.clock;
    if (clock !== undefined) this.#follow(clock);
    // On a clock without waits every inquiry would expire as soon as it is created.
    const next = clock !== undefined && clock.scale <= FASTEST_SCALE ? clock : this.#own;
    if (next === this.#source) return;
    const nowMs = this.now();
    this.#source = next;
    this.#aheadMs = nowMs - next.now();
    this.#onSwitch();
  }

  #follow(clock: MovableClock): void {
    if (this.#followed.has(clock)) return;
    this.#followed.add(clock);
    let seenMs = clock.movedMs;
    clock.onChange(() => {
      const movedMs = clock.movedMs - seenMs;
      seenMs = clock.movedMs;
      if (this.#webhooks.find(DEFAULT_ALIAS)?.clock !== clock) return;
      this.#choose();
      if (this.#source === this.#own && movedMs > 0) this.#own.move(movedMs);
    });
  }
}
