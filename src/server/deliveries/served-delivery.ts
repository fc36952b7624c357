import type { DeliveryState } from '../../delivery/schedule.ts';
import type { SignatureMode } from '../../delivery/signature-mode.ts';
import type { StoredState } from '../../journal/delivery-store.ts';
import type { Timings } from '../../ports.ts';
import type { Removal } from '../../payload/blocklist/apply.ts';
import type { KeptAttempt, KeptDelivery } from './kept-delivery.ts';
import type { OwnClock } from './own-clock.ts';
import type { NewDelivery } from './runner.ts';

/** What only the server knows of a delivery. */
type Place = Pick<KeptDelivery, 'id' | 'webhookId' | 'url' | 'createdAtMs' | 'attemptsTotal'>;

/** A delivery on its way. */
export interface Course {
  readonly stop: AbortController;
  readonly clock: OwnClock;
  end?: DecidedEnd;
}

/** How and when a delivery ends, where that was decided from outside. */
export interface DecidedEnd {
  readonly state: 'cancelled' | 'failed';
  readonly atMs: number;
}

/**
 * A delivery of this server, taken on by it or found in its journal. Once it is settled its body is let go, and made
 * again for whoever looks, where that is possible. A class, since an object with a getter among many members takes as
 * long to make as all the rest of it.
 */
export class ServedDelivery implements KeptDelivery {
  readonly id: string;
  readonly eventId: string;
  readonly eventName: string;
  readonly webhookId: string;
  readonly url: string;
  readonly runId: string | undefined;
  readonly resendOf: string | undefined;
  readonly copy: number | undefined;
  readonly signature: SignatureMode;
  readonly removed: readonly Removal[];
  readonly unmatched: readonly string[];
  readonly createdAtMs: number;
  readonly attemptsTotal: number;
  readonly attempts: KeptAttempt[] = [];
  state: StoredState = 'pending';
  settledAtMs: number | undefined;
  reason: string | undefined;
  dueOnClockMs: number | undefined;
  /**
   * Undefined before it begins, and when it is settled. Not in a map of the runner: a map that much goes in and out of
   * keeps what it has forgotten until a full collection, and the bodies with it.
   */
  course: Course | undefined;
  /** Makes the next attempt now, where a run has yet to begin it or the journal's resume continues it. */
  hurry: (() => boolean) | undefined;
  #body: Buffer | undefined;
  readonly #bodyAgain: (() => Buffer) | undefined;

  constructor(given: NewDelivery, { id, webhookId, url, createdAtMs, attemptsTotal }: Place) {
    this.id = id;
    this.eventId = given.eventId;
    this.eventName = given.eventName;
    this.webhookId = webhookId;
    this.url = url;
    this.runId = given.runId;
    this.resendOf = given.resendOf;
    this.copy = given.copy;
    this.signature = given.signature ?? 'valid';
    this.removed = given.removed ?? [];
    this.unmatched = given.unmatched ?? [];
    this.createdAtMs = createdAtMs;
    this.attemptsTotal = attemptsTotal;
    this.#body = given.body;
    this.#bodyAgain = given.bodyAgain;
    if (given.skipReason !== undefined) this.settle('skipped', createdAtMs, given.skipReason);
  }

  get body(): Buffer {
    return (this.#body ?? this.#bodyAgain?.()) as Buffer;
  }

  /** What became of an attempt that is under way stays unknown. */
  settle(state: DeliveryState, atMs: number, reason = this.reason): void {
    const last = this.attempts.at(-1);
    if (last !== undefined && last.outcome === undefined)
      Object.assign(last, { outcome: { kind: 'cancelled' }, timings: cutOff(last.startedAtMs, atMs) });
    this.state = state;
    this.settledAtMs = atMs;
    this.reason = reason;
    this.dueOnClockMs = undefined;
    this.course = undefined;
    this.hurry = undefined;
    if (this.#bodyAgain !== undefined) this.#body = undefined;
  }
}

/** Of an attempt that was given up. */
export function cutOff(startedAtMs: number, atMs: number): Timings {
  return { totalMs: Math.max(0, atMs - startedAtMs) };
}
