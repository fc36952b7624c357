import type { Command } from 'commander';
import type { QueueOptions } from '../../queue/bullmq/queue.ts';
import { parseDurationMs } from '../../delivery/time-scale.ts';
import { UsageError } from '../../errors.ts';
import { formatElapsed } from '../../report/duration.ts';
import type { CommandContext } from '../context.ts';

/** The flags of every command that knows a queue. */
export interface QueueFlags {
  readonly queue?: string;
  readonly redisPatience?: string;
}

/** The flags of the commands that can enqueue instead of delivering. */
export interface RedisFlags extends QueueFlags {
  readonly redis?: string;
  readonly storeSecrets?: boolean;
}

export function addQueueOptions(command: Command): Command {
  return command
    .option('--queue <name>', 'which queue of that Redis (default: deliveries)')
    .option('--redis-patience <duration>', 'how long to wait for a Redis that is lost (default: 60s)');
}

export function addRedisOptions(command: Command): Command {
  command.option('--redis <url>', 'put it into a queue for hookcast worker instead of delivering it here');
  return addQueueOptions(command);
}

/** How to connect, and what the user is told when the connection is lost. @throws {UsageError} */
export function queueOptions(
  flags: QueueFlags & { readonly redis: string },
  context: CommandContext,
  whatIsSafe: string,
): QueueOptions {
  const { redis: url, queue: queueName = '', redisPatience = '60s' } = flags;
  const patienceMs = parseDurationMs(redisPatience);
  if (patienceMs === undefined)
    throw new UsageError(`--redis-patience ${redisPatience}: expected a duration such as 30s or 5m`);
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
