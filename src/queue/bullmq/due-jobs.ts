import type { Job, Worker } from 'bullmq';
import { shared } from '../../delivery/shared-signal.ts';
import { systemClock } from '../../delivery/system-clock.ts';
import { HookcastError } from '../../errors.ts';
import type { HttpSender } from '../../ports.ts';
import { attemptQueued } from '../attempt-queued.ts';
import { readRows } from '../attempt-row.ts';
import type { WorkerEvents, WorkSummary } from '../delivery-queue.ts';
import { openQueued, type Keyring, type Opened } from '../keyring.ts';
import type { QueuedDelivery } from '../queued-delivery.ts';
import type { OpenQueue } from './queue.ts';

/** When a delivery that this worker cannot make is offered again. */
const REFUSED_MS = 3_000;
export const TROUBLE_MS = 1_000;
export const EMPTY_CHECK_MS = 50;

export interface DueJobsOptions {
  readonly keyring: Keyring;
  readonly sender: HttpSender;
  /** Ends when nothing is left to do, retries included. @default false */
  readonly untilEmpty?: boolean | undefined;
  /** Takes nothing new, and waits up to 5 s for what is under way. */
  readonly signal: AbortSignal;
  readonly events: WorkerEvents;
}

/** What BullMQ is to do with a job, as the errors that it knows. */
export interface Signs {
  putBack(): Error;
  setAside(reason: string): Error;
}

/** Tells BullMQ that the policy's next wait follows, or that none is left. */
export class AttemptFailed extends Error {
  readonly waitMs: number;

  constructor(outcome: string, waitMs: number) {
    super(outcome);
    this.waitMs = waitMs;
  }
}

/** Makes the attempts that BullMQ says are due, and counts how deliveries end. @internal its types are BullMQ's */
export class DueJobs {
  readonly #open: OpenQueue;
  readonly #options: DueJobsOptions;
  readonly #signs: Signs;
  readonly #setAside = new Set<string>();
  readonly #refused = new Set<string>();
  readonly #reasons = new Set<string>();
  readonly #hurry = new AbortController();
  /** Each attempt under way listens. */
  readonly #hurrySignal = shared(this.#hurry.signal);
  #completed = 0;
  #failed = 0;

  constructor(open: OpenQueue, options: DueJobsOptions, signs: Signs) {
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
    job.data = opened.queued;
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

  async #attempt(job: Job<unknown>, opened: Extract<Opened, { kind: 'ready' }>) {
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

function isConnectionError(error: Error): boolean {
  return /ECONN|EPIPE|Connection is closed|ETIMEDOUT|Socket closed/.test(
    `${(error as NodeJS.ErrnoException).code ?? ''} ${error.message}`,
  );
}
