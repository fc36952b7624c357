import type { QueueOptions } from '../../queue/bullmq/queue.ts';
import { UsageError } from '../../errors.ts';
import { formatElapsed } from '../../report/duration.ts';
import type { CommandContext } from '../context.ts';
import { flagsOf, GROUP, type ValuesOf } from './flag.ts';
import type { JOURNAL } from './journal.ts';
import { someDuration } from './values.ts';

/** The flags of every command that knows a queue. */
export type QueueFlags = Omit<ValuesOf<typeof REDIS>, 'redis'>;

/** The flags of the commands that can enqueue instead of delivering. */
export type RedisFlags = ValuesOf<typeof REDIS & Pick<typeof JOURNAL, 'storeSecrets'>>;

export const REDIS = flagsOf(GROUP.journal, {
  redis: {
    spelling: '--redis <url>',
    description: 'put deliveries into a queue for hookcast worker instead of sending them here',
  },
  queue: { spelling: '--queue <name>', description: 'which queue of that Redis (default: deliveries)' },
  redisPatience: {
    spelling: '--redis-patience <duration>',
    description: 'how long to wait for Redis to come back (default: 60s)',
    parse: someDuration,
  },
});

const DEFAULT_PATIENCE_MS = 60_000;

/** How to connect, and the message for a lost connection. @throws {UsageError} */
export function queueOptions(
  flags: QueueFlags & { readonly redis: string },
  context: CommandContext,
  whatIsSafe: string,
): QueueOptions {
  const { redis: url, queue: queueName = '', redisPatience: patienceMs = DEFAULT_PATIENCE_MS } = flags;
  if (!/^[\w.-]*$/.test(queueName))
    throw new UsageError('--queue: expected a name of letters, digits, dots, dashes and underscores');
  return {
    url,
    patienceMs,
    queueName: queueName === '' ? undefined : queueName,
    onLost: (address) => {
      context.warn(
        `lost Redis at ${address}. ${whatIsSafe} Trying again for ${formatElapsed(patienceMs)}; Ctrl-C ends it.`,
      );
    },
    onBack: (afterMs) => {
      context.note(`Redis is back after ${formatElapsed(afterMs)}`);
    },
  };
}
