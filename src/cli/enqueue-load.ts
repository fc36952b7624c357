import { openDeliveryQueue } from '../adapters/bullmq-queue.ts';
import { UsageError } from '../errors.ts';
import type { LoadOptions } from '../simulate-load.ts';
import type { Simulator } from '../simulator.ts';
import type { CommandContext } from './context.ts';
import type { LoadFlags } from './load-options.ts';
import { queueOptions, type RedisFlags } from './redis-options.ts';

const SAFE = 'What is in the queue is safe if Redis keeps it; what is not is tried again.';

/** Puts a load run into the queue in place of making it. @throws {UsageError | RedisError} */
export async function enqueueLoad(
  simulator: Simulator,
  { options, flags }: { options: LoadOptions; flags: LoadFlags & RedisFlags & { readonly redis: string } },
  context: CommandContext,
): Promise<void> {
  checkFlags(flags, simulator);
  const count = countOf(options);
  const queue = await openDeliveryQueue(queueOptions(flags, context, SAFE));
  try {
    for (const warning of queue.warnings) context.warn(warning);
    const isShown = flags.quiet !== true && context.io.stderr.isTty;
    const enqueued = await simulator.enqueue(
      { mix: flags.mix, scenario: flags.scenario },
      {
        ...options,
        count,
        queue,
        storeSecrets: flags.storeSecrets,
        signal: context.io.interrupted,
        ...(isShown ? { onProgress: (soFar) => context.io.stderr.write(`\r${soFar} in the queue`) } : {}),
      },
    );
    if (isShown) context.io.stderr.write('\r\u001b[2K');
    show(enqueued, { flags, address: queue.address, seed: simulator.seed }, context);
  } finally {
    await queue.close();
  }
}

/** Whoever says these here would find them ignored. */
function checkFlags(flags: LoadFlags, { clock }: Simulator): void {
  for (const name of ['allowRemote', 'insecure', 'ca', 'concurrency'] as const) {
    if (flags[name] === undefined) continue;
    const flag = name === 'allowRemote' ? 'allow-remote' : name;
    throw new UsageError(`--${flag} is for whoever sends; with --redis say it to hookcast worker`);
  }
  for (const name of ['forged', 'outage', 'report', 'journal', 'workers'] as const) {
    if (flags[name] === undefined) continue;
    throw new UsageError(`--${name} needs a run that this process makes itself; leave it or --redis out`);
  }
  if (flags.rate !== undefined && !Number.isFinite(clock.scale)) {
    throw new UsageError(
      '--rate spreads deliveries over time, and --time-scale instant leaves none; choose one',
    );
  }
}

function countOf({ count, durationMs, ratePerSecond }: LoadOptions): number {
  if (count !== undefined) return count;
  if (durationMs !== undefined && ratePerSecond !== undefined) {
    return Math.ceil((durationMs / 1_000) * ratePerSecond);
  }
  throw new UsageError('with --redis, say how many: --count, or --rate with --duration');
}

function show(
  enqueued: number,
  { flags, address, seed }: { flags: LoadFlags & RedisFlags; address: string; seed: number },
  context: CommandContext,
): void {
  if (flags.json === true) context.print(JSON.stringify({ type: 'queued', deliveries: enqueued, seed }));
  if (flags.quiet === true) return;
  const name = flags.queue === undefined ? '' : ` --queue ${flags.queue}`;
  const count = `${enqueued} ${enqueued === 1 ? 'delivery' : 'deliveries'}`;
  context.note(
    `${count} in the queue; whoever runs this makes them: hookcast worker --redis ${address}${name}`,
  );
  context.note(context.chalk.dim(`seed ${seed}`));
}
