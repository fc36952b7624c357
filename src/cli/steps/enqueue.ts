import { systemClock } from '../../delivery/system-clock.ts';
import { REAL_TIME } from '../../delivery/time-scale.ts';
import type { Event } from '../../event/build.ts';
import { firstDelayMs, toQueued, type QueuedDelivery } from '../../queue/queued-delivery.ts';
import { formatElapsed } from '../../report/duration.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { describeVerdict } from '../../webhook/verdict.ts';
import type { CommandContext } from '../context.ts';
import { intoQueue, refuseSendersFlags, type IntoQueueFlags } from './into-queue.ts';
import type { SendingFlags } from './simulators.ts';

/** An event to be sent, now or later. */
interface EventToQueue {
  readonly event: Event;
  /** In a scenario: simulated milliseconds from now. */
  readonly dueMs?: number;
  readonly copy?: number;
}

type Flags = IntoQueueFlags & SendingFlags;

/** Puts deliveries into the queue instead of sending them, and prints them. @throws {UsageError | RedisError} */
export async function enqueue(
  { simulators, sendings }: { simulators: readonly Simulator[]; sendings: readonly EventToQueue[] },
  flags: Flags,
  context: CommandContext,
): Promise<void> {
  refuseSendersFlags(flags);
  const deliveries = simulators.flatMap((simulator) =>
    sendings.flatMap((sending) => queued(simulator, sending, { flags, context })),
  );
  await intoQueue(flags, context, async (queue) => {
    const ids = await queue.addBulk(deliveries, context.io.interrupted);
    show({ ids, deliveries }, flags, context);
    return ids.length;
  });
}

function queued(
  simulator: Simulator,
  { event, dueMs, copy }: EventToQueue,
  { flags, context }: { flags: Flags; context: CommandContext },
): QueuedDelivery[] {
  const { webhook, policy } = simulator;
  const payload = simulator.compose(event);
  const verdict = webhook.verdict(event.name, payload);
  if (verdict.kind !== 'deliver') {
    if (flags.quiet !== true) context.note(`skipped ${event.name} (${describeVerdict(verdict) ?? ''})`);
    return [];
  }
  const job = { eventId: event.id, eventName: event.name, body: payload.body, endpoint: webhook.endpoint };
  const { storeSecrets } = flags;
  const nowMs = systemClock.now();
  return [
    toQueued(job, { policy, timeScale: flags.timeScale ?? REAL_TIME, nowMs, dueMs, copy, storeSecrets }),
  ];
}

interface Enqueued {
  readonly ids: readonly string[];
  readonly deliveries: readonly QueuedDelivery[];
}

function show({ ids, deliveries }: Enqueued, { quiet, json }: Flags, context: CommandContext): void {
  if (quiet === true) return;
  for (const [index, id] of ids.entries()) {
    const delivery = deliveries[index];
    if (delivery !== undefined) context.print(json === true ? record(id, delivery) : line(id, delivery));
  }
}

function line(id: string, delivery: QueuedDelivery): string {
  const { eventName, eventId, url, copy = 1 } = delivery;
  const delayMs = firstDelayMs(delivery);
  const due = delayMs === 0 ? '' : `, due in ${formatElapsed(delayMs)}`;
  const title = `${eventName}${copy === 1 ? '' : ` (copy ${copy})`}  ${eventId}`;
  return `queued ${title}${due}\n  as ${id} to ${url}`;
}

function record(id: string, delivery: QueuedDelivery): string {
  const { eventId, eventName, url, enqueuedAtMs, copy } = delivery;
  const dueAt = new Date(enqueuedAtMs + firstDelayMs(delivery)).toISOString();
  return JSON.stringify({ type: 'queued', deliveryId: id, eventId, eventName, url, dueAt, copy });
}
