import { counted } from '../../text/plural.ts';
import { EnqueueError, openDeliveryQueue, type OpenDeliveryQueue } from '../../queue/bullmq/queue.ts';
import { UsageError } from '../../errors.ts';
import type { CommandContext } from '../context.ts';
import { queueOptions, type RedisFlags } from '../flags/redis.ts';
import type { SendingFlags } from './simulators.ts';

export type IntoQueueFlags = RedisFlags &
  Pick<SendingFlags, 'allowRemote' | 'insecure' | 'ca' | 'source' | 'quiet'> & {
    readonly redis: string;
    readonly concurrency?: number;
  };

const SAFE = 'What is in the queue is safe if Redis keeps it; the rest is tried again.';

/**
 * Opens the queue for `add`, which resolves with how many deliveries it has put there, and says how to deliver them.
 * @throws {UsageError | RedisError}
 */
export async function intoQueue(
  flags: IntoQueueFlags,
  context: CommandContext,
  add: (queue: OpenDeliveryQueue) => Promise<number>,
): Promise<void> {
  const queue = await openDeliveryQueue(queueOptions(flags, context, SAFE));
  try {
    for (const warning of queue.warnings) context.warn(warning);
    const count = await add(queue);
    if (flags.quiet === true) return;
    const name = flags.queue === undefined ? '' : ` --queue ${flags.queue}`;
    context.note(
      `${counted(count, 'delivery')} in the queue; ` +
        `start a worker to deliver them: hookcast worker --redis ${queue.address}${name}`,
    );
  } catch (error) {
    if (!(error instanceof EnqueueError && context.io.interrupted.aborted)) throw error;
    context.warn(error.message);
  } finally {
    await queue.close();
  }
}

/** Rejected here because only the worker uses them. @throws {UsageError} */
export function refuseSendersFlags({ allowRemote, insecure, ca, concurrency, source }: IntoQueueFlags): void {
  const flags = {
    '--allow-remote': allowRemote,
    '--insecure': insecure,
    '--ca': ca,
    '--concurrency': concurrency,
  };
  const [misplaced] = Object.entries(flags).find(([, value]) => value !== undefined) ?? [];
  // A worker runs on another machine, with addresses of its own.
  if (source !== undefined) throw new UsageError('--source works only without --redis');
  if (misplaced === undefined) return;
  throw new UsageError(`${misplaced} applies to the sender; pass it to "hookcast worker" when using --redis`);
}
