import type { Redis } from 'ioredis';
import { monotonicMs, systemClock } from '../../delivery/system-clock.ts';

export interface WatchEvents {
  onLost(): void;
  onBack(afterMs: number): void;
  /** Lost for longer than the patience. */
  onHopeless(): void;
}

const PING_MS = 1_000;
/** A Redis that answers later than this is told of as lost; one that is busy answers within. */
const SILENT_MS = 2_000;

/**
 * Notices a Redis that is lost: one whose connection closed, and one that no longer answers. A connection alone
 * says nothing: that of a stopped machine stays open for hours.
 */
export class RedisWatch {
  readonly #client: Redis;
  readonly #patienceMs: number;
  readonly #events: WatchEvents;
  readonly #timer: NodeJS.Timeout;
  /** When the ping was sent that has no answer yet. */
  #askedMs: number | undefined;
  #lostSinceMs: number | undefined;
  #isOver = false;

  constructor(client: Redis, patienceMs: number, events: WatchEvents) {
    this.#client = client;
    this.#patienceMs = patienceMs;
    this.#events = events;
    const everyMs = Math.min(PING_MS, Math.max(50, patienceMs / 4));
    this.#timer = setInterval(() => this.#look(), everyMs).unref();
  }

  get isLost(): boolean {
    return this.#lostSinceMs !== undefined;
  }

  /** Its connection closed, or it is silent since then. */
  lost(sinceMs = monotonicMs(systemClock)): void {
    if (this.#isOver || this.isLost) return;
    this.#lostSinceMs = sinceMs;
    this.#events.onLost();
  }

  back(): void {
    this.#askedMs = undefined;
    const sinceMs = this.#lostSinceMs;
    if (this.#isOver || sinceMs === undefined) return;
    this.#lostSinceMs = undefined;
    this.#events.onBack(monotonicMs(systemClock) - sinceMs);
  }

  close(): void {
    this.#isOver = true;
    clearInterval(this.#timer);
  }

  #look(): void {
    const nowMs = monotonicMs(systemClock);
    if (this.#askedMs === undefined) this.#ask(nowMs);
    else if (nowMs - this.#askedMs > Math.min(SILENT_MS, this.#patienceMs / 2)) this.lost(this.#askedMs);
    if (this.#lostSinceMs === undefined || nowMs - this.#lostSinceMs <= this.#patienceMs) return;
    this.close();
    this.#events.onHopeless();
  }

  #ask(nowMs: number): void {
    if (this.#client.status !== 'ready') return;
    this.#askedMs = nowMs;
    this.#client.ping().then(
      () => this.back(),
      () => (this.#askedMs = undefined), // The connection closed, which is told of by itself.
    );
  }
}
