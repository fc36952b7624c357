import type { Simulator } from '../../simulator/simulator.ts';
import type { CommandContext, ConfigureCommand } from '../context.ts';
import { createViews } from '../views/delivery-view.ts';
import { addJournalOptions, withJournal } from '../flags/journal.ts';
import type { Journal } from '../../journal/journal.ts';
import { addEventOptions, checkEventNames, eventOptions, type EventFlags } from '../flags/event.ts';
import { addWebhookOptions } from '../flags/webhook.ts';
import { KEYS_HELP, withKeys } from '../terminal/keys.ts';
import { addRedisOptions, type RedisFlags } from '../flags/redis.ts';
import { addFlags } from '../flags/flag.ts';
import { TIMING } from '../flags/timing.ts';
import { runDeliveries } from '../steps/run-deliveries.ts';
import {
  addSendingOptions,
  exitCodeOf,
  noteDevelopmentSecret,
  simulatorsFor,
  warnOfUnmatched,
  type SendingFlags,
} from '../steps/simulators.ts';

type Flags = EventFlags & SendingFlags & RedisFlags;

const EXAMPLES = `
Examples:
  $ hookcast send inquiry.approved --to http://localhost:3000/webhooks
  $ hookcast send inquiry.approved --to http://localhost:3000/webhooks --time-scale 1h=1s
  $ hookcast send inquiry.created inquiry.completed inquiry.approved --reference-id user-1
  $ hookcast send inquiry.declined --set fields.name-last.value=Doe --block 'name-*'
  $ hookcast send report/watchlist.matched --api-version 2023-01-05 --inflection camel
  $ hookcast send inquiry.approved --webhook persona-webhook.json --json
  $ hookcast send inquiry.approved --journal hookcast.db
  $ hookcast send inquiry.approved --to http://localhost:3000/webhooks --redis redis://127.0.0.1:6379

Exit codes: 0 all delivered, 1 a delivery failed, 2 wrong usage or a fault in a file, 3 the journal broke,
130 interrupted.
`;

export const configure: ConfigureCommand = (command, context) => {
  command.argument('<event...>', 'names such as inquiry.approved (see: hookcast events)');
  addWebhookOptions(command);
  addFlags(command, Object.values(TIMING));
  addEventOptions(command);
  addJournalOptions(command);
  addRedisOptions(addSendingOptions(command))
    .addHelpText('after', EXAMPLES + KEYS_HELP)
    .action((names: string[], flags: Flags) => send(names, flags, context));
};

async function send(names: readonly string[], flags: Flags, context: CommandContext): Promise<void> {
  checkEventNames(names);
  await withJournal(flags, context, (journal) => sendFrom(journal, { names, flags, context }));
}

async function sendFrom(
  journal: Journal | undefined,
  { names, flags, context }: { names: readonly string[]; flags: Flags; context: CommandContext },
): Promise<void> {
  const simulators = await simulatorsFor(flags, context, journal);
  const events = await simulators[0].buildAll(names, eventOptions(flags));
  noteDevelopmentSecret(simulators, flags, context);
  for (const simulator of simulators) warnOfUnmatched(simulator, events, context);
  if (flags.redis !== undefined) {
    const { enqueue } = await import('../steps/enqueue.ts');
    const sendings = events.map((event) => ({ event }));
    return enqueue({ simulators, sendings }, { ...flags, redis: flags.redis }, context);
  }
  const views = createViews(simulators, context, {
    ...flags,
    journal: journal?.path,
    many: events.length > 1,
  });
  const signal = context.io.interrupted;
  const run = async (simulator: Simulator, index: number) => {
    const view = views[index];
    return view === undefined ? [] : await runDeliveries(simulator, events, { view, signal });
  };
  const clocks = simulators.map(({ clock }) => clock);
  const deliveries = await withKeys(() => Promise.all(simulators.map(run)), { clocks, context, flags });
  if (flags.quiet !== true) context.note(context.chalk.dim(`seed ${simulators[0].seed}`));
  context.exitCode = exitCodeOf(deliveries.flat());
}
