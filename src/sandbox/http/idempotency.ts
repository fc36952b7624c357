import { createHash } from 'node:crypto';
import { IDEMPOTENCY_SECONDS } from '../../persona/api.ts';
import { ApiError } from '../errors.ts';

export interface KeptAnswer {
  readonly status: number;
  readonly body: string;
}

interface Entry extends KeptAnswer {
  readonly fingerprint: string;
  readonly untilMs: number;
}

/** Answers of POST requests by `Idempotency-Key`, for a day of simulated time. */
export class Idempotency {
  readonly #entries = new Map<string, Entry>();

  /**
   * The answer that the same request got before.
   * @throws {ApiError} 409 when the key came with another request. UNDOCUMENTED: the status
   */
  find(key: string, request: string, nowMs: number): KeptAnswer | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined || entry.untilMs <= nowMs) return undefined;
    if (entry.fingerprint === fingerprint(request)) return entry;
    throw new ApiError(
      409,
      'Idempotency-Key: the key came with another request within the last 24 hours. Use a new one for each request.',
    );
  }

  keep(key: string, request: string, answer: KeptAnswer & { readonly nowMs: number }): void {
    const { status, body, nowMs } = answer;
    const untilMs = nowMs + IDEMPOTENCY_SECONDS * 1000;
    this.#entries.set(key, { status, body, untilMs, fingerprint: fingerprint(request) });
  }

  clear(): void {
    this.#entries.clear();
  }
}

function fingerprint(request: string): string {
  return createHash('sha256').update(request).digest('base64');
}
