import type { Simulator } from '../../simulator/simulator.ts';
import { EXIT, type CommandContext, type ExitCode } from '../context.ts';
import type { Event } from '../../event/build.ts';
import { sentEvent } from '../views/simulator-view.ts';
import type { Delivery } from '../../delivery/deliver.ts';
import { JOURNALLED, journalUnlessQueued, withJournal } from '../flags/journal.ts';
import type { Journal } from '../../journal/journal.ts';
import { checkEventNames, eventFlags, eventOptions, type EventFlags } from '../flags/event.ts';
import { SENDING, SOURCE, WEBHOOK } from '../flags/run.ts';
import { KEYS_HELP } from '../terminal/keys.ts';
import { REDIS, type RedisFlags } from '../flags/redis.ts';
import { commandOf, flagsOf, GROUP, type ValuesOf } from '../flags/flag.ts';
import { TIMING } from '../flags/timing.ts';
import { runDeliveries, runShown } from '../steps/run-deliveries.ts';
import type { SentEvents } from '../steps/send-with-ui.ts';
import {
  exitCodeOf,
  noteDevelopmentSecret,
  simulatorsFor,
  warnOfUnmatched,
  type SendingFlags,
} from '../steps/simulators.ts';

const UI = flagsOf(GROUP.output, {
  ui: { spelling: '--ui', description: 'show the run in the inspector, in a browser, until Ctrl-C' },
});
type Flags = EventFlags & SendingFlags & RedisFlags & ValuesOf<typeof UI>;

const EXAMPLES = `
Examples:
  $ hookcast send inquiry.approved --to http://localhost:3000/webhooks
  $ hookcast send inquiry.approved --to http://localhost:3000/webhooks --time-scale 1h=1s
  $ hookcast send inquiry.created inquiry.completed inquiry.approved --reference-id user-1
  $ hookcast send inquiry.declined --set fields.name-last.value=Doe --block 'name-*'
  $ hookcast send report/watchlist.matched --api-version 2023-01-05 --inflection camel
  $ hookcast send inquiry.approved --webhook persona-webhook.json --json
  $ hookcast send inquiry.approved --journal hookcast.db
  $ hookcast send inquiry.approved --to http://localhost:3000/webhooks --ui
  $ hookcast send inquiry.approved --to http://localhost:3000/webhooks --redis redis://127.0.0.1:6379

Exit codes: 0 all delivered, 1 a delivery failed or an event is not enabled in any webhook, 2 wrong usage or
a fault in a file, 3 the journal broke, 130 interrupted.
`;

export const configure = commandOf({
  argument: ['<event...>', 'names such as inquiry.approved (see: hookcast events)'],
  flags: [WEBHOOK, SOURCE, TIMING, eventFlags, JOURNALLED, SENDING, UI, REDIS],
  help: EXAMPLES + KEYS_HELP,
  run: send,
});

async function send(names: readonly string[], flags: Flags, context: CommandContext): Promise<void> {
  checkEventNames(names);
  if (flags.ui === true) {
    const { sendWithUi } = await import('../steps/send-with-ui.ts');
    const at = flags.at ?? new Date();
    await sendWithUi({ names, at, flags }, context, (sent) => conclude(sent, { at, flags, context }));
    return;
  }
  const path = journalUnlessQueued(flags, context);
  await withJournal(path, { context }, (journal) => sendFrom(journal, { names, flags, context }));
}

async function sendFrom(
  journal: Journal | undefined,
  { names, flags, context }: { names: readonly string[]; flags: Flags; context: CommandContext },
): Promise<void> {
  const simulators = await simulatorsFor(flags, context, journal);
  // Named here, so that the run can be repeated byte for byte.
  const at = flags.at ?? new Date();
  const events = await simulators[0].buildAll(names, { ...eventOptions(flags), at });
  noteDevelopmentSecret(simulators, flags, context);
  for (const simulator of simulators) warnOfUnmatched(simulator, events, context);
  if (flags.redis !== undefined) {
    const { enqueue } = await import('../steps/enqueue.ts');
    const sendings = events.map((event) => ({ event }));
    await enqueue({ simulators, sendings }, { ...flags, redis: flags.redis }, context);
    if (events.some((event) => isSentNowhere(event, simulators))) context.exitCode = EXIT.failed;
    return;
  }
  const shown = { ...flags, journal: journal?.path, hasManyEvents: events.length > 1 };
  const signal = context.io.interrupted;
  const deliveries = await runShown(simulators, { ...shown, sent: sentEvent, context }, (simulator, view) =>
    runDeliveries(simulator, events, { view, signal }),
  );
  conclude({ deliveries, events, simulators }, { at, flags, context });
}

/** The exit code, and how to do it again where that is worth knowing. */
function conclude(
  { deliveries, events, simulators }: SentEvents,
  { at, flags, context }: { at: Date; flags: Flags; context: CommandContext },
): void {
  context.exitCode = exitCodeOfSend(deliveries, { events, simulators });
  const isWorthRepeating = context.exitCode !== EXIT.ok || flags.verbose === true;
  if (isWorthRepeating && flags.quiet !== true)
    context.note(context.chalk.dim(`repeat with: --seed ${simulators[0].seed} --at ${at.toISOString()}`));
}

function exitCodeOfSend(
  deliveries: readonly Delivery[],
  { events, simulators }: { events: readonly Event[]; simulators: readonly Simulator[] },
): ExitCode {
  const isAnySkipped = deliveries.some(({ state }) => state === 'skipped');
  if (isAnySkipped && events.some((event) => isSentNowhere(event, simulators))) return EXIT.failed;
  return exitCodeOf(deliveries);
}

/** Named on the command line, and yet no webhook takes it: in CI that must not pass for a delivery. */
function isSentNowhere(event: Event, simulators: readonly Simulator[]): boolean {
  return simulators.every(
    (simulator) => simulator.webhook.verdict(event.name, simulator.compose(event)).kind !== 'deliver',
  );
}
