import type { Exchange } from '../ports.ts';
import { describeExchange } from './kit/expect.ts';

/** A receiver that asks for patience is waited for so often, and never longer than this at a time. */
const MAX_WAITS = 3;
const LONGEST_WAIT_MS = 30_000;
const FIRST_WAIT_MS = 1_000;

/** What a run may wait for rate limits in all. */
const BUDGET_MS = 300_000;

/** What a run has left to wait for rate limits. Requests that wait at the same time use it up once. */
export class LimitBudget {
  #leftMs = BUDGET_MS;
  #untilMs = 0;

  /** Takes what a wait from now on adds to those under way; false where that is more than is left. */
  take(waitMs: number, nowMs: number): boolean {
    const addedMs = Math.max(0, nowMs + waitMs - Math.max(this.#untilMs, nowMs));
    if (addedMs > this.#leftMs) return false;
    this.#leftMs -= addedMs;
    this.#untilMs = Math.max(this.#untilMs, nowMs + waitMs);
    return true;
  }
}

/** The receiver answers in place of its handler: what it would say to the request stays unknown. */
export class LimitReached extends Error {
  constructor(exchange: Exchange) {
    const seen = describeExchange(exchange) + retryAfterWords(exchange);
    super(
      `the receiver limits requests (${seen}), so nothing can be concluded: raise its limit for the test`,
    );
  }
}

/**
 * How long to wait before the request is tried again, milliseconds; undefined for an answer that counts.
 * @throws {LimitReached} when that was tried often enough
 */
export function waitMsAfter(
  exchange: Exchange,
  tried: number,
  { budget, nowMs }: { readonly budget: LimitBudget; readonly nowMs: number },
): number | undefined {
  if (!isLimited(exchange)) return undefined;
  const askedMs = retryAfterMs(exchange) ?? FIRST_WAIT_MS * 2 ** (tried - 1);
  const waitMs = Math.min(askedMs, LONGEST_WAIT_MS);
  if (tried > MAX_WAITS || !budget.take(waitMs, nowMs)) throw new LimitReached(exchange);
  return waitMs;
}

/** 503 says as much only together with Retry-After. */
function isLimited(exchange: Exchange): boolean {
  if (exchange.kind !== 'response') return false;
  const { status, headers } = exchange.response;
  return status === 429 || (status === 503 && headers['retry-after'] !== undefined);
}

/** Seconds only: a date would need the receiver's clock. */
function retryAfterMs(exchange: Exchange): number | undefined {
  const text = exchange.kind === 'response' ? exchange.response.headers['retry-after'] : undefined;
  return typeof text === 'string' && /^\d{1,9}$/.test(text) ? Number(text) * 1_000 : undefined;
}

function retryAfterWords(exchange: Exchange): string {
  const ms = retryAfterMs(exchange);
  return ms === undefined ? '' : `, Retry-After: ${ms / 1_000}`;
}

const PROXY_STATUSES: readonly number[] = [502, 503, 504];
const AWAY_CODES: readonly string[] = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'EHOSTUNREACH', 'ENETUNREACH'];

/** Nothing of the receiver answered: it is being restarted, or has broken down. */
export function isAway(exchange: Exchange): boolean {
  if (exchange.kind === 'unreachable') return AWAY_CODES.includes(exchange.code);
  return exchange.kind === 'response' && PROXY_STATUSES.includes(exchange.response.status);
}

/** The request itself was the last that the receiver heard. */
export function isHangUp(exchange: Exchange): boolean {
  return exchange.kind === 'unreachable' && ['ECONNRESET', 'EPIPE'].includes(exchange.code);
}
