import pRetry from 'p-retry';
import type { DeliveryPolicy } from '../persona/policies.ts';
import type { Clock, HttpRequest, HttpSender } from '../ports.ts';
import { attemptRequest, type Attempt } from './attempt.ts';
import type { SimulatedClock } from './time-scale.ts';
import { buildRequest, type AttemptPosition, type Endpoint } from './request.ts';
import { positionOf, skippedOfWait, type PastWait, type SkippedTime } from './position.ts';
import { nextStep, waitOf, type DeliveryState, type NextStep, type Wait } from './schedule.ts';
import { monotonicMs } from './system-clock.ts';

export type { Wait } from './schedule.ts';

/** One event on its way to one webhook. `body` is made once and never changes between attempts. */
export interface DeliveryJob {
  readonly eventId: string;
  readonly eventName: string;
  readonly body: Buffer;
  readonly endpoint: Endpoint;
  /** Builds the request of each attempt. @default buildRequest: the usual headers, signed again */
  readonly requestFor?: ((position: AttemptPosition) => HttpRequest) | undefined;
}

/** One event to one webhook, until it is settled. */
export interface Delivery {
  readonly eventId: string;
  readonly eventName: string;
  readonly url: string;
  readonly state: DeliveryState;
  readonly attempts: readonly Attempt[];
  readonly body: Buffer;
}

/**
 * Writes down one delivery's attempts. The delivery goes on when the promises resolve: nothing leaves that is not
 * written down.
 */
export interface DeliveryLog {
  attemptBegins(position: AttemptPosition, request: HttpRequest): Promise<void>;
  attemptEnded(attempt: Attempt, step: NextStep): Promise<void>;
}

/** Bounds how many deliveries attempt at a time: one that waits lets others in. */
export interface AttemptGate {
  /** A wait begins. */
  leave(): void;
  /** The wait is over; resolves when the next attempt may be made, rejects when the signal aborts. */
  enter(signal?: AbortSignal): Promise<void>;
}

export interface DeliveryContext {
  readonly policy: DeliveryPolicy;
  /** The real one: when an attempt leaves, and what its signature says. */
  readonly clock: Clock;
  /** What the waits between attempts are slept on. */
  readonly simulatedClock: SimulatedClock;
  /** Simulated time before the first attempt that did not pass really. @default what the clock was moved by */
  readonly skippedMs?: number | undefined;
  readonly sender: HttpSender;
  /** Entered already when the delivery begins. */
  readonly gate?: AttemptGate | undefined;
  /** Told of each attempt before it leaves and after it; what it rejects with ends the delivery. */
  readonly log?: DeliveryLog | undefined;
  /** Ends the delivery as `cancelled`, in a wait or in an attempt. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each attempt, before the wait that follows it. */
  readonly onAttempt?: ((attempt: Attempt, wait: Wait | undefined) => void) | undefined;
}

/**
 * Delivers as Persona would: attempt, wait, attempt again with the same bytes and a fresh signature, until an
 * attempt is accepted or none is left. Never rejects for what a receiver does.
 */
export async function deliver(job: DeliveryJob, context: DeliveryContext): Promise<Delivery> {
  const skippedBeforeMs = context.skippedMs ?? context.simulatedClock.movedMs;
  const progress: Progress = { attempts: [], firstAtMs: undefined, skippedBeforeMs, skippedMs: 0 };
  let state: DeliveryState = 'cancelled';
  if (context.signal?.aborted !== true) {
    state = await context.simulatedClock.during(() => retryUntilSettled(job, context, progress));
  }
  const { eventId, eventName, body, endpoint } = job;
  return { eventId, eventName, url: endpoint.url.href, state, attempts: progress.attempts, body };
}

/** A delivery that is settled before its first attempt. */
export function skippedDelivery({ eventId, eventName, body, endpoint }: DeliveryJob): Delivery {
  return { eventId, eventName, url: endpoint.url.href, state: 'skipped', attempts: [], body };
}

interface Progress extends SkippedTime {
  readonly attempts: Attempt[];
  firstAtMs: number | undefined;
  skippedMs: number;
  /** The last attempt and the wait after it: since when, and how long both are in simulated time. */
  last?: PastWait & { readonly pausedBeforeMs: number };
}

class AttemptFailed extends Error {
  readonly step: NextStep;

  constructor(step: NextStep) {
    super('attempt failed');
    this.step = step;
  }
}

async function retryUntilSettled(
  job: DeliveryJob,
  context: DeliveryContext,
  progress: Progress,
): Promise<DeliveryState> {
  try {
    return await pRetry((number) => attemptOnce(number, { job, context, progress }), {
      retries: context.policy.delaysSeconds.length,
      // The schedule is a table, not a curve: p-retry's own backoff is off and the wait is on our clock.
      minTimeout: 0,
      maxTimeout: 0,
      shouldRetry: ({ error }) => error instanceof AttemptFailed && waitFor(error.step, context),
    });
  } catch (error) {
    if (!(error instanceof AttemptFailed)) throw error;
    return error.step.kind === 'settled' ? error.step.state : 'cancelled';
  }
}

async function attemptOnce(
  number: number,
  { job, context, progress }: { job: DeliveryJob; context: DeliveryContext; progress: Progress },
): Promise<DeliveryState> {
  const { clock, simulatedClock } = context;
  const nowMs = clock.now();
  const startedMs = monotonicMs(clock);
  progress.firstAtMs ??= nowMs;
  const { last } = progress;
  const { pausedMs } = simulatedClock;
  if (last !== undefined) {
    const pausedSinceMs = pausedMs - last.pausedBeforeMs;
    progress.skippedMs += skippedOfWait({ ...last, pausedMs: pausedSinceMs }, nowMs);
  }
  const position = positionOf(number, { ...progress, nowMs }, context.policy);
  const request = job.requestFor?.(position) ?? buildRequest(job.endpoint, job.body, position);
  await context.log?.attemptBegins(position, request);
  const attempt = await attemptRequest(request, position, context);
  progress.attempts.push(attempt);
  const step = nextStep(context.policy, number, attempt.outcome);
  await context.log?.attemptEnded(attempt, step);
  context.onAttempt?.(attempt, waitOf(step, context.simulatedClock.scale));
  if (step.kind === 'settled') {
    if (step.state === 'completed') return step.state;
  } else {
    const tookMs = monotonicMs(clock) - startedMs;
    progress.last = { sinceMs: nowMs, delayMs: tookMs + step.delaySeconds * 1000, pausedBeforeMs: pausedMs };
  }
  throw new AttemptFailed(step);
}

/** True when the wait is over, false when there is nothing to wait for or the user cancelled it. */
async function waitFor(step: NextStep, { simulatedClock, gate, signal }: DeliveryContext): Promise<boolean> {
  if (step.kind === 'settled') return false;
  try {
    gate?.leave();
    await simulatedClock.sleep(step.delaySeconds * 1000, signal);
    await gate?.enter(signal);
  } catch (error) {
    if (signal?.aborted !== true) throw error;
    return false;
  }
  return true;
}
