import { setMaxListeners } from 'node:events';
import FlatQueue from 'flatqueue';
import { attemptRequest, type Attempt } from '../delivery/attempt.ts';
import type { Wait } from '../delivery/deliver.ts';
import type { SimulatedClock } from '../delivery/movable-clock.ts';
import { buildRequest, type Endpoint } from '../delivery/request.ts';
import { nextStep, type DeliveryState, type NextStep } from '../delivery/schedule.ts';
import { scaledMs } from '../delivery/time-scale.ts';
import { HookcastError, UsageError } from '../errors.ts';
import type { DeliveryPolicy } from '../persona/policies.ts';
import type { Clock, HttpSender } from '../ports.ts';
import { JournalError } from './errors.ts';
import type { Due, Journal, JournalChange, PendingDelivery } from './journal.ts';
import type { RenderBody } from './load-ledger.ts';
import { recordEnd } from './journalled-webhook.ts';
import { positionOf } from './resumed-position.ts';

export interface ResumedWebhook {
  readonly endpoint: Endpoint;
  readonly policy: DeliveryPolicy;
}

export interface ResumeOptions {
  readonly journal: Journal;
  /** By the number of the journal; deliveries to other webhooks stay pending. */
  readonly webhooks: ReadonlyMap<number, ResumedWebhook>;
  readonly clock: Clock;
  readonly simulatedClock: SimulatedClock;
  readonly sender: HttpSender;
  /** Webhooks that nothing may be sent to, and why; deliveries to them stay pending. */
  readonly refused?: ReadonlyMap<number, HookcastError> | undefined;
  /** Only these deliveries. @default all that are pending */
  readonly only?: readonly number[] | undefined;
  /** How many attempts may be under way at a time. @default 16 */
  readonly concurrency?: number | undefined;
  /** Stops: what is pending stays pending, and what is under way is cut off and made again at the next resume. */
  readonly signal?: AbortSignal | undefined;
  /** Makes bodies of load runs again. @default such deliveries stay pending */
  readonly renderBody?: RenderBody | undefined;
  readonly onAttempt?:
    ((delivery: PendingDelivery, attempt: Attempt, wait: Wait | undefined) => void) | undefined;
  readonly onSettled?: ((delivery: PendingDelivery, state: DeliveryState) => void) | undefined;
  /** Settled by another process while this one goes on: cancelled, or failed since its webhook was disabled. */
  readonly onGivenUp?: ((ids: readonly number[], state: DeliveryState) => void) | undefined;
  /** Called before nothing happens until the next attempt is due. */
  readonly onWait?: ((wait: Wait) => void) | undefined;
  /** A delivery that stays pending, since the journal is damaged there or its webhook is not known. */
  readonly onSkipped?: ((id: number, reason: string) => void) | undefined;
}

export const DEFAULT_CONCURRENCY = 16;

const PAGE = 1_000;
const WOKEN = new Error('woken');

/**
 * Goes on with all pending deliveries of a journal where they stood. What is overdue is sent at once, the longest
 * overdue first. Waiting costs a few bytes per delivery: its body is read when it is due.
 * @throws {JournalBrokenError | UsageError}; {HookcastError} at the end when some may not be sent
 */
export function resumeDeliveries(options: ResumeOptions): Promise<void> {
  const { concurrency = DEFAULT_CONCURRENCY } = options;
  if (!Number.isSafeInteger(concurrency) || concurrency < 1)
    throw new UsageError(`concurrency ${concurrency}: expected a whole number from 1`);
  return options.simulatedClock.during(() => new ResumeRun(options).run());
}

interface Now {
  readonly realMs: number;
  readonly simulatedMs: number;
}

class ResumeRun {
  readonly #options: ResumeOptions;
  /** Ids, by the simulated time at which they are due. */
  readonly #queue = new FlatQueue<number>();
  readonly #gone = new Set<number>();
  readonly #signal: AbortSignal;
  /** By webhook. */
  readonly #refused: Map<number, HookcastError>;
  readonly #unsubscribe: () => void;
  #active = 0;
  #wake = new AbortController();
  #failure: Error | undefined;

