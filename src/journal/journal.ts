import type { Attempt } from '../delivery/attempt.ts';
import type { AttemptPosition } from '../delivery/request.ts';
import type { DeliveryState } from '../delivery/schedule.ts';
import type { HttpRequest } from '../ports.ts';
import type { DeliveryExtras } from './delivery-extras-schema.ts';
import type { EventRecipe, LoadLedger, NewLoadRun } from './load-ledger.ts';
import type { WebhookRecord } from './webhook-record.ts';

/** A delivery as it is taken on. Ids are whole numbers, counted up. */
export interface NewDelivery {
  readonly eventId: string;
  readonly eventName: string;
  /** The webhook's number in this journal. */
  readonly webhook: number;
  /** The exact bytes. */
  readonly body: Buffer;
  readonly createdAtMs: number;
  /** Real time at which the first attempt is due. */
  readonly dueAtMs: number;
  /** The wait before the first attempt, where there is one. */
  readonly wait?: JournalledWait | undefined;
  /** Settled without an attempt. */
  readonly skipped?: boolean | undefined;
  /** The number of the delivery that it repeats. */
  readonly resendOf?: number | undefined;
  readonly extras?: DeliveryExtras | undefined;
}

/** Where a pending delivery stands: all that the next attempt needs. */
export interface PendingDelivery {
  readonly id: number;
  readonly eventId: string;
  readonly eventName: string;
  readonly webhook: number;
  /** With a known outcome. */
  readonly attemptsMade: number;
  /** Absent before the first attempt. */
  readonly firstAttemptAtMs: number | undefined;
  /** Simulated time that was jumped over before the first attempt. */
  readonly skippedBeforeMs: number;
  /** Simulated time that did not pass really, since the first attempt. */
  readonly skippedMs: number;
  /** The wait that goes on, if one does: its simulated length, and its beginning in real time. */
  readonly wait: { readonly delayMs: number; readonly sinceMs: number } | undefined;
  /** The exact bytes; null where `recipe` says how to render them again. */
  readonly body: Buffer | null;
  readonly recipe: EventRecipe | undefined;
  readonly extras?: DeliveryExtras | undefined;
}

/** A pending delivery's place in the queue. */
export interface Due {
  readonly id: number;
  /** Real time. For an attempt whose outcome is unknown: when it left. */
  readonly dueAtMs: number;
  /** The scale that `dueAtMs` was reckoned with. */
  readonly timeScale: number;
  /** The wait that goes on, if one does. */
  readonly wait?: PendingDelivery['wait'];
}

/** The wait after an attempt, as it is written down. */
export interface JournalledWait {
  readonly delayMs: number;
  readonly sinceMs: number;
  readonly timeScale: number;
}

export interface WaitingPlace {
  readonly attemptsMade: number;
  readonly firstAtMs: number;
  readonly dueAtMs: number;
  readonly wait: JournalledWait;
}

/** How an attempt settled its delivery. */
export interface SettledEnd {
  readonly state: DeliveryState;
  readonly atMs: number;
}

export interface AttemptBegin {
  readonly delivery: number;
  /** Its webhook's number, where it is at hand. @default looked up */
  readonly webhook?: number | undefined;
  readonly position: AttemptPosition;
  readonly request: HttpRequest;
  readonly skippedBeforeMs: number;
  readonly skippedMs: number;
  /** The wait before it is over by the wall clock, so that what is written of the delivery stays true. @default false */
  readonly isWaitOver?: boolean | undefined;
}

/** Between two real moments another simulated time passed than was reckoned with, and it goes on at this scale. */
export interface Rescheduling {
  readonly fromMs: number;
  readonly nowMs: number;
  /** Simulated. */
  readonly passedMs: number;
  readonly timeScale: number;
  /** Between the two the clock stood still, but for what it was moved by: later waits have not begun to run. */
  readonly stoodStill?: boolean | undefined;
  /** Whose waits run on that clock. @default all */
  readonly deliveries?: readonly number[] | undefined;
}

