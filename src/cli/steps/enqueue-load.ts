import { CLEAR_LINE } from '../../text/terminal.ts';
import { UsageError } from '../../errors.ts';
import type { LoadOptions } from '../../simulator/load.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import type { CommandContext } from '../context.ts';
import { intoQueue, refuseSendersFlags, type IntoQueueFlags } from './into-queue.ts';
import type { LoadFlags } from '../flags/load.ts';

type Flags = LoadFlags & IntoQueueFlags;

/** Puts a load run into the queue instead of sending it. @throws {UsageError | RedisError} */
export async function enqueueLoad(
  simulator: Simulator,
  { options, flags }: { options: LoadOptions; flags: Flags },
  context: CommandContext,
): Promise<void> {
  checkFlags(flags, simulator);
  const { mix, scenario, storeSecrets } = flags;
  const { stderr, interrupted: signal } = context.io;
  const isShown = flags.quiet !== true && stderr.isTty;
  const onProgress = (soFar: number) => stderr.write(`\r${soFar} in the queue`);
  const run = {
    ...options,
    count: countOf(options),
    storeSecrets,
    signal,
    ...(isShown ? { onProgress } : {}),
  };
  await intoQueue(flags, context, async (queue) => {
    const count = await simulator.enqueue({ mix, scenario }, { ...run, queue });
    if (isShown) stderr.write(CLEAR_LINE);
    const record = { type: 'queued', deliveries: count, seed: simulator.seed };
    if (flags.json === true) context.print(JSON.stringify(record));
    return count;
  });
  if (flags.quiet !== true) context.note(context.chalk.dim(`seed ${simulator.seed}`));
}

/** Rejected here because they need the run in this process. */
function checkFlags(flags: Flags, { clock }: Simulator): void {
  refuseSendersFlags(flags);
  for (const name of ['forged', 'outage', 'report', 'journal', 'workers'] as const) {
    if (flags[name] === undefined) continue;
    throw new UsageError(`--${name} needs a run in this process; leave out either it or --redis`);
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
  throw new UsageError('--redis needs a number of events: pass --count, or --rate with --duration');
}
