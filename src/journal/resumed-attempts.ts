import { attemptRequest, type Attempt } from '../delivery/attempt.ts';
import { positionOf, skippedOfWait, type SkippedTime } from '../delivery/position.ts';
import { withHeaders, type AttemptPosition } from '../delivery/request.ts';
import { nextStep, type NextStep } from '../delivery/schedule.ts';
import { requestFor } from '../delivery/signature-mode.ts';
import { HookcastError } from '../errors.ts';
import type { DeliveryPolicy } from '../persona/policies.ts';
import { JournalError } from './errors.ts';
import type { PendingDelivery } from './journal.ts';
import { recordEnd } from './journalled-webhook.ts';
import { credentialsOf, maskAnswer } from './mask-answer.ts';
import type { ResumedWebhook, ResumeOptions } from './resume-options.ts';

/** An attempt whose outcome is on disk. */
export interface EndedAttempt {
  readonly pending: PendingDelivery;
  readonly attempt: Attempt;
  readonly step: NextStep;
}

/** Makes the attempts of a resumed journal, each written down before it leaves and after it has ended. */
export class ResumedAttempts {
  /** Webhooks that nothing may be sent to, by their number. */
  readonly refused: Map<number, HookcastError>;
  readonly #options: ResumeOptions;
  readonly #signal: AbortSignal;
  /** For how long the clock had been paused when these waits began, and when all others had. */
  readonly #pausedBefore = new Map<number, number>();
  readonly #pausedAtStartMs: number;
  /** Rows of load deliveries that are about to be sent. */
  #ahead: Map<number, PendingDelivery> = new Map();

  constructor(options: ResumeOptions, signal: AbortSignal) {
    this.#options = options;
    this.#signal = signal;
    this.refused = new Map(options.refused);
    this.#pausedAtStartMs = options.simulatedClock.pausedMs;
  }

  /** Reads the rows of the deliveries that are sent next, in one go where their bodies are not kept. */
  readAhead(ids: readonly number[]): void {
    this.#ahead = this.#options.journal.pendingLoads(ids.length > 1 ? ids : []);
  }

  /**
   * Makes the next attempt of a delivery.
   * @param ended - called when its outcome is known and written, before it is on disk
   * @returns undefined when the delivery stays pending without an outcome
   */
  make(id: number, ended: () => void): Promise<EndedAttempt | undefined> {
    const pending = this.#sendable(id);
    const webhook = pending && this.#webhookOf(pending);
    if (pending === undefined || webhook === undefined) return Promise.resolve(undefined);
    const send = (body: Buffer) => this.#send(pending, webhook, { body, ended });
    const body = pending.body ?? this.#renderBody(pending);
    // Nearly always it is there: a promise more for each would cost as much as the rendering.
    if (Buffer.isBuffer(body)) return send(body);
    return this.#rendered(id, body).then((late) => late && send(late));
  }

