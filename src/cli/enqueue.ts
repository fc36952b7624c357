import { openDeliveryQueue, type OpenDeliveryQueue } from '../adapters/bullmq-queue.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { UsageError } from '../errors.ts';
import type { Event } from '../event/event.ts';
import { firstDelayMs, toQueued, type QueuedDelivery } from '../queue/queued-delivery.ts';
import { formatElapsed } from '../report/duration.ts';
import type { Simulator } from '../simulator.ts';
import { describeVerdict } from '../webhook/verdict.ts';
import type { CommandContext } from './context.ts';
import { resolveTimeScale } from './policy-options.ts';
import { queueOptions, type RedisFlags } from './redis-options.ts';
import type { SendingFlags } from './simulators.ts';

/** An event to be sent, now or later. */
interface Sending {
  readonly event: Event;
  /** In a scenario: simulated milliseconds from now. */
  readonly dueMs?: number;
  readonly copy?: number;
}

type Flags = RedisFlags & SendingFlags & { readonly redis: string; readonly concurrency?: string };

const SAFE = 'What is in the queue is safe if Redis keeps it; what is not is tried again.';

/** Puts deliveries into the queue in place of making them, and says which. @throws {UsageError | RedisError} */
export async function enqueue(
  { simulators, sendings }: { simulators: readonly Simulator[]; sendings: readonly Sending[] },
  flags: Flags,
  context: CommandContext,
): Promise<void> {
  checkFlags(flags);
  const deliveries = simulators.flatMap((simulator) =>
    sendings.flatMap((sending) => queued(simulator, sending, { flags, context })),
  );
  const queue = await openDeliveryQueue(queueOptions(flags, context, SAFE));
  try {
    for (const warning of queue.warnings) context.warn(warning);
    const ids = await orInterrupted(queue.addBulk(deliveries), context.io.interrupted);
    show({ ids, deliveries, queue }, flags, context);
  } finally {
    await queue.close();
  }
}

/** Whoever says these here would find them ignored. */
function checkFlags({ allowRemote, insecure, ca, concurrency }: Flags): void {
  const flags = {
    '--allow-remote': allowRemote,
    '--insecure': insecure,
    '--ca': ca,
    '--concurrency': concurrency,
  };
  const [misplaced] = Object.entries(flags).find(([, value]) => value !== undefined) ?? [];
  if (misplaced === undefined) return;
  throw new UsageError(`${misplaced} is for whoever sends; with --redis say it to hookcast worker`);
}

function queued(
  simulator: Simulator,
  { event, dueMs, copy }: Sending,
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
  return [toQueued(job, { policy, timeScale: resolveTimeScale(flags), nowMs, dueMs, copy, storeSecrets })];
}

/** Ctrl-C must not wait for a Redis that is gone. */
function orInterrupted(ids: Promise<string[]>, signal: AbortSignal): Promise<string[]> {
  const interrupted = new Promise<string[]>((resolve) => {
    signal.addEventListener('abort', () => {
      resolve([]);
    });
  });
  return Promise.race([ids, interrupted]);
}

interface Enqueued {
  readonly ids: readonly string[];
  readonly deliveries: readonly QueuedDelivery[];
  readonly queue: OpenDeliveryQueue;
}

function show({ ids, deliveries, queue }: Enqueued, flags: Flags, context: CommandContext): void {
  if (flags.quiet === true) return;
  for (const [index, id] of ids.entries()) {
    const delivery = deliveries[index];
    if (delivery !== undefined)
      context.print(flags.json === true ? record(id, delivery) : line(id, delivery));
  }
  const name = flags.queue === undefined ? '' : ` --queue ${flags.queue}`;
  const count = `${ids.length} ${ids.length === 1 ? 'delivery' : 'deliveries'}`;
  context.note(
    `${count} in the queue; whoever runs this makes them: hookcast worker --redis ${queue.address}${name}`,
  );
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
