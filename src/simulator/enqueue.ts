import type { DeliveryQueue } from '../queue/delivery-queue.ts';
import { EnqueueError } from '../queue/bullmq/queue.ts';
import { queuedTo, type QueuedDelivery } from '../queue/queued-delivery.ts';
import { eventSource, type LoadEvents } from './load.ts';
import type { SimulatorDeps } from './deps.ts';
import type { EventSource } from '../render/event-source.ts';
import { checkPlan } from '../load/check-plan.ts';
import { SendOrder, type PlannedDelivery } from '../load/engine/send-order.ts';

export interface EnqueueLoadOptions {
  /** How many different events. */
  readonly count: number;
  /** Spreads the first attempts, in real time. @default all are due at once */
  readonly ratePerSecond?: number | undefined;
  /** Share of the events that is delivered twice, 0 to 1. */
  readonly duplicates?: number | undefined;
  /** The order is shuffled within windows of this size. */
  readonly reorder?: number | undefined;
  /** Put the secrets themselves into the queue, so that workers need none. @default false */
  readonly storeSecrets?: boolean | undefined;
  /** Stops after the deliveries that are on their way into the queue. */
  readonly signal?: AbortSignal | undefined;
  /** Called with how many deliveries are in the queue. */
  readonly onProgress?: ((enqueued: number) => void) | undefined;
}

/** Rendered at a time, and put into the queue in one round trip: some megabytes. */
const BATCH = 200;

/**
 * Puts a load run into a queue, for workers to deliver; resolves with how many deliveries are in it.
 * @throws {EnqueueError} when the queue is lost on the way, or the signal aborts during a batch that gets no answer
 */
export async function enqueueLoad(
  deps: SimulatorDeps & { readonly seed: number },
  events: LoadEvents,
  { queue, ...options }: EnqueueLoadOptions & { readonly queue: DeliveryQueue },
): Promise<number> {
  checkPlan({
    ...options,
    ...('createRenderer' in events ? {} : { mix: events.mix, scenario: events.scenario }),
  });
  const { signal, onProgress } = options;
  const run: EnqueueRun = { deps, options, ...(await sourceOf(deps, events, options)) };
  let enqueued = 0;
  const counted = async (adding: Promise<string[]>) => {
    try {
      enqueued += (await adding).length;
    } catch (error) {
      if (!(error instanceof EnqueueError)) throw error;
      enqueued += error.enqueued;
      const { unknown } = error;
      throw new EnqueueError(error, { enqueued, unknown, notEnqueued: totalOf(run) - enqueued - unknown });
    }
    if (enqueued > 0) onProgress?.(enqueued);
  };
  // The next batch is rendered while Redis takes the one before.
  let adding = Promise.resolve<string[]>([]);
  for (const batch of batches(run)) {
    await counted(adding);
    if (signal?.aborted === true) return enqueued;
    adding = queue.addBulk(batch, signal);
    adding.catch(() => undefined); // Counted below.
    await new Promise(setImmediate);
  }
  await counted(adding);
  return enqueued;
}

/** Duplicates are drawn: how many deliveries there are follows from the order alone. */
function totalOf({ deps: { seed }, options, count }: EnqueueRun): number {
  const order = new SendOrder({ ...options, seed, count });
  const planned: PlannedDelivery = { eventNumber: 0, isTwin: false, isForged: false };
  let total = 0;
  for (; !order.isOver; total += 1) order.take(planned);
  return total;
}

async function sourceOf(
  deps: SimulatorDeps & { readonly seed: number },
  events: LoadEvents,
  { count, ratePerSecond }: EnqueueLoadOptions,
) {
  const beginMs = Math.floor(deps.clock.now());
  const source = await eventSource(deps, events, { seed: deps.seed, beginMs, ratePerSecond });
  return { source, beginMs, count: Math.min(count, source.count) };
}

function* batches(run: EnqueueRun): Generator<QueuedDelivery[]> {
  let batch: QueuedDelivery[] = [];
  for (const delivery of deliveries(run)) {
    batch.push(delivery);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

interface EnqueueRun {
  readonly deps: SimulatorDeps & { readonly seed: number };
  readonly options: EnqueueLoadOptions;
  readonly source: EventSource;
  readonly count: number;
  readonly beginMs: number;
}

function* deliveries({ deps, options, source, count, beginMs }: EnqueueRun): Generator<QueuedDelivery> {
  const { policy, webhook, simulatedClock, seed } = deps;
  const { ratePerSecond = Number.POSITIVE_INFINITY, reorder = 1, storeSecrets } = options;
  const timeScale = simulatedClock.scale;
  const queued = queuedTo(webhook.endpoint, { policy, timeScale, nowMs: beginMs, storeSecrets });
  const renderer = source.createRenderer();
  const order = new SendOrder({ ...options, seed, count });
  const planned: PlannedDelivery = { eventNumber: 0, isTwin: false, isForged: false };
  for (let position = 0; !order.isOver; position += 1) {
    order.take(planned);
    const { eventNumber } = planned;
    // The same for both deliveries of an event, and never after it is sent, however the order is shuffled.
    const happenedMs = (Math.max(0, eventNumber - reorder) * 1_000) / ratePerSecond;
    const event = renderer.render(eventNumber, Math.floor(beginMs + happenedMs));
    const waitMs = (position * 1_000) / ratePerSecond;
    yield queued(event, { dueMs: waitMs === 0 ? 0 : waitMs * timeScale });
  }
}
