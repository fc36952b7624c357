import type { Queue } from 'bullmq';
import { randomInt } from 'node:crypto';
import { attemptCount } from '../../delivery/schedule.ts';
import type { DeliveryQueue } from '../delivery-queue.ts';
import { counted } from '../../text/plural.ts';
import { encodeQueued, firstDelayMs, type QueuedDelivery } from '../queued-delivery.ts';
import { EncodedData, queueOfEncodedJobs } from './encoded-jobs.ts';
import { connectRedis, loadPackage, RedisError, type RedisLink, type RedisOptions } from './redis-link.ts';
import { systemClock } from '../../delivery/system-clock.ts';

export interface QueueOptions extends RedisOptions {
  /** Several queues can share a Redis. @default deliveries */
  readonly queueName?: string | undefined;
}

/** An open queue of BullMQ's. @internal its type is known only where BullMQ is installed */
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
/** How long an interrupted run waits for the answer to a batch. */
const STOP_MS = 500;
/** Lines of attempts per delivery: the longest policy, each attempt written twice, and some made again. */
const KEPT_LINES = 300;

/** Connects to the queue. @throws {UsageError | RedisError} see `connectRedis` @internal */
export async function openQueue(options: QueueOptions): Promise<OpenQueue> {
  const queueName = options.queueName ?? QUEUE_NAME;
  const link = await connectRedis({ ...options, marker: `${KEY_PREFIX}:${queueName}:meta` });
  const EncodedQueue = queueOfEncodedJobs(await loadPackage(() => import('bullmq')));
  const queue = new EncodedQueue(queueName, {
    connection: link.client,
    prefix: KEY_PREFIX,
    // The stream of BullMQ's events has no reader.
    streams: { events: { maxLen: 100 } },
    defaultJobOptions: {
      backoff: { type: 'policy' },
      removeOnComplete: RETENTION.completed,
      removeOnFail: RETENTION.failed,
      keepLogs: KEPT_LINES,
      stackTraceLimit: 0,
    },
  });
  queue.on('error', () => undefined); // The link reports lost connections, each command its own error.
  return { link, queue };
}

/** How many deliveries of a run are in the queue. */
export interface EnqueueCounts {
  readonly enqueued: number;
  /** The answer to the last batch was lost: it may be in the queue or not. */
  readonly unknown: number;
  readonly notEnqueued: number;
}

/** Redis was lost, or the user stopped it, while deliveries were put into the queue. */
export class EnqueueError extends RedisError implements EnqueueCounts {
  readonly enqueued: number;
  readonly unknown: number;
  readonly notEnqueued: number;
  /** What happened, without the counts. */
  readonly reason: string;

  constructor(cause: Error, counts: EnqueueCounts) {
    const { enqueued, unknown, notEnqueued } = counts;
    const reason = cause instanceof EnqueueError ? cause.reason : cause.message;
    const uncertain = unknown === 0 ? '' : `, up to ${unknown} more may be`;
    super(`${reason}; ${counted(enqueued, 'delivery')} in the queue${uncertain}, ${notEnqueued} not`, {
      cause,
    });
    this.reason = reason;
    this.enqueued = enqueued;
    this.unknown = unknown;
    this.notEnqueued = notEnqueued;
  }
}

/** Never waits for a Redis that does not answer. @internal */
export async function closeQueue({ link, queue }: OpenQueue): Promise<void> {
  link.close();
  const limit = new AbortController();
  const tooLong = systemClock.sleep(STOP_MS, limit.signal);
  await Promise.race([queue.close(), tooLong]).catch(() => undefined);
  limit.abort();
  tooLong.catch(() => undefined);
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
    addBulk: (deliveries, signal) => addBulk({ link, queue }, deliveries, signal),
    close: () => closeQueue({ link, queue }),
  };
}

async function addBulk(
  { link, queue }: OpenQueue,
  deliveries: readonly QueuedDelivery[],
  signal?: AbortSignal,
): Promise<string[]> {
  const ids = jobIds(deliveries.length);
  const stopped = stoppedBy(signal);
  try {
    for (let from = 0; from < deliveries.length; from += BATCH) {
      const jobs = deliveries
        .slice(from, from + BATCH)
        .map((data, index) => jobOf(data, ids[from + index] ?? ''));
      try {
        await Promise.race([queue.addBulk(jobs), link.lost, stopped.promise]);
      } catch (error) {
        const notEnqueued = deliveries.length - from - jobs.length;
        throw new EnqueueError(error as Error, { enqueued: from, unknown: jobs.length, notEnqueued });
      }
    }
  } finally {
    stopped.forget();
  }
  return ids;
}

function jobOf(delivery: QueuedDelivery, jobId: string) {
  const opts = { jobId, attempts: attemptCount(delivery.policy), delay: Math.ceil(firstDelayMs(delivery)) };
  return { name: delivery.eventName, data: new EncodedData(encodeQueued(delivery)), opts };
}

/** Rejects a moment after the signal: a Redis that answers has answered by then. */
function stoppedBy(signal: AbortSignal | undefined) {
  let timer: NodeJS.Timeout | undefined;
  let stop = () => {};
  const promise = new Promise<never>((_, reject) => {
    stop = () => {
      timer = setTimeout(() => reject(new Error('interrupted')), STOP_MS);
    };
  });
  promise.catch(() => undefined);
  if (signal?.aborted === true) stop();
  else signal?.addEventListener('abort', stop, { once: true });
  const forget = () => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  };
  return { promise, forget };
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
