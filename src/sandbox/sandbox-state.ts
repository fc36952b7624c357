import { seededRandom } from '../event/seeded-random.ts';
import { stringAt, type JsonObject } from '../json/node.ts';
import type { Random } from '../ports.ts';
import type { Fault } from './faults.ts';
import type { Schemas } from './http/call.ts';
import { Hints, type SandboxLog } from './log.ts';
import { nowMs, type Environment } from './state/environment.ts';
import { RATE_LIMIT, RATE_WINDOW_SECONDS, IDEMPOTENCY_SECONDS } from '../persona/api.ts';
import { createHash } from 'node:crypto';
import { ApiError } from './errors.ts';

/** What the HTTP side of a sandbox holds, beside the environment that it serves. */
export class SandboxState {
  readonly environment: Environment;
  readonly log: SandboxLog;
  readonly hints: Hints;
  /** Told of members and parameters that are not known, where they are not refused. */
  readonly onUnknown: ((sentence: string) => void) | undefined;
  readonly idempotency = new Idempotency();
  readonly rateLimit = new RateLimit();
  /** Of ids of requests: what is read in between does not change which ids resources get. */
  readonly requestRandom: Random;
  /** Of bodies; undefined until there was one. */
  schemas: Schemas | undefined;
  /** Each with the number of requests that it will still strike. */
  faults: { readonly fault: Fault; left: number }[] = [];

  constructor(environment: Environment, log: SandboxLog) {
    this.environment = environment;
    this.log = log;
    this.hints = new Hints(log);
    const hint = (sentence: string) => this.hints.tell(sentence, sentence);
    this.onUnknown = environment.settings.isLenient ? hint : undefined;
    this.requestRandom = seededRandom(environment.random.below(2 ** 31));
    this.#rearm();
  }

  /** As at the start; the environment is put back first. */
  reset(): void {
    this.idempotency.clear();
    this.hints.clear();
    this.#rearm();
  }

  #rearm(): void {
    this.faults = this.environment.settings.faults
      .filter(({ kind }) => kind !== 'stale-read')
      .map((fault) => ({ fault, left: fault.times }));
  }

  /** What a GET answers: with the fault `stale-read`, what was so a while ago. */
  asSeen(data: JsonObject | readonly JsonObject[]): JsonObject | readonly JsonObject[] {
    const stale = this.environment.settings.faults.find(({ kind }) => kind === 'stale-read');
    if (stale === undefined) return data;
    const atMs = nowMs(this.environment) - stale.durationMs;
    const former = (resource: JsonObject) =>
      this.environment.store.formerly(stringAt(resource, 'id') ?? '', atMs) ?? resource;
    return isList(data) ? data.map(former) : former(data);
  }
}

function isList(data: JsonObject | readonly JsonObject[]): data is readonly JsonObject[] {
  return Array.isArray(data);
}

/**
 * Counts requests per window, for the headers. It never refuses: tests call faster than 300 times a minute. A 429 comes
 * as a fault, when it is asked for.
 */
class RateLimit {
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

interface KeptAnswer {
  readonly status: number;
  readonly body: string;
}

interface Entry {
  /** Pending while the first request with the key is worked on. */
  readonly answer: Promise<KeptAnswer>;
  readonly fingerprint: string;
  readonly untilMs: number;
}

interface KeyedRequest {
  readonly request: string;
  readonly nowMs: number;
  readonly work: () => Promise<KeptAnswer>;
}

/** Answers of POST requests by `Idempotency-Key`, for a day of simulated time. */
class Idempotency {
  readonly #entries = new Map<string, Entry>();

  /**
   * The answer that the same request got before or is about to get; without one, that of the work. What is refused
   * is not kept.
   * @throws {ApiError} 409 when the key came with another request. UNDOCUMENTED: the status, and that a request waits
   * for another one with its key that is under way
   */
  async answer(key: string, { request, nowMs, work }: KeyedRequest): Promise<KeptAnswer> {
    const known = this.#entries.get(key);
    if (known !== undefined && known.untilMs > nowMs) {
      if (known.fingerprint === fingerprint(request)) return known.answer;
      throw new ApiError(409, KEY_TAKEN);
    }
    const untilMs = nowMs + IDEMPOTENCY_SECONDS * 1000;
    const entry = { answer: work(), fingerprint: fingerprint(request), untilMs };
    this.#entries.set(key, entry);
    try {
      return await entry.answer;
    } catch (error) {
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
      throw error;
    }
  }

  clear(): void {
    this.#entries.clear();
  }
}

const KEY_TAKEN =
  'Idempotency-Key: the key came with another request within the last 24 hours. Use a new one for each request.';

function fingerprint(request: string): string {
  return createHash('sha256').update(request).digest('base64');
}