  #sendable(id: number): PendingDelivery | undefined {
    const pending = this.#read(id);
    if (pending === undefined) return undefined;
    const refusal = this.refused.get(pending.webhook);
    if (refusal !== undefined) this.#skip(id, refusal.message);
    return refusal === undefined ? pending : undefined;
  }

  /** With the headers of the delivery itself. */
  #webhookOf({ id, webhook, extras }: PendingDelivery): ResumedWebhook | undefined {
    const known = this.#options.webhooks.get(webhook);
    if (known === undefined) this.#skip(id, 'its webhook is not known');
    const { headers = [] } = extras ?? {};
    if (known === undefined || headers.length === 0) return known;
    const lost = headers.find(({ value }) => value === undefined);
    if (lost === undefined) {
      const own = Object.fromEntries(headers.map(({ name, value = '' }) => [name, value]));
      return { ...known, endpoint: withHeaders(known.endpoint, own) };
    }
    this.#skip(
      id,
      `the value of its header ${lost.name} is not kept in the journal (\`storeSecrets\` keeps it)`,
    );
    return undefined;
  }

  #read(id: number): PendingDelivery | undefined {
    try {
      return this.#ahead.get(id) ?? this.#options.journal.pending(id);
    } catch (error) {
      if (!(error instanceof JournalError)) throw error;
      this.#skip(id, error.message);
      return undefined;
    }
  }

  /** Nearly always at once: a promise for each would cost as much as the rendering. */
  #renderBody({ id, eventId, recipe }: PendingDelivery): Buffer | Promise<Buffer | undefined> | undefined {
    const { journal, renderBody } = this.#options;
    if (recipe === undefined || renderBody === undefined) {
      this.#skip(id, 'its body is not kept');
      return undefined;
    }
    try {
      const { run, event, atMs } = recipe;
      return renderBody({ run, event, atMs, eventId }, journal.loadRun(run));
    } catch (error) {
      this.#notRendered(id, error);
      return undefined;
    }
  }

  async #rendered(id: number, rendering: Promise<Buffer | undefined> | undefined) {
    try {
      return await rendering;
    } catch (error) {
      this.#notRendered(id, error);
      return undefined;
    }
  }

  /** It would not be the same one: the delivery stays pending. */
  #notRendered(id: number, error: unknown): void {
    if (!(error instanceof HookcastError) || this.#options.journal.broken.aborted) throw error;
    this.#skip(id, error.message);
  }

  #skip(id: number, reason: string): void {
    this.#options.onSkipped?.(id, reason);
  }

  async #send(
    pending: PendingDelivery,
    webhook: ResumedWebhook,
    { body, ended }: { readonly body: Buffer; readonly ended: () => void },
  ): Promise<EndedAttempt | undefined> {
    const { journal, clock, simulatedClock } = this.#options;
    const { id, recipe } = pending;
    const { endpoint, policy } = webhook;
    const { request, position } = this.#begin(pending, webhook, body);
    await journal.commit();
    if (this.#signal.aborted) return undefined;
    const sending = { sender: this.#senderOf(pending), policy, signal: this.#signal };
    const made = await attemptRequest(request, position, sending).catch((error: unknown) =>
      this.#refuse(pending, error),
    );
    if (made === undefined || made.outcome.kind === 'cancelled') return undefined;
    // Of a load delivery the answer is not kept.
    const attempt =
      recipe === undefined ? { ...made, outcome: maskAnswer(made.outcome, credentialsOf(endpoint)) } : made;
    const step = nextStep(policy, position.attempt, attempt.outcome);
    recordEnd(journal, { id, attempt, step, nowMs: clock.now(), timeScale: simulatedClock.scale });
    this.#waits(id);
    ended();
    await journal.commit();
    return { pending, attempt, step };
  }

  /** Builds the request, and writes down that it leaves. */
  #begin(pending: PendingDelivery, { endpoint, policy }: ResumedWebhook, body: Buffer) {
    const { journal, clock } = this.#options;
    const { id, webhook, recipe, extras } = pending;
    const now = { nowMs: clock.now(), pausedMs: this.#pausedMs(pending) };
    const { position, skippedMs, skippedBeforeMs } = placeOf(pending, policy, now);
    const isWaitOver = recipe !== undefined && position.attempt > 1 && skippedMs === pending.skippedMs;
    const request = requestFor(endpoint, { body, mode: extras?.signature ?? 'valid' }, position);
    journal.attemptBegins({
      delivery: id,
      webhook,
      position,
      // The headers of a load delivery are not kept: they follow from the rest.
      request: recipe === undefined ? request : { url: request.url, headers: {}, body },
      skippedMs,
      skippedBeforeMs,
      isWaitOver,
    });
    return { request, position };
  }

  #waits(id: number): void {
    const { pausedMs } = this.#options.simulatedClock;
    if (pausedMs > this.#pausedAtStartMs) this.#pausedBefore.set(id, pausedMs);
  }

  /** For how long the user has paused the wait that is over. */
  #pausedMs({ id, wait }: PendingDelivery): number {
    const { simulatedClock, standing } = this.#options;
    const before = this.#pausedBefore.get(id);
    this.#pausedBefore.delete(id);
    if (before !== undefined || wait === undefined || standing === undefined)
      return simulatedClock.pausedMs - (before ?? this.#pausedAtStartMs);
    const untilHereMs = Math.max(0, standing.nowMs - Math.max(standing.pausedAtMs, wait.sinceMs));
    return untilHereMs + simulatedClock.pausedMs - this.#pausedAtStartMs;
  }

  #senderOf({ recipe }: PendingDelivery) {
    const { sender, loadSender = sender } = this.#options;
    return recipe === undefined ? sender : loadSender;
  }

  /** A name that leads to an address nothing may be sent to: its deliveries stay pending. */
  #refuse({ id, webhook }: PendingDelivery, error: unknown): undefined {
    if (!(error instanceof HookcastError) || error.code !== 'REMOTE_ADDRESS') throw error;
    this.refused.set(webhook, error);
    this.#skip(id, error.message);
    return undefined;
  }
}

/** Where the next attempt of a pending delivery stands. */
function placeOf(
  pending: PendingDelivery,
  policy: DeliveryPolicy,
  { nowMs, pausedMs }: { readonly nowMs: number; readonly pausedMs: number },
): SkippedTime & { readonly position: AttemptPosition } {
  const { attemptsMade, firstAttemptAtMs, wait } = pending;
  const waitMs =
    wait === undefined ? 0 : skippedOfWait({ delayMs: wait.delayMs, sinceMs: wait.sinceMs, pausedMs }, nowMs);
  const isFirst = firstAttemptAtMs === undefined;
  const skippedMs = pending.skippedMs + (isFirst ? 0 : waitMs);
  const skippedBeforeMs = pending.skippedBeforeMs + (isFirst ? waitMs : 0);
  // The clock may have been set back since an attempt that was cut off: it did not leave in the future.
  const firstAtMs = Math.min(firstAttemptAtMs ?? nowMs, nowMs + skippedMs);
  const position = positionOf(attemptsMade + 1, { nowMs, firstAtMs, skippedMs, skippedBeforeMs }, policy);
  return { position, skippedMs, skippedBeforeMs };
}
