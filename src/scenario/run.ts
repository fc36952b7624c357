import type { AttemptGate, Delivery, DeliveryContext, Wait } from '../delivery/deliver.ts';
import type { SimulatedClock } from '../delivery/time-scale.ts';
import type { DeliveryHooks } from '../delivery/observer.ts';
import { skippedOfWait } from '../delivery/position.ts';
import { anySignal } from '../delivery/shared-signal.ts';
import { UsageError } from '../errors.ts';
import type { Clock } from '../ports.ts';
import { Places } from './places.ts';
import type { PlannedSend } from './plan.ts';

export interface RunOptions<S extends PlannedSend = PlannedSend> extends DeliveryHooks<S, Delivery> {
  /** The real one. */
  readonly clock: Clock;
  /** What the gaps between the events are slept on. */
  readonly simulatedClock: SimulatedClock;
  /**
   * How many requests may be under way at a time. A delivery that waits for its retry is not counted: else one
   * failing event would hold up all others for days. @default 1, which keeps first attempts in the plan's order
   */
  readonly concurrency?: number | undefined;
  /** Ends the run: what has not begun is delivered as `cancelled`, without an attempt. */
  readonly signal?: AbortSignal | undefined;
  /** Delivers one event, its retries included, with what is given. */
  readonly deliver: (send: S, means: DeliverMeans) => Promise<Delivery>;
  /** Called before a wait for the next event's time. */
  readonly onWait?: ((wait: Wait) => void) | undefined;
}

/** What a caller of a run may ask for, whatever is sent. */
export type RunHooks<S extends PlannedSend> = DeliveryHooks<S, Delivery> &
  Pick<RunOptions<S>, 'concurrency' | 'signal' | 'onWait'>;

export interface DeliverMeans extends Pick<DeliveryContext, 'onAttempt'> {
  readonly simulatedClock: SimulatedClock;
  /** Lets other deliveries attempt while this one waits. */
  readonly gate: AttemptGate;
  readonly signal: AbortSignal;
  /** Simulated time that did not pass really so far; negative after a pause. */
  readonly skippedMs: number;
}

/**
 * Begins each delivery of the plan when it is due, and resolves with all of them, in the order of the plan, when
 * the last is settled. Rejects, and stops the others, when one of them rejects.
 * @throws {UsageError} for a concurrency below 1
 */
export async function runScenario<S extends PlannedSend>(
  plan: readonly S[],
  options: RunOptions<S>,
): Promise<Delivery[]> {
  const { concurrency = 1 } = options;
  if (!(concurrency >= 1)) throw new UsageError(`\`concurrency\` ${concurrency}: expected 1 or more`);
  const failure = new AbortController();
  const run: Run<S> = {
    ...options,
    startedMs: options.clock.now(),
    simulatedStartMs: options.simulatedClock.now(),
    movedBeforeMs: options.simulatedClock.movedMs,
    pausedBeforeMs: options.simulatedClock.pausedMs,
    places: new Places(concurrency),
    signal: anySignal(failure.signal, options.signal),
  };
  const deliveries = await options.simulatedClock.during(async () => {
    const begun: Promise<Delivery>[] = [];
    for (const send of plan) {
      const isPlaced = await placeFor(send, run);
      const delivery = deliverInPlace(send, run, isPlaced);
      delivery.catch((error: unknown) => {
        failure.abort(error);
      });
      begun.push(delivery);
    }
    return begun;
  });
  return Promise.all(deliveries);
}

interface Run<S extends PlannedSend> extends RunOptions<S> {
  readonly startedMs: number;
  readonly simulatedStartMs: number;
  readonly movedBeforeMs: number;
  readonly pausedBeforeMs: number;
  readonly places: Places;
  readonly signal: AbortSignal;
}

/** Waits until the event is due and there is a place for it; false when the run ended before that. */
async function placeFor<S extends PlannedSend>({ dueMs }: S, run: Run<S>): Promise<boolean> {
  const { simulatedClock, signal } = run;
  try {
    const delayMs = dueMs - (simulatedClock.now() - run.simulatedStartMs);
    if (delayMs > 0) {
      const waitMs = delayMs / simulatedClock.scale;
      if (waitMs > 0) run.onWait?.({ delayMs, waitMs });
      await simulatedClock.sleep(delayMs, signal);
    }
    await run.places.take(signal);
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  }
}

/** The delivery has its place while it attempts, and gives it back while it waits. */
async function deliverInPlace<S extends PlannedSend>(
  send: S,
  run: Run<S>,
  isPlaced: boolean,
): Promise<Delivery> {
  let hasPlace = isPlaced;
  const giveBack = () => {
    if (hasPlace) run.places.giveBack();
    hasPlace = false;
  };
  const enter = async (signal?: AbortSignal) => {
    await run.places.take(signal);
    hasPlace = true;
  };
  try {
    return await deliverObserved(send, run, { leave: giveBack, enter });
  } finally {
    giveBack();
  }
}

async function deliverObserved<S extends PlannedSend>(
  send: S,
  run: Run<S>,
  gate: AttemptGate,
): Promise<Delivery> {
  const { simulatedClock, signal, onStart, onAttempt, onSettled } = run;
  const hasBegun = !signal.aborted;
  if (hasBegun) onStart?.(send);
  const delivery = await run.deliver(send, {
    ...{ simulatedClock, gate, signal, skippedMs: skippedMs(send, run) },
    onAttempt: (attempt, wait) => onAttempt?.(send, attempt, wait),
  });
  if (hasBegun) onSettled?.(send, delivery);
  return delivery;
}

/** An event that is on time is sent at its simulated time exactly; one that is late, that much later. */
function skippedMs<S extends PlannedSend>({ dueMs }: S, run: Run<S>): number {
  const { clock, simulatedClock } = run;
  const lateMs = Math.max(0, simulatedClock.now() - run.simulatedStartMs - dueMs);
  const delayMs = dueMs + lateMs / simulatedClock.scale;
  const pausedMs = simulatedClock.pausedMs - run.pausedBeforeMs;
  return run.movedBeforeMs + skippedOfWait({ sinceMs: run.startedMs, delayMs, pausedMs }, clock.now());
}
