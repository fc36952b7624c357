import type { Attempt } from '../delivery/attempt.ts';
import type { Wait } from '../delivery/deliver.ts';
import type { QueuedDelivery } from './queued-delivery.ts';

/** Where deliveries wait for a worker, on whatever machine it runs. */
export interface DeliveryQueue {
  /**
   * Puts deliveries into the queue and returns their ids, in the same order. Cheap for many: one round trip for
   * some hundred.
   * @throws {EnqueueError} when the queue is lost on the way; it says how many are in it
   */
  addBulk(deliveries: readonly QueuedDelivery[]): Promise<string[]>;
  close(): Promise<void>;
}

/** A delivery as a worker names it. */
export interface WorkedDelivery {
  readonly id: string;
  readonly queued: QueuedDelivery;
}

/** What a worker tells while it works. */
export interface WorkerEvents {
  /** After each attempt that was written down. */
  attempted(delivery: WorkedDelivery, attempt: Attempt, wait: Wait | undefined): void;
  /** The queue has taken note that a delivery is over. */
  settled(delivery: WorkedDelivery, end: { state: 'completed' | 'failed'; attempts: number }): void;
  /** Not for this worker; it stays in the queue. Told of each reason once. */
  refused(id: string, reason: string): void;
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