/** What the holder of a journal is asked to do by another process. */
export type JournalRequest =
  | {
      readonly kind: 'cancel';
      readonly deliveries: readonly number[];
      /** When that was. @default now */
      readonly atMs?: number | undefined;
    }
  /** Settles the pending deliveries of these webhooks as failed, as Persona does when a webhook is disabled. */
  | {
      readonly kind: 'disable';
      readonly webhooks: readonly number[];
      /** A simulator that is disabled: what others send to the same webhook goes on. @default all of them */
      readonly by?: object | undefined;
    }
  | { readonly kind: 'resend'; readonly deliveries: readonly number[] };

/** What a request has changed in the journal; a run adapts to it. */
export type JournalChange =
  | {
      readonly kind: 'settled';
      readonly deliveries: readonly number[];
      readonly state: DeliveryState;
      /** They were disabled. */
      readonly webhooks: readonly number[];
      /** Of the request. */
      readonly by?: object | undefined;
    }
  | { readonly kind: 'added'; readonly deliveries: readonly number[] };

/** Whose deliveries a listener sends, and which. */
export interface DeliveryHolder {
  readonly owner: object;
  holds(delivery: number): boolean;
}

/**
 * The durable record of deliveries. Appending is synchronous and cheap; what one tick appended is on disk when
 * `commit` resolves. Every method throws JournalBrokenError once writing has failed.
 */
export interface Journal {
  readonly path: string;
  /** Aborts, with the error, when nothing can be written any more. */
  readonly broken: AbortSignal;
  /** A webhook that is there already, with the same secrets and headers, keeps its number. */
  addWebhook(webhook: WebhookRecord): number;
  webhooks(): ReadonlyMap<number, WebhookRecord>;
  /** Key of the secrets' fingerprints. */
  readonly salt: string;
  addDelivery(delivery: NewDelivery): number;
  /** Adds to what is known of a delivery beside its row. */
  addExtras(delivery: number, extras: DeliveryExtras): void;
  /** Adds members to what is noted under a name; `run:r1`, say. Undefined takes the note away. */
  note(name: string, members: object | undefined): void;
  /** All notes whose names begin so, by the rest of their names. */
  notes(prefix: string): ReadonlyMap<string, unknown>;
  attemptBegins(begin: AttemptBegin): void;
  /** `wait` is absent when the attempt settles the delivery or its outcome is unknown. */
  attemptEnded(delivery: number, attempt: Attempt, wait: JournalledWait | undefined): void;
  /** Ends no wait later than its own length from now: the clock may have been set back. */
  limitWaits(nowMs: number): void;
  /** Recomputes the times of next attempts. */
  reschedule(change: Rescheduling): void;
  /** Adds a load run; see LoadLedger. */
  startLoad(run: NewLoadRun): LoadLedger;
  /** The recipe of a load run. */
  loadRun(id: number): string | undefined;
  /** Says where a delivery stands that was not begun here. */
  waits(delivery: number, place: WaitingPlace): void;
  settle(delivery: number, state: DeliveryState, atMs: number): void;
  /** As `attemptEnded` and `settle` together. */
  attemptSettled(delivery: number, attempt: Attempt, end: SettledEnd): void;
  /** Resolves when everything appended so far is on disk. */
  commit(): Promise<void>;
  /** The same, before it returns. */
  commitNow(): void;
  pendingCount(): number;
  /** Pending deliveries with ids above `afterId`, by id. */
  due(afterId: number, limit: number): readonly Due[];
  /** Those of these deliveries that are pending, by id. */
  dueOf(ids: readonly number[]): readonly Due[];
  /** Undefined when it is settled. */
  pending(id: number): PendingDelivery | undefined;
  /** Those of these deliveries that are pending and belong to load runs, by id. */
  pendingLoads(ids: readonly number[]): Map<number, PendingDelivery>;
  pendingOf(webhooks: readonly number[]): readonly number[];
  /** The number of a delivery's webhook. */
  webhookOf(delivery: number): number | undefined;
  /** A new pending delivery of the same event and bytes. */
  resend(delivery: number, atMs: number): number;
  /** Does at once what another process would ask for. */
  carryOut(request: JournalRequest): JournalChange;
  /** Calls `listener` within a second after a request of another process was carried out; returns what ends that. */
  onChange(listener: (change: JournalChange) => void, holder?: DeliveryHolder): () => void;
  close(): void;
}
