import { endOf, type Attempt } from '../../delivery/attempt.ts';
import { deliver, type Delivery, type DeliveryContext, type DeliveryJob } from '../../delivery/deliver.ts';
import type { SimulatedClock } from '../../delivery/time-scale.ts';
import { withHeaders, type AttemptPosition, type Endpoint } from '../../delivery/request.ts';
import { attemptCount, type DeliveryState } from '../../delivery/schedule.ts';
import { requestFor, type SignatureMode } from '../../delivery/signature-mode.ts';
import { HookcastError } from '../../errors.ts';
import { credentialsOf, maskAnswer } from '../../journal/mask-answer.ts';
import type { Removal } from '../../payload/blocklist/apply.ts';
import type { Clock, HttpRequest, HttpSender, Timings } from '../../ports.ts';
import type { ServedWebhook } from '../webhooks/served-webhook.ts';
import type { DeliveryHistory } from './history.ts';
import { isSettled, type KeptAttempt, type KeptDelivery } from './kept-delivery.ts';
import { OwnClock } from './own-clock.ts';
import { ServedDelivery, type Course, type DecidedEnd, cutOff } from './served-delivery.ts';

/** What a delivery is made of. */
export interface NewDelivery {
  readonly eventId: string;
  readonly eventName: string;
  readonly body: Buffer;
  /** Makes the body once more, so that it need not be kept when the delivery is settled. */
  readonly bodyAgain?: (() => Buffer) | undefined;
  readonly removed?: readonly Removal[] | undefined;
  readonly unmatched?: readonly string[] | undefined;
  /** @default valid */
  readonly signature?: SignatureMode | undefined;
  /** Beside the webhook's own. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly runId?: string | undefined;
  readonly resendOf?: string | undefined;
  readonly copy?: number | undefined;
  /** Why nothing is sent: the delivery is settled as skipped. */
  readonly skipReason?: string | undefined;
  /** Simulated time until it begins. @default 0 */
  readonly delayMs?: number | undefined;
}

/** Where deliveries are written down, if they are. */
export interface DeliveryJournal {
  /** Writes a delivery down and names it. */
  takeOn(webhook: ServedWebhook, given: NewDelivery, createdAtMs: number): string;
  /** As `deliver`, with every attempt written down before it leaves. */
  deliver(delivery: KeptDelivery, job: DeliveryJob, context: DeliveryContext): Promise<Delivery>;
  /** Settles a pending delivery from outside, and stops it. */
  settle(delivery: KeptDelivery, end: DecidedEnd): void;
}

export interface RunnerDeps {
  readonly history: DeliveryHistory;
  /** The real one. */
  readonly clock: Clock;
  readonly sender: HttpSender;
  readonly journal?: DeliveryJournal | undefined;
}

/** A delivery that began elsewhere, or whose waits are not on the webhook's clock alone. */
export interface RunOptions {
  readonly simulatedClock?: SimulatedClock | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Simulated time before the first attempt that did not pass really. */
  readonly skippedMs?: number | undefined;
  /** Left while the delivery waits, so that others can attempt. */
  readonly gate?: DeliveryContext['gate'];
  /** Told of each attempt when it is over. */
  readonly onAttempt?: DeliveryContext['onAttempt'];
}

/** Makes deliveries and keeps their history. */
export class DeliveryRunner {
  readonly #deps: RunnerDeps;

  constructor(deps: RunnerDeps) {
    this.#deps = deps;
  }

  /** Takes a delivery on; `run` sends it. @throws {JournalBrokenError} */
  take(webhook: ServedWebhook, given: NewDelivery): ServedDelivery {
    const { history, clock, journal } = this.#deps;
    const createdAtMs = clock.now();
    const { endpoint } = webhook.simulator.webhook;
    const delivery = new ServedDelivery(given, {
      id: journal?.takeOn(webhook, given, createdAtMs) ?? history.nextId(),
      webhookId: webhook.id,
      url: endpoint.url.href,
      createdAtMs,
      attemptsTotal: attemptCount(webhook.policy),
    });
    const { delayMs = 0 } = given;
    if (delayMs > 0 && !isSettled(delivery)) delivery.dueOnClockMs = webhook.clock.now() + delayMs;
    history.add(delivery);
    return delivery;
  }

  /** Takes a delivery on and begins it; it is under way on the webhook's clock when this returns. */
  start(webhook: ServedWebhook, given: NewDelivery): ServedDelivery {
    const delivery = this.take(webhook, given);
    if (!isSettled(delivery)) void this.run(webhook, delivery, given);
    return delivery;
  }

  /** As `run`, unless the delivery was settled or hurried before its turn came. */
  runTaken(webhook: ServedWebhook, delivery: ServedDelivery, options: RunOptions): Promise<Delivery> {
    if (!isSettled(delivery) && delivery.course === undefined) return this.run(webhook, delivery, options);
    const { eventId, eventName, url, body } = delivery;
    const state = isSettled(delivery) ? delivery.state : 'cancelled';
    return Promise.resolve({ eventId, eventName, url, body, state, attempts: [] });
  }

