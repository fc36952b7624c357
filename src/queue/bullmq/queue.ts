import type { Queue } from 'bullmq';
import { randomInt } from 'node:crypto';
import { attemptCount } from '../../delivery/schedule.ts';
import type { DeliveryQueue } from '../delivery-queue.ts';
import { firstDelayMs, type QueuedDelivery } from '../queued-delivery.ts';
import { connectRedis, loadPackage, RedisError, type RedisLink, type RedisOptions } from './redis-link.ts';
import { systemClock } from '../../delivery/system-clock.ts';

export interface QueueOptions extends RedisOptions {
  /** Several queues can share a Redis. @default deliveries */
  readonly queueName?: string | undefined;
}

/** An open queue of BullMQ's. */
export interface OpenQueue {
  readonly link: RedisLink;
  readonly queue: Queue;
}

/** Keys in Redis: `hookcast:<queue>:…`. */
export const KEY_PREFIX = 'hookcast';
export const QUEUE_NAME = 'deliveries';

/** How much of what is settled is kept to be looked at; BullMQ removes the oldest. */
export const RETENTION = {
  completed: { age: 24 * 3_600, count: 100_000 },
  failed: { age: 7 * 24 * 3_600, count: 100_000 },
} as const;

/** Jobs per round trip: some megabytes of bodies at most. */
const BATCH = 200;
/** Lines of attempts per delivery: the longest policy, each attempt written twice, and some made again. */
const KEPT_LINES = 300;

/** Connects to the queue. @throws {UsageError | RedisError} see `connectRedis` */
export async function openQueue(options: QueueOptions): Promise<OpenQueue> {
  const link = await connectRedis(options);
  const { Queue: BullQueue } = await loadPackage(() => import('bullmq'));
  const queue = new BullQueue(options.queueName ?? QUEUE_NAME, {
    connection: link.client,
    prefix: KEY_PREFIX,
    // Nobody reads the stream of BullMQ's events.
    streams: { events: { maxLen: 100 } },
    defaultJobOptions: {
      backoff: { type: 'policy' },
      removeOnComplete: RETENTION.completed,
      removeOnFail: RETENTION.failed,
      keepLogs: KEPT_LINES,
      stackTraceLimit: 0,
    },
  });
  queue.on('error', () => undefined); // The link tells of connections, the commands of themselves.
  return { link, queue };
}

/** Redis was lost while deliveries were put into the queue. */
export class EnqueueError extends RedisError {
  readonly enqueued: number;
  /** The answer to the last batch was lost: it may be in the queue or not. */
  readonly unknown: number;
  readonly notEnqueued: number;

  constructor(cause: Error, counts: { enqueued: number; unknown: number; notEnqueued: number }) {
    const { enqueued, unknown, notEnqueued } = counts;
    const uncertain = unknown === 0 ? '' : `, ${unknown} perhaps`;
    super(`${cause.message}; ${enqueued} deliveries are in the queue${uncertain}, ${notEnqueued} are not`, {
      cause,
    });
    this.enqueued = enqueued;
    this.unknown = unknown;
    this.notEnqueued = notEnqueued;
  }
}

export interface OpenDeliveryQueue extends DeliveryQueue {
  /** For people: the URL without what is secret in it. */
  readonly address: string;
  readonly warnings: readonly string[];
}

/** The side that enqueues. @throws {UsageError | RedisError} see `connectRedis` */
export async function openDeliveryQueue(options: QueueOptions): Promise<OpenDeliveryQueue> {
  const { link, queue } = await openQueue(options);
  return {
    address: link.address,
    warnings: link.warnings,
    addBulk: (deliveries) => addBulk({ link, queue }, deliveries),
    close: async () => {
      link.close();
      await queue.close().catch(() => undefined);
    },
  };
}

async function addBulk({ link, queue }: OpenQueue, deliveries: readonly QueuedDelivery[]): Promise<string[]> {
  const ids = jobIds(deliveries.length);
  for (let from = 0; from < deliveries.length; from += BATCH) {
    const jobs = deliveries.slice(from, from + BATCH).map((data, index) => ({
      name: data.eventName,
      data,
      opts: {
        jobId: ids[from + index] ?? '',
        attempts: attemptCount(data.policy),
        delay: Math.ceil(firstDelayMs(data)),
      },
    }));
    try {
      await Promise.race([queue.addBulk(jobs), link.lost]);
    } catch (error) {
      const notEnqueued = deliveries.length - from - jobs.length;
      throw new EnqueueError(error as Error, { enqueued: from, unknown: jobs.length, notEnqueued });
    }
  }
  return ids;
}

/**
 * Ids of our own, since a command that was sent, and sent again after a lost connection, must not add a delivery
 * twice. They sort in the order in which the deliveries were taken on: milliseconds, a counter, chance.
 */
function jobIds(count: number): string[] {
  const time = Math.floor(systemClock.now()).toString(36);
  const run = randomInt(36 ** 3)
    .toString(36)
    .padStart(3, '0');
  return Array.from({ length: count }, (_, index) => `${time}${index.toString(36).padStart(4, '0')}${run}`);
}
