import type { DeliveryEnd, DeliveryObserver } from '../../delivery/observer.ts';
import type { MovableClock } from '../../delivery/movable-clock.ts';
import type { Wait } from '../../delivery/schedule.ts';
import type { DeliveryPolicy } from '../../persona/policies.ts';
import type { CommandContext } from '../context.ts';
import type { Countdown } from './countdown.ts';

/** A delivery as it is shown. */
export interface ShownDelivery {
  readonly eventId: string;
  readonly eventName: string;
  readonly url: string;
  readonly policy: DeliveryPolicy;
  /** In a scenario: 1, or 2 for a duplicate, which is a delivery of its own with the same event id. */
  readonly copy?: number | undefined;
  /** Its name in a journal or a queue. */
  readonly deliveryId?: string | undefined;
  /** In a scenario: when it is due, in simulated milliseconds since the start. */
  readonly dueMs?: number | undefined;
  readonly isDevelopmentSecret?: boolean | undefined;
  /** What the receiver knows, and no output shows. */
  readonly credentials?: readonly string[] | undefined;
  /** What its waits are slept on, where they are counted down. */
  readonly clock?: MovableClock | undefined;
  /** Why nothing was sent; asked for a skipped delivery only. */
  readonly skipReason?: (() => string | undefined) | undefined;
}

/** How deliveries are shown while they go on. */
export interface DeliveryView<D> extends Required<DeliveryObserver<D>> {
  /** Nothing happens until the next event is due. */
  waiting(wait: Wait, clock: MovableClock): void;
}

export interface OutputFlags {
  readonly json?: boolean | undefined;
  readonly quiet?: boolean | undefined;
}

export interface ViewOptions extends OutputFlags {
  readonly verbose?: boolean | undefined;
  /** Sent with the signatures of a recording. */
  readonly frozen?: boolean | undefined;
  /** What is interrupted goes on later. */
  readonly isKept?: boolean | undefined;
  /** One delivery alone in the order of its attempts, or many, of which each line names its own. @default each */
  readonly names?: 'none' | 'each' | 'each with its receiver' | undefined;
  /** @default a new one, on a terminal */
  readonly countdown?: Countdown | undefined;
}

/** With a journal it is not settled: it goes on at the next resume. */
export function isInterrupted({ state }: DeliveryEnd, { io }: CommandContext): boolean {
  return state === 'cancelled' && io.interrupted.aborted;
}
