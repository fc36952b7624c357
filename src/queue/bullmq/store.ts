import type { Job } from 'bullmq';
import {
  matches,
  type DeliveryFilter,
  type DeliveryStore,
  type DeliverySummary,
  type StoredDelivery,
  type StoredState,
} from '../../journal/delivery-store.ts';
import { attemptCount } from '../../delivery/schedule.ts';
import { readRows } from '../attempt-row.ts';
import { readQueued } from '../queued-delivery.ts';
import { closeQueue, openQueue, type OpenQueue, type QueueOptions } from './queue.ts';
import { systemClock } from '../../delivery/system-clock.ts';

const PAGE = 100;

/** Deliveries in a queue, as they are now: pending ones, and the settled ones that are still kept. */
export interface QueueStore extends DeliveryStore {
  /** For people: the URL without what is secret in it. */
  readonly address: string;
}

/** Looks into a queue; changes nothing. @throws {UsageError | RedisError} see `connectRedis` */
export async function openQueueStore(
  url: string,
  options: Omit<QueueOptions, 'url'> = {},
): Promise<QueueStore> {
  const open = await openQueue({ ...options, url });
  const { link } = open;
  return {
    address: link.address,
    list: (filter) => list(open, filter),
    find: (id) => Promise.race([find(open, id), link.lost]),
    close: () => closeQueue(open),
  };
}

async function* list(open: OpenQueue, filter: DeliveryFilter = {}): AsyncIterable<DeliverySummary> {
  const { link, queue } = open;
  const states = statesOf(filter);
  const ids = await Promise.race([queue.getRanges([...states], 0, -1), link.lost]);
  // A delivery that changes its state meanwhile is listed twice. The ids sort in the order of enqueuing.
  const sorted = [...new Set(ids)].sort();
  for (let from = 0; from < sorted.length; from += PAGE) {
    const page = sorted.slice(from, from + PAGE);
    const summaries = await Promise.race([Promise.all(page.map((id) => summary(open, id))), link.lost]);
    for (const found of summaries) if (found !== undefined && matches(found, filter)) yield found;
  }
}

const PENDING = ['waiting', 'active', 'delayed', 'prioritized'] as const;

function statesOf({ state }: DeliveryFilter) {
  if (state === undefined) return [...PENDING, 'completed', 'failed'] as const;
  if (state === 'pending') return PENDING;
  return state === 'completed' || state === 'failed' ? ([state] as const) : [];
}

async function summary(open: OpenQueue, id: string): Promise<DeliverySummary | undefined> {
  return (await read(open, id))?.summary;
}

async function find(open: OpenQueue, id: string): Promise<StoredDelivery | undefined> {
  const found = await read(open, id);
  if (found === undefined) return undefined;
  const { logs } = await open.queue.getJobLogs(id);
  return { ...found.summary, body: found.body, attempts: readRows(logs) };
}

/** Undefined when there is no delivery of this id, or what lies there is not a delivery. */
async function read(
  open: OpenQueue,
  id: string,
): Promise<{ body: Buffer; summary: DeliverySummary } | undefined> {
  const job = (await open.queue.getJob(id)) as Job<unknown> | undefined;
  const found = readQueued(job?.data);
  if (job === undefined || found === undefined) return undefined;
  const { queued, body } = found;
  const state = stateOf(job);
  const nextAttemptAtMs = state === 'pending' ? await dueAtMs(open, id) : undefined;
  const summary = {
    id,
    eventId: queued.eventId,
    eventName: queued.eventName,
    url: queued.url,
    state,
    createdAtMs: queued.enqueuedAtMs,
    attemptsMade: job.attemptsMade,
    attemptsTotal: attemptCount(queued.policy),
    nextAttemptAtMs,
  };
  return { body, summary };
}

/** From the job's own hash, so that it agrees with the rest of it. */
function stateOf(job: Job<unknown>): StoredState {
  if (job.finishedOn === undefined) return 'pending';
  return job.returnvalue === 'completed' ? 'completed' : 'failed';
}

async function dueAtMs({ queue, link }: OpenQueue, id: string): Promise<number | undefined> {
  const [score, lock] = await Promise.all([
    link.client.zscore(queue.toKey('delayed'), id),
    link.client.exists(queue.toKey(`${id}:lock`)),
  ]);
  if (lock === 1) return undefined;
  // BullMQ's score is the time with twelve bits for the order within a millisecond.
  return score === null ? Math.floor(systemClock.now()) : Math.floor(Number(score) / 4096);
}
