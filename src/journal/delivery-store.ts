import type { Outcome } from '../delivery/attempt.ts';
import type { DeliveryState } from '../delivery/schedule.ts';
import type { Timings } from '../ports.ts';
import type { DeliveryExtras } from './delivery-extras-schema.ts';

/** `pending`: its next attempt is still to come, or its last one's outcome is unknown. */
export type StoredState = DeliveryState | 'pending';

/** A delivery in a list: all but its bytes. */
export interface DeliverySummary {
  /** Short, and unique in its store. */
  readonly id: string;
  readonly eventId: string;
  readonly eventName: string;
  readonly url: string;
  readonly state: StoredState;
  /** When it was taken on, milliseconds since 1970. */
  readonly createdAtMs: number;
  readonly attemptsMade: number;
  /** By its policy, the first included. */
  readonly attemptsTotal: number;
  /** When the next one is due in real time; absent when it is settled, or while an attempt is under way. */
  readonly nextAttemptAtMs?: number | undefined;
}

export interface StoredAttempt {
  /** Counts from 1. An attempt whose outcome was lost in a crash is made again under the same number. */
  readonly attempt: number;
  readonly startedAtMs: number;
  readonly simulatedAtMs: number;
  /** @default that of the delivery */
  readonly url?: string | undefined;
  readonly requestHeaders: Readonly<Record<string, string>>;
  /** Absent: it left, and what became of it is unknown. */
  readonly outcome?: Outcome | undefined;
  readonly timings?: Timings | undefined;
}

export interface StoredDelivery extends DeliverySummary {
  /** The exact bytes that were signed and sent. */
  readonly body: Buffer;
  readonly attempts: readonly StoredAttempt[];
  readonly settledAtMs?: number | undefined;
  /** The id of the delivery that it repeats. */
  readonly resendOf?: string | undefined;
  /** What `hookcast serve` knows of it beside that. */
  readonly extras?: DeliveryExtras | undefined;
}

export interface DeliveryFilter {
  readonly state?: StoredState | undefined;
  readonly eventId?: string | undefined;
  readonly eventName?: string | undefined;
}

/** Is this delivery one of those that the filter asks for? */
export function matches(found: DeliverySummary, { state, eventId, eventName }: DeliveryFilter): boolean {
  if (state !== undefined && found.state !== state) return false;
  if (eventId !== undefined && found.eventId !== eventId) return false;
  return eventName === undefined || found.eventName === eventName;
}

/** Where deliveries can be looked up: a journal's file, or a queue. */
export interface DeliveryStore {
  /** In the order in which they were taken on. */
  list(filter?: DeliveryFilter): AsyncIterable<DeliverySummary>;
  find(id: string): Promise<StoredDelivery | undefined>;
  /** How many of those asked for so far could not be read, where a store can be damaged. */
  readonly unreadable?: number | undefined;
  close(): Promise<void>;
}
