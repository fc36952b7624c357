import type { Job, Worker } from 'bullmq';
import { hostname } from 'node:os';
import { HookcastError } from '../../errors.ts';
import type { HttpSender } from '../../ports.ts';
import { attemptQueued } from '../attempt-queued.ts';
import { readRows } from '../attempt-row.ts';
import type { WorkerEvents, WorkSummary } from '../delivery-queue.ts';
import { openQueued, type Keyring } from '../keyring.ts';
import type { QueuedDelivery } from '../queued-delivery.ts';
import { closeQueue, KEY_PREFIX, openQueue, type OpenQueue, type QueueOptions } from './queue.ts';
import { loadPackage, type RedisLink } from './redis-link.ts';
import { shared } from '../../delivery/shared-signal.ts';
import { systemClock } from '../../delivery/system-clock.ts';

export interface WorkOptions extends QueueOptions {
  readonly keyring: Keyring;
  readonly sender: HttpSender;
  /** Attempts under way at a time. @default 10 */
  readonly concurrency?: number | undefined;
  /** Ends when nothing is left to do, retries included. @default false */
  readonly untilEmpty?: boolean | undefined;
  /** Takes nothing new, and waits up to 5 s for what is under way. */
  readonly signal: AbortSignal;
  readonly events: WorkerEvents;
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
/** When a delivery that this worker cannot make is offered again. */
const REFUSED_MS = 3_000;
const TROUBLE_MS = 1_000;
const EMPTY_CHECK_MS = 200;
const RETRY_COMMAND_MS = 500;
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
  options.onReady?.(open.link.address, open.link.warnings);
  const running = worker.run();
  try {
    await Promise.race([running, open.link.lost, untilAborted(options.signal), inbox.untilEmpty()]);
  } finally {
    await close(worker, inbox, open);
    running.catch(() => undefined);
  }
  return inbox.summary;
}

/** What BullMQ is to do with a job, as the errors that it knows. */
interface Signs {
  putBack(): Error;
  setAside(reason: string): Error;
}

/** Tells BullMQ that the policy's next wait follows, or that none is left. */
class AttemptFailed extends Error {
  readonly waitMs: number;

  constructor(outcome: string, waitMs: number) {
    super(outcome);
    this.waitMs = waitMs;
  }
}

/** Makes the attempts that BullMQ says are due, and counts how deliveries end. */
class DueJobs {
  readonly #open: OpenQueue;
  readonly #options: WorkOptions;
  readonly #signs: Signs;
  readonly #setAside = new Set<string>();
  readonly #refused = new Set<string>();
  readonly #reasons = new Set<string>();
  readonly #hurry = new AbortController();
  /** Each attempt under way listens. */
  readonly #hurrySignal = shared(this.#hurry.signal);
  #completed = 0;
  #failed = 0;

  constructor(open: OpenQueue, options: WorkOptions, signs: Signs) {
    this.#open = open;
    this.#options = options;
    this.#signs = signs;
  }

