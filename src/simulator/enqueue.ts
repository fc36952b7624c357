import type { DeliveryQueue } from '../queue/delivery-queue.ts';
import { toQueued, type QueuedDelivery } from '../queue/queued-delivery.ts';
import { eventSource, type LoadEvents } from './load.ts';
import type { SimulatorDeps } from './deps.ts';
import type { EventSource } from '../render/event-source.ts';
import { checkPlan } from '../load/check-plan.ts';
import { SendOrder, type Sending } from '../load/engine/send-order.ts';

export interface EnqueueLoadOptions {
  /** How many different events. */
  readonly count: number;
  /** Spreads the first attempts, in real time. @default all are due at once */
  readonly ratePerSecond?: number | undefined;
  /** Share of the events that is delivered twice, 0 to 1. */
  readonly duplicates?: number | undefined;
  /** The order is shuffled within windows of so many. */
  readonly reorder?: number | undefined;
  /** Put the secrets themselves into the queue, so that workers need none. @default false */
  readonly storeSecrets?: boolean | undefined;
  /** Stops after the deliveries that are on their way into the queue. */
  readonly signal?: AbortSignal | undefined;
  /** Called with how many deliveries are in the queue. */
  readonly onProgress?: ((enqueued: number) => void) | undefined;
}

/** So many are rendered at a time: some ten megabytes. */
const BATCH = 2_000;

/**
 * Puts a load run into a queue, for workers to deliver; resolves with how many deliveries are in it.
 * @throws {EnqueueError} when the queue is lost on the way: it counts the deliveries of the last batch
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
  let enqueued = 0;
  for await (const batch of batches(deps, events, options)) {
    if (options.signal?.aborted === true) break;
    enqueued += (await queue.addBulk(batch)).length;
    options.onProgress?.(enqueued);
  }
  return enqueued;
}

async function* batches(
  deps: SimulatorDeps & { readonly seed: number },
  events: LoadEvents,
  options: EnqueueLoadOptions,
): AsyncGenerator<QueuedDelivery[]> {
  const { count, ratePerSecond } = options;
  const beginMs = Math.floor(deps.clock.now());
  const source = await eventSource(deps, events, { seed: deps.seed, beginMs, ratePerSecond });
  const run = { deps, options, source, beginMs };
  let batch: QueuedDelivery[] = [];
  for (const delivery of deliveries({ ...run, count: Math.min(count, source.count) })) {
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
  const renderer = source.createRenderer();
  const order = new SendOrder({ ...options, seed, count });
  const sending: Sending = { eventNumber: 0, isTwin: false, isForged: false };
  for (let position = 0; !order.isOver; position += 1) {
    order.take(sending);
    const { eventNumber } = sending;
    // The same for both deliveries of an event, and never after it is sent, however the order is shuffled.
    const happenedMs = (Math.max(0, eventNumber - reorder) * 1_000) / ratePerSecond;
    const { eventId, eventName, body } = renderer.render(eventNumber, Math.floor(beginMs + happenedMs));
    const job = { eventId, eventName, body, endpoint: webhook.endpoint };
    const waitMs = (position * 1_000) / ratePerSecond;
    const dueMs = waitMs === 0 ? 0 : waitMs * timeScale;
    yield toQueued(job, { policy, timeScale, nowMs: beginMs, dueMs, storeSecrets });
  }
}