  constructor(options: ResumeOptions) {
    this.#options = options;
    const { journal, signal } = options;
    this.#refused = new Map(options.refused);
    this.#signal = AbortSignal.any([journal.broken, ...(signal === undefined ? [] : [signal])]);
    // Each attempt under way listens.
    setMaxListeners(0, this.#signal);
    this.#signal.addEventListener('abort', () => this.#wake.abort(WOKEN));
    this.#unsubscribe = journal.onChange((change) => this.#adapt(change));
  }

  async run(): Promise<void> {
    try {
      await this.#untilDone();
    } finally {
      this.#unsubscribe();
    }
  }

  async #untilDone(): Promise<void> {
    this.#fill();
    for (;;) {
      this.#dropGone();
      while (this.#canBegin() && this.#leftMs() <= 0) this.#begin(this.#queue.pop() as number);
      if (this.#active === 0 && !this.#canBegin()) break;
      await this.#untilSomethingHappens();
    }
    if (this.#failure !== undefined) throw this.#failure;
    this.#options.journal.broken.throwIfAborted();
    const [refusal] = this.#refused.values();
    if (refusal !== undefined) throw refusal;
  }

  #fill(): void {
    const { journal, only } = this.#options;
    // The clock may have been set back since: no wait is longer than its own length.
    journal.limitWaits(this.#options.clock.now());
    // One moment for all: what passes between two looks at the clock would change their order.
    const now = this.#now();
    if (only !== undefined) {
      for (const id of only) this.#enqueue({ id, dueAtMs: now.realMs, timeScale: 1 }, now);
      return;
    }
    let page = journal.due(0, PAGE);
    while (page.length > 0) {
      for (const due of page) this.#enqueue(due, now);
      page = journal.due(page.at(-1)?.id ?? 0, PAGE);
    }
    // Who looks at the journal sees when it is really sent, at the scale of now.
    const { realMs: nowMs } = now;
    const timeScale = this.#options.simulatedClock.scale;
    journal.reschedule({ fromMs: nowMs, nowMs, passedMs: 0, timeScale, sinceMs: 0 });
  }

  /** A wait goes on at the scale of now; overdue ones keep their order. */
  #enqueue({ id, dueAtMs, timeScale }: Due, now: Now): void {
    const leftMs = dueAtMs - now.realMs;
    const isAhead = leftMs > 0 && Number.isFinite(timeScale);
    this.#queue.push(id, now.simulatedMs + (isAhead ? leftMs * timeScale : Math.min(leftMs, 0)));
  }

  #now(): Now {
    const { clock, simulatedClock } = this.#options;
    return { realMs: clock.now(), simulatedMs: simulatedClock.now() };
  }

  #canBegin(): boolean {
    const { concurrency = DEFAULT_CONCURRENCY } = this.#options;
    const mayGoOn = this.#failure === undefined && !this.#signal.aborted;
    return mayGoOn && this.#queue.length > 0 && this.#active < concurrency;
  }

  #leftMs(): number {
    return (this.#queue.peekValue() ?? Infinity) - this.#options.simulatedClock.now();
  }