  /** Delivers until it is settled. Never rejects. */
  async run(
    webhook: ServedWebhook,
    delivery: ServedDelivery,
    given: Pick<NewDelivery, 'headers'> & RunOptions = {},
  ): Promise<Delivery> {
    const { eventId, eventName, body } = delivery;
    const { clock, sender, journal } = this.#deps;
    const course: Course = {
      stop: new AbortController(),
      clock: new OwnClock(given.simulatedClock ?? webhook.clock, (dueMs) => this.#waits(delivery, dueMs)),
    };
    delivery.course = course;
    const { endpoint } = webhook.simulator.webhook;
    let credentials: readonly string[] = [];
    const requestOf = (position: AttemptPosition) => {
      const bearing = endpointOf(webhook, given);
      credentials = credentialsOf(bearing);
      return this.#begin(bearing, delivery, position);
    };
    const job: DeliveryJob = { eventId, eventName, body, endpoint, requestFor: requestOf };
    const context: DeliveryContext = {
      policy: webhook.policy,
      ...{ clock, sender, skippedMs: given.skippedMs, gate: given.gate },
      simulatedClock: course.clock,
      signal:
        given.signal === undefined ? course.stop.signal : AbortSignal.any([course.stop.signal, given.signal]),
      onAttempt: (attempt, wait) => {
        const kept = delivery.attempts.at(-1) as KeptAttempt;
        const outcome = maskAnswer(attempt.outcome, credentials);
        Object.assign(kept, { outcome, timings: timingsOf(attempt, course), wait });
        this.#deps.history.attemptEnded(delivery, kept);
        given.onAttempt?.(attempt, wait);
      },
    };
    try {
      const settled = await (journal?.deliver(delivery, job, context) ?? deliver(job, context));
      const { state, atMs } = course.end ?? { state: settled.state, atMs: this.#endOfLast(delivery) };
      this.#settle(delivery, state, atMs);
      return { ...settled, state };
    } catch (error) {
      const reason = error instanceof HookcastError ? error.message : `a bug in hookcast: ${String(error)}`;
      Object.assign(delivery, { reason });
      this.#settle(delivery, 'cancelled');
      return { eventId, eventName, url: delivery.url, body, attempts: [], state: 'cancelled' };
    }
  }

  /** Says how a delivery ended that somebody else continued. */
  settledElsewhere(delivery: ServedDelivery, state: DeliveryState): void {
    if (!isSettled(delivery)) this.#settle(delivery, state, this.#endOfLast(delivery));
  }

  cancel(delivery: ServedDelivery): void {
    this.#end(delivery, 'cancelled');
  }

  /** Makes the next attempt now; false when none is waited for. */
  hurry(delivery: ServedDelivery): boolean {
    return delivery.course?.clock.hurry() ?? delivery.hurry?.() ?? false;
  }

  /** Settles what is pending to a webhook as failed, as Persona does when it is disabled. */
  failPendingOf({ id, status }: ServedWebhook): void {
    const reason = `the webhook was ${status === 'enabled' ? 'removed' : status}`;
    for (const delivery of this.#pending()) {
      if (delivery.webhookId === id) this.#end(Object.assign(delivery, { reason }), 'failed');
    }
  }

  /** Cancels everything. */
  cancelAll(): void {
    for (const delivery of this.#pending()) this.#end(delivery, 'cancelled');
  }

  /** Stops everything where it stands, without settling it: a journal continues it later. */
  stopAll(): void {
    for (const { course } of this.#pending()) course?.stop.abort(new Error('the server is closing'));
  }

  #pending(): ServedDelivery[] {
    return [...this.#deps.history.all].filter((delivery) => !isSettled(delivery));
  }

  /** What was decided first holds. */
  #end(delivery: ServedDelivery, state: DecidedEnd['state']): void {
    const { course } = delivery;
    if (isSettled(delivery) || course?.end !== undefined) return;
    const end = { state, atMs: this.#deps.clock.now() };
    this.#deps.journal?.settle(delivery, end);
    if (course === undefined) {
      this.#settle(delivery, state, end.atMs);
      return;
    }
    course.end = end;
    course.stop.abort(new Error(state));
  }

  #begin(endpoint: Endpoint, delivery: ServedDelivery, position: AttemptPosition): HttpRequest {
    const request = requestFor(endpoint, { body: delivery.body, mode: delivery.signature }, position);
    const { attempt, attemptsLeft, nowMs: startedAtMs, simulatedAtMs } = position;
    const { url, headers } = request;
    this.#deps.history.attemptBegan(delivery, {
      attempt,
      attemptsLeft,
      startedAtMs,
      simulatedAtMs,
      url,
      headers,
    });
    return request;
  }

  #waits(delivery: ServedDelivery, dueMs: number | undefined): void {
    Object.assign(delivery, { dueOnClockMs: dueMs });
    this.#deps.history.waits(delivery);
  }

  #settle(delivery: ServedDelivery, state: DeliveryState, atMs = this.#deps.clock.now()): void {
    delivery.settle(state, atMs);
    this.#deps.history.settled(delivery);
  }

  /** As a journal says it; now, where no attempt settled it. */
  #endOfLast({ attempts }: ServedDelivery): number | undefined {
    const { startedAtMs = 0, timings, outcome, wait } = attempts.at(-1) ?? {};
    if (timings === undefined || wait !== undefined || outcome?.kind === 'cancelled') return undefined;
    return endOf({ startedAtMs, timings });
  }
}

/** One that is cut off is over when that is decided. */
function timingsOf({ outcome, timings, startedAtMs }: Attempt, { end }: Course): Timings {
  return outcome.kind === 'cancelled' && end !== undefined ? cutOff(startedAtMs, end.atMs) : timings;
}

/** Where the webhook leads now, with the secrets that it has now and the headers of the delivery. */
function endpointOf({ simulator }: ServedWebhook, { headers }: Pick<NewDelivery, 'headers'>): Endpoint {
  const { endpoint } = simulator.webhook;
  return headers === undefined ? endpoint : withHeaders(endpoint, headers);
}
