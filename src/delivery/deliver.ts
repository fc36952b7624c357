import pRetry from 'p-retry';
import type { DeliveryPolicy } from '../persona/policies.ts';
import type { Clock, HttpRequest, HttpSender } from '../ports.ts';
import { attemptRequest, type Attempt } from './attempt.ts';
import type { SimulatedClock } from './movable-clock.ts';
import { buildRequest, type AttemptPosition, type Endpoint } from './request.ts';
import { attemptCount, nextStep, type DeliveryState, type NextStep } from './schedule.ts';
import { scaledMs } from './time-scale.ts';

/** One event on its way to one webhook. `body` is made once and never changes between attempts. */
export interface DeliveryJob {
  readonly eventId: string;
  readonly eventName: string;
  readonly body: Buffer;
  readonly endpoint: Endpoint;
  /** Builds the request of each attempt. @default buildRequest: the usual headers, signed anew */
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

/** What comes after a failed attempt, in both times. */
export interface Wait {
  /** Simulated. */
  readonly delayMs: number;
  /** Real. */
  readonly waitMs: number;
}

/**
 * Writes down one delivery's attempts. The delivery goes on when the promises resolve: nothing leaves that is not
 * written down.
 */
export interface DeliveryLog {
  attemptBegins(position: AttemptPosition, request: HttpRequest): Promise<void>;
  attemptEnded(attempt: Attempt, step: NextStep): Promise<void>;
  /** The user cancelled it while it waited. */
  cancelled(): Promise<void>;
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
  const progress: Progress = {
    attempts: [],
    beforeMs: context.skippedMs ?? context.simulatedClock.movedMs,
    skippedMs: 0,
    firstStartedAtMs: context.clock.now(),
  };
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

interface Progress {
  readonly attempts: Attempt[];
  readonly firstStartedAtMs: number;
  /** Simulated time before the first attempt that did not pass really. */
  readonly beforeMs: number;
  /** Simulated time of the waits so far that did not pass really; negative when they took longer. */
  skippedMs: number;
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
      shouldRetry: ({ error }) => error instanceof AttemptFailed && waitFor(error.step, context, progress),
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
  const nowMs = number === 1 ? progress.firstStartedAtMs : context.clock.now();
  const position = {
    attempt: number,
    attemptsLeft: attemptCount(context.policy) - number,
    nowMs,
    simulatedElapsedMs: nowMs + progress.skippedMs - progress.firstStartedAtMs,
    simulatedAtMs: nowMs + progress.beforeMs + progress.skippedMs,
  };
  const request = job.requestFor?.(position) ?? buildRequest(job.endpoint, job.body, position);
  await context.log?.attemptBegins(position, request);
  const attempt = await attemptRequest(request, position, context);
  progress.attempts.push(attempt);
  const step = nextStep(context.policy, number, attempt.outcome);
  await context.log?.attemptEnded(attempt, step);
  context.onAttempt?.(attempt, waitOf(step, context.simulatedClock.scale));
  if (step.kind === 'settled' && step.state === 'completed') return step.state;
  throw new AttemptFailed(step);
}

function waitOf(step: NextStep, scale: number): Wait | undefined {
  if (step.kind === 'settled') return undefined;
  return { delayMs: step.delaySeconds * 1000, waitMs: scaledMs(step.delaySeconds, scale) };
}

/** True when the wait is over, false when there is nothing to wait for or the user cancelled it. */
async function waitFor(step: NextStep, context: DeliveryContext, progress: Progress): Promise<boolean> {
  if (step.kind === 'settled') return false;
  const { clock, simulatedClock, signal } = context;
  const delayMs = step.delaySeconds * 1000;
  const startedMs = clock.now();
  try {
    await simulatedClock.sleep(delayMs, signal);
  } catch (error) {
    if (signal?.aborted !== true) throw error;
    await context.log?.cancelled();
    return false;
  }
  progress.skippedMs += delayMs - (clock.now() - startedMs);
  return true;
}