  get summary(): WorkSummary {
    return { completed: this.#completed, failed: this.#failed, refused: this.#refused.size };
  }

  /** Ends attempts that are still under way; any worker makes them again. */
  hurry(): void {
    this.#hurry.abort();
  }

  listen(worker: Worker): void {
    const { events } = this.#options;
    worker.on('completed', (job) => {
      this.#completed += 1;
      this.#settle(job, 'completed');
    });
    worker.on('failed', (job) => {
      if (job?.finishedOn === undefined || this.#setAside.delete(job.id ?? '')) return;
      this.#failed += 1;
      this.#settle(job, 'failed');
    });
    worker.on('stalled', (id) => {
      events.takenOver(id);
    });
    worker.on('error', (error) => {
      if (!this.#open.link.isUp || isConnectionError(error)) return; // The link has reported that.
      events.trouble(error.message);
    });
  }

  /** Never throws anything but signs to BullMQ: what goes wrong here must not count as an attempt. */
  async handle(job: Job<unknown>, token: string): Promise<'completed'> {
    const opened = openQueued(job.data, this.#options.keyring);
    if (opened.kind === 'refused') return this.#refuse(job, token, opened.reason);
    if (opened.kind === 'foreign') return this.#putAside(job, opened.reason);
    const made = await this.#attempt(job, opened).catch((error: unknown) =>
      this.#afterError(job, token, error),
    );
    const { outcome } = made.attempt;
    if (outcome.kind === 'cancelled') return this.#putBack(job, token, 0);
    this.#refused.delete(job.id ?? '');
    this.#options.events.attempted({ id: job.id ?? '', queued: opened.queued }, made.attempt, made.wait);
    if (outcome.kind === 'accepted') return 'completed';
    throw new AttemptFailed(outcome.kind, made.wait?.waitMs ?? 0);
  }

  async #attempt(job: Job<unknown>, opened: Extract<ReturnType<typeof openQueued>, { kind: 'ready' }>) {
    const number = job.attemptsMade + 1;
    const { logs } = number === 1 ? { logs: [] } : await this.#open.queue.getJobLogs(job.id ?? '');
    const due = { ...opened, number, rows: readRows(logs) };
    return attemptQueued(due, {
      clock: systemClock,
      sender: this.#options.sender,
      signal: this.#hurrySignal,
      write: async (line) => {
        await job.log(line);
      },
    });
  }

  async #afterError(job: Job<unknown>, token: string, error: unknown): Promise<never> {
    // A public address, an unreadable certificate file: the same on each try, until the user acts.
    if (error instanceof HookcastError) return this.#refuse(job, token, error.message);
    if (this.#open.link.isUp) this.#options.events.trouble((error as Error).message);
    return this.#putBack(job, token, TROUBLE_MS);
  }

  /** Among the failed jobs, where its owner finds it; it is not counted. */
  #putAside(job: Job<unknown>, reason: string): never {
    this.#setAside.add(job.id ?? '');
    this.#options.events.setAside?.(job.id ?? '', reason);
    throw this.#signs.setAside(reason);
  }

  async #refuse(job: Job<unknown>, token: string, reason: string): Promise<never> {
    this.#refused.add(job.id ?? '');
    if (!this.#reasons.has(reason)) this.#options.events.refused(job.id ?? '', reason);
    this.#reasons.add(reason);
    return this.#putBack(job, token, REFUSED_MS);
  }

  /** Back into the queue without an attempt. Where that fails the lock runs out, and it is taken over. */
  async #putBack(job: Job<unknown>, token: string, waitMs: number): Promise<never> {
    await job.moveToDelayed(Math.ceil(systemClock.now() + waitMs), token).catch(() => undefined);
    throw this.#signs.putBack();
  }

  #settle(job: Job<unknown>, state: 'completed' | 'failed'): void {
    const delivery = { id: job.id ?? '', queued: job.data as QueuedDelivery };
    this.#options.events.settled(delivery, { state, attempts: job.attemptsMade });
  }

  /** Resolves when all that is left, if anything, is not for this worker. */
  async untilEmpty(): Promise<void> {
    const { untilEmpty, signal } = this.#options;
    if (untilEmpty !== true) return new Promise(() => undefined);
    for (;;) {
      const isEmpty = await this.#isEmpty();
      // One that has just come back empty is not a queue that was worked on.
      await this.#open.link.checked();
      if (isEmpty && this.#open.link.isUp) return;
      await systemClock.sleep(EMPTY_CHECK_MS, signal).catch(() => undefined);
      if (signal.aborted) return;
    }
  }

  async #isEmpty(): Promise<boolean> {
    const { queue } = this.#open;
    const counts = await queue.getJobCounts('waiting', 'active', 'delayed', 'prioritized');
    const left = Object.values(counts).reduce((sum, count) => sum + count, 0);
    if (left > this.#refused.size) return false;
    // Others may have made what was refused here.
    for (const id of left === 0 ? [] : this.#refused) {
      const job = await queue.getJob(id);
      if (job === undefined || job.finishedOn !== undefined) this.#refused.delete(id);
    }
    if (left === 0) this.#refused.clear();
    return left <= this.#refused.size;
  }
}

async function close(worker: Worker, inbox: DueJobs, open: OpenQueue): Promise<void> {
  const over = new AbortController();
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

function isConnectionError(error: Error): boolean {
  return /ECONN|EPIPE|Connection is closed|ETIMEDOUT|Socket closed/.test(
    `${(error as NodeJS.ErrnoException).code ?? ''} ${error.message}`,
  );
}
