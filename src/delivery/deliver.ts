import pRetry from 'p-retry';
import type { DeliveryPolicy } from '../persona/policies.ts';
import type { Clock, HttpSender } from '../ports.ts';
import { attemptRequest, type Attempt } from './attempt.ts';
import { buildRequest, type Endpoint } from './request.ts';
import { attemptCount, nextStep, type DeliveryState, type NextStep } from './schedule.ts';
import { scaledMs, type TimeScale } from './time-scale.ts';

/** One event on its way to one webhook. `body` is made once and never changes between attempts. */
export interface DeliveryJob {
  readonly eventId: string;
  readonly eventName: string;
  readonly body: Buffer;
  readonly endpoint: Endpoint;
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

export interface DeliveryContext {
  readonly policy: DeliveryPolicy;
  readonly timeScale: TimeScale;
  readonly clock: Clock;
  readonly sender: HttpSender;
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
  const progress: Progress = { attempts: [], skippedMs: 0, firstStartedAtMs: context.clock.now() };
  let state: DeliveryState = 'cancelled';
  if (context.signal?.aborted !== true) state = await retryUntilSettled(job, context, progress);
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
  /** Simulated time that did not pass really: what the scale took from the waits so far. */
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
    simulatedAtMs: nowMs + progress.skippedMs,
  };
  const attempt = await attemptRequest(buildRequest(job.endpoint, job.body, position), position, context);
  progress.attempts.push(attempt);
  const step = nextStep(context.policy, number, attempt.outcome);
  context.onAttempt?.(attempt, waitOf(step, context.timeScale));
  if (step.kind === 'settled' && step.state === 'completed') return step.state;
  throw new AttemptFailed(step);
}

function waitOf(step: NextStep, scale: TimeScale): Wait | undefined {
  if (step.kind === 'settled') return undefined;
  return { delayMs: step.delaySeconds * 1000, waitMs: scaledMs(step.delaySeconds, scale) };
}

/** True when the wait is over, false when there is nothing to wait for or the user cancelled it. */
async function waitFor(step: NextStep, context: DeliveryContext, progress: Progress): Promise<boolean> {
  const wait = waitOf(step, context.timeScale);
  if (wait === undefined) return false;
  const startedMs = context.clock.now();
  try {
    await context.clock.sleep(wait.waitMs, context.signal);
  } catch (error) {
    if (context.signal?.aborted === true) return false;
    throw error;
  }
  progress.skippedMs += wait.delayMs - (context.clock.now() - startedMs);
  return true;
}
