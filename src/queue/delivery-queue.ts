import type { DeliveryObserver } from '../delivery/observer.ts';
import type { QueuedDelivery } from './queued-delivery.ts';

/** Where deliveries wait for a worker, on whatever machine it runs. */
export interface DeliveryQueue {
  /**
   * Puts deliveries into the queue and returns their ids, in the same order. Cheap for many: one round trip for
   * some hundred.
   * @throws {EnqueueError} when the queue is lost on the way, or the signal aborts; it says how many are in it
   */
  addBulk(deliveries: readonly QueuedDelivery[], signal?: AbortSignal): Promise<string[]>;
  close(): Promise<void>;
}

/** A delivery as a worker names it. */
export interface WorkedDelivery {
  readonly id: string;
  readonly queued: QueuedDelivery;
}

/** What a worker reports while it works; `settled` follows when the queue has recorded that a delivery is over. */
export interface WorkerEvents extends Pick<
  Required<DeliveryObserver<WorkedDelivery>>,
  'attempted' | 'settled'
> {
  /** Not for this worker; it stays in the queue. Told of each reason once. */
  refused(id: string, reason: string): void;
  /** Not a delivery of hookcast at all; it is out of the queue's way, among the failed. */
  setAside?(id: string, reason: string): void;
  /** A worker that had it is gone; its attempt is made again under the same number. */
  takenOver(id: string): void;
  /** Something in the queue did not work; nothing is lost. */
  trouble(message: string): void;
}

export interface WorkSummary {
  readonly completed: number;
  readonly failed: number;
  /** Still in the queue, and not for this worker. */
  readonly refused: number;
}
