import type { DeliveryHooks } from '../delivery/observer.ts';
import type { Endpoint } from '../delivery/request.ts';
import type { DeliveryState, Wait } from '../delivery/schedule.ts';
import type { SimulatedClock } from '../delivery/time-scale.ts';
import type { HookcastError } from '../errors.ts';
import type { DeliveryPolicy } from '../persona/policies.ts';
import type { Clock, HttpSender } from '../ports.ts';
import type { Journal, PendingDelivery } from './journal.ts';
import type { RenderBody } from './load-ledger.ts';

export interface ResumedWebhook {
  readonly endpoint: Endpoint;
  readonly policy: DeliveryPolicy;
}

export interface StandingClock {
  /** Real time since when it stands still. */
  readonly pausedAtMs: number;
  /** Real time at which the journal's times are right: it may have been moved since it was paused. */
  readonly sinceMs: number;
  /** Real time now, for everything that is resumed on it. */
  readonly nowMs: number;
}

export interface ResumeOptions extends Omit<DeliveryHooks<PendingDelivery, DeliveryState>, 'onStart'> {
  readonly journal: Journal;
  /** By the number of the journal; deliveries to other webhooks stay pending. */
  readonly webhooks: ReadonlyMap<number, ResumedWebhook>;
  readonly clock: Clock;
  readonly simulatedClock: SimulatedClock;
  readonly sender: HttpSender;
  /** For deliveries of load runs; may keep nothing of an answer but its status. @default sender */
  readonly loadSender?: HttpSender | undefined;
  /** Webhooks that nothing may be sent to, and why; deliveries to them stay pending. */
  readonly refused?: ReadonlyMap<number, HookcastError> | undefined;
  /** Only these deliveries, when they are due. @default all that are pending */
  readonly only?: readonly number[] | undefined;
  /** The simulated clock stands still, and did before: its waits have not run meanwhile. */
  readonly standing?: StandingClock | undefined;
  /** How many attempts may be under way at a time. @default 16 */
  readonly concurrency?: number | undefined;
  /** Stops: what is pending stays pending; an attempt under way is cut off, and the next resume makes it again. */
  readonly signal?: AbortSignal | undefined;
  /** Renders bodies of load runs again. @default such deliveries stay pending */
  readonly renderBody?: RenderBody | undefined;
  /** Settled by another process meanwhile: cancelled, or failed because the webhook was disabled. */
  readonly onGivenUp?: ((ids: readonly number[], state: DeliveryState) => void) | undefined;
  /**
   * A pending delivery was found, whose next attempt is due at this time of the simulated clock, epoch ms; `hurry` makes
   * it now, and is false when none is waited for.
   */
  readonly onQueued?: ((id: number, dueOnClockMs: number, hurry: () => boolean) => void) | undefined;
  /** Called before nothing happens until the next attempt is due. */
  readonly onWait?: ((wait: Wait) => void) | undefined;
  /** A delivery that stays pending, since the journal is damaged there or its webhook is not known. */
  readonly onSkipped?: ((id: number, reason: string) => void) | undefined;
}