  #begin(id: number): void {
    if (this.#gone.has(id)) return;
    this.#active += 1;
    void this.#options.simulatedClock
      .during(() => this.#attempt(id))
      .catch((error: unknown) => {
        this.#failure ??= error as Error;
      })
      .finally(() => {
        this.#active -= 1;
        this.#wake.abort(WOKEN);
      });
  }

  async #untilSomethingHappens(): Promise<void> {
    this.#wake = new AbortController();
    const { signal } = this.#wake;
    if (!this.#canBegin()) {
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      return;
    }
    const { simulatedClock, onWait } = this.#options;
    const delayMs = Math.max(0, this.#leftMs());
    if (delayMs > 0) onWait?.({ delayMs, waitMs: delayMs / simulatedClock.scale });
    try {
      await simulatedClock.sleep(delayMs, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  async #attempt(id: number): Promise<void> {
    const { onSkipped } = this.#options;
    const pending = this.#read(id);
    if (pending === undefined) return;
    const webhook = this.#options.webhooks.get(pending.webhook);
    const refusal = this.#refused.get(pending.webhook);
    if (refusal !== undefined) {
      onSkipped?.(id, refusal.message);
      return;
    }
    const body = pending.body ?? (await this.#renderBody(pending));
    if (body === undefined) return;
    if (webhook === undefined) onSkipped?.(id, 'its webhook is not known');
    else await this.#attemptTo(webhook, pending, body);
  }

  /** Undefined, and said so, where it cannot be the same one again. */
  async #renderBody({ id, eventId, recipe }: PendingDelivery): Promise<Buffer | undefined> {
    const { journal, renderBody, onSkipped } = this.#options;
    try {
      if (recipe !== undefined && renderBody !== undefined)
        return await renderBody({ ...recipe, eventId }, journal.loadRun(recipe.run));
      onSkipped?.(id, 'its body is not kept');
    } catch (error) {
      if (!(error instanceof HookcastError) || journal.broken.aborted) throw error;
      onSkipped?.(id, error.message);
    }
    return undefined;
  }

  #read(id: number): PendingDelivery | undefined {
    try {
      return this.#options.journal.pending(id);
    } catch (error) {
      if (!(error instanceof JournalError)) throw error;
      this.#options.onSkipped?.(id, error.message);
      return undefined;
    }
  }

  async #attemptTo(
    { endpoint, policy }: ResumedWebhook,
    pending: PendingDelivery,
    body: Buffer,
  ): Promise<void> {
    const { journal, clock, simulatedClock, sender } = this.#options;
    const { position, ...skipped } = positionOf(pending, policy, clock.now());
    const request = buildRequest(endpoint, body, position);
    const { id } = pending;
    journal.attemptBegins({ delivery: id, position, request, ...skipped });
    await journal.commit();
    if (this.#signal.aborted) return;
    // One of its own: to Node, a listener per request on a shared one looks like a leak.
    const signal = AbortSignal.any([this.#signal]);
    const attempt = await attemptRequest(request, position, { sender, policy, signal }).catch(
      (error: unknown) => this.#refuse(pending, error),
    );
    if (attempt === undefined) return;
    const step = nextStep(policy, position.attempt, attempt.outcome);
    if (attempt.outcome.kind === 'cancelled') return;
    recordEnd(journal, { id, attempt, step, nowMs: clock.now(), timeScale: simulatedClock.scale });
    await journal.commit();
    this.#after(pending, attempt, step);
  }

  /** A name that leads to an address nothing may be sent to. What was begun stays pending, as the others do. */
  #refuse({ id, webhook }: PendingDelivery, error: unknown): undefined {
    if (!(error instanceof HookcastError) || error.code !== 'REMOTE_ADDRESS') throw error;
    this.#refused.set(webhook, error);
    this.#options.onSkipped?.(id, error.message);
  }

  #after(pending: PendingDelivery, attempt: Attempt, step: NextStep): void {
    const { simulatedClock, onAttempt, onSettled } = this.#options;
    const isGone = this.#gone.has(pending.id);
    if (step.kind === 'settled' || isGone) {
      onAttempt?.(pending, attempt, undefined);
      if (step.kind === 'settled' && !isGone) onSettled?.(pending, step.state);
      return;
    }
    const delayMs = step.delaySeconds * 1000;
    onAttempt?.(pending, attempt, { delayMs, waitMs: scaledMs(step.delaySeconds, simulatedClock.scale) });
    this.#queue.push(pending.id, simulatedClock.now() + delayMs);
  }

  #adapt(change: JournalChange): void {
    const now = this.#now();
    if (change.kind === 'settled') {
      for (const id of change.deliveries) this.#gone.add(id);
      this.#options.onGivenUp?.(change.deliveries, change.state);
    } else for (const id of change.deliveries) this.#enqueue({ id, dueAtMs: now.realMs, timeScale: 1 }, now);
    this.#wake.abort(WOKEN);
  }

  /** Nothing may be waited for that was settled meanwhile. */
  #dropGone(): void {
    while (this.#queue.length > 0 && this.#gone.has(this.#queue.peek() as number)) this.#queue.pop();
  }
}
