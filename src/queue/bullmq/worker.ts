import type { Job, Worker } from 'bullmq';
import { hostname } from 'node:os';
import type { WorkSummary } from '../delivery-queue.ts';
import { AttemptFailed, DueJobs, EMPTY_CHECK_MS, TROUBLE_MS, type DueJobsOptions } from './due-jobs.ts';
import { closeQueue, KEY_PREFIX, openQueue, type OpenQueue, type QueueOptions } from './queue.ts';
import { loadPackage, RedisError, type RedisLink } from './redis-link.ts';
import { systemClock } from '../../delivery/system-clock.ts';

export interface WorkOptions extends QueueOptions, DueJobsOptions {
  /** Attempts under way at a time. @default 10 */
  readonly concurrency?: number | undefined;
  /** Connected, and about to begin. */
  readonly onReady?: ((address: string, warnings: readonly string[]) => void) | undefined;
  /**
   * How long a silent worker keeps its deliveries, and how often the others look: a killed worker's are taken over
   * after at most the lock and twice the check. @default 8 s, longer than an attempt, and 3 s
   */
  readonly locks?: { readonly lockMs: number; readonly checkMs: number } | undefined;
}

const LOCKS = { lockMs: 8_000, checkMs: 3_000 };
const GRACE_MS = 5_000;
const RETRY_COMMAND_MS = 500;
/** How long a lost connection is waited for where Redis itself is up: it is made again after a quarter of a second. */
const RECONNECT_MS = 2_000;
/** A worker that is killed may take the others' wake-up with it, so that they look by themselves this often. */
const IDLE_SECONDS = 1;

/**
 * Works until it is told to stop, the queue is empty (if asked), or Redis is lost for too long.
 * @throws {UsageError | RedisError}
 */
export async function workOnQueue(options: WorkOptions): Promise<WorkSummary> {
  const open = await openQueue(options);
  const { Worker: BullWorker, DelayedError, UnrecoverableError } = await loadPackage(() => import('bullmq'));
  const { lockMs, checkMs } = options.locks ?? LOCKS;
  const inbox = new DueJobs(open, options, {
    putBack: () => new DelayedError(),
    setAside: (reason) => new UnrecoverableError(reason),
  });
  // It would sleep for up to 10 s while a delayed job waits.
  class Impatient extends BullWorker {
    override getBlockTimeout(blockUntil: number): number {
      return Math.min(super.getBlockTimeout(blockUntil), IDLE_SECONDS);
    }
  }
  const worker = new Impatient(
    open.queue.name,
    (job: Job<unknown>, token) => inbox.handle(job, token ?? ''),
    {
      connection: open.link.client,
      prefix: KEY_PREFIX,
      name: `${hostname()}:${process.pid}`,
      concurrency: options.concurrency ?? 10,
      lockDuration: lockMs,
      stalledInterval: checkMs,
      // However often its worker dies, a delivery is not given up for that.
      maxStalledCount: Number.MAX_SAFE_INTEGER,
      drainDelay: IDLE_SECONDS,
      runRetryDelay: RETRY_COMMAND_MS,
      autorun: false,
      settings: {
        backoffStrategy: (_made, _type, error) =>
          error instanceof AttemptFailed ? Math.ceil(error.waitMs) : TROUBLE_MS,
      },
    },
  );
  inbox.listen(worker);
  let running: Promise<void> | undefined;
  try {
    await Promise.race([connected(worker, open.link), open.link.lost, untilAborted(options.signal)]);
    options.onReady?.(open.link.address, open.link.warnings);
    running = worker.run();
    await Promise.race([running, open.link.lost, untilAborted(options.signal), inbox.untilEmpty()]);
  } finally {
    await close(worker, inbox, open);
    running?.catch(() => undefined);
  }
  return inbox.summary;
}

/** A worker of BullMQ's that loses Redis before it is connected takes no job later, and reports nothing. */
async function connected(worker: Worker, { address }: RedisLink): Promise<void> {
  try {
    await worker.waitUntilReady();
  } catch (cause) {
    throw new RedisError(`Redis at ${address} was lost while the worker connected`, { cause });
  }
}

async function close(worker: Worker, inbox: DueJobs, open: OpenQueue): Promise<void> {
  const over = new AbortController();
  // BullMQ hangs up on the connection that waits for jobs. While that is being made again, ioredis never tells of its
  // end, or loses the command that waits: the worker would not be closed for seconds. Meanwhile it takes nothing new.
  await worker.pause(true);
  await Promise.race([open.link.restored(), whileUp(open.link, RECONNECT_MS, over.signal)]);
  const isClosed = worker.close();
  isClosed.catch(() => undefined);
  await Promise.race([isClosed, whileUp(open.link, GRACE_MS, over.signal)]);
  inbox.hurry();
  await Promise.race([isClosed, whileUp(open.link, RETRY_COMMAND_MS, over.signal)]);
  const closingQueue = closeQueue(open);
  const limit = systemClock.sleep(RETRY_COMMAND_MS, over.signal);
  await Promise.race([worker.close(true), limit]).catch(() => undefined);
  limit.catch(() => undefined);
  await closingQueue;
  over.abort();
}

/** Resolves after this time, or as soon as Redis is lost: nothing can be recorded then. */
async function whileUp(link: RedisLink, ms: number, signal: AbortSignal): Promise<void> {
  for (let leftMs = ms; leftMs > 0 && link.isUp && !signal.aborted; leftMs -= EMPTY_CHECK_MS)
    await systemClock.sleep(Math.min(leftMs, EMPTY_CHECK_MS), signal).catch(() => undefined);
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
}
