import { RATE_LIMIT, RATE_WINDOW_SECONDS } from '../../persona/api.ts';

/**
 * Counts requests per window, for the headers. It never refuses: tests call faster than 300 times a minute. A 429 comes
 * as a fault, when it is asked for.
 */
export class RateLimit {
  #windowEndsAtMs = 0;
  #count = 0;

  headers(nowMs: number): Record<string, string> {
    if (nowMs >= this.#windowEndsAtMs) {
      this.#windowEndsAtMs = nowMs + RATE_WINDOW_SECONDS * 1000;
      this.#count = 0;
    }
    this.#count += 1;
    return {
      'ratelimit-limit': String(RATE_LIMIT),
      'ratelimit-remaining': String(Math.max(0, RATE_LIMIT - this.#count)),
      'ratelimit-reset': String(Math.ceil((this.#windowEndsAtMs - nowMs) / 1000)),
    };
  }
}
