import type { Event } from '../../event/build.ts';
import { formatSpan } from '../../report/duration.ts';
import { summaryLine } from '../../report/text.ts';
import type { PreparedScenario, Sending } from '../../simulator/scenario.ts';
import { createSimulator, type Simulator } from '../../simulator/simulator.ts';
import type { CommandContext } from '../context.ts';
import { hooksFor, type Sent } from '../views/simulator-view.ts';
import { runShown } from '../steps/run-deliveries.ts';
import { KEYS_HELP } from '../terminal/keys.ts';
import { JOURNALLED, journalUnlessQueued, withJournal } from '../flags/journal.ts';
import type { Journal } from '../../journal/journal.ts';
import { SENDING, SOURCE, WEBHOOK } from '../flags/run.ts';
import { REDIS, type RedisFlags } from '../flags/redis.ts';
import { commandOf, flagsOf, GROUP, type ValuesOf } from '../flags/flag.ts';
import { TIMING } from '../flags/timing.ts';
import { SCENARIO, scenarioOptions, type ScenarioFlags } from '../flags/scenario.ts';
import { printPlan, printScenarios } from '../views/scenario-output.ts';
import {
  exitCodeOf,
  noteDevelopmentSecret,
  simulatorsFor,
  warnOfUnmatched,
  type SendingFlags,
} from '../steps/simulators.ts';

const EXAMPLES = `
Examples:
  $ hookcast scenario
  $ hookcast scenario quickstart --to http://localhost:3000/webhooks
  $ hookcast scenario inquiry-approved --to http://localhost:3000/webhooks --time-scale instant
  $ hookcast scenario inquiry-approved --shuffle --duplicates 0.2 --seed 7 --dry-run
  $ hookcast scenario watchlist-match --to http://localhost:3000/webhooks --time-scale 1h=1s
  $ hookcast scenario ./my-scenario.json --until inquiry.completed --reference-id user-1

The gaps between events are those of real life, divided by --time-scale, as are the waits for retries.

Exit codes: 0 all delivered, 1 a delivery failed, 2 wrong usage or a fault in a file, 3 the journal broke,
130 interrupted.
`;

const LISTING = flagsOf(GROUP.output, {
  list: { spelling: '--list', description: 'list the scenarios' },
  dryRun: { spelling: '--dry-run', description: 'print the time line; send nothing' },
});
type Flags = ScenarioFlags & SendingFlags & RedisFlags & ValuesOf<typeof LISTING>;

export const configure = commandOf({
  argument: ['[name|file]', 'a scenario by its name, or your own JSON file; without it: the list'],
  flags: [WEBHOOK, SOURCE, TIMING, SCENARIO, JOURNALLED, SENDING, REDIS, LISTING],
  help: EXAMPLES + KEYS_HELP,
  run: scenario,
});

async function scenario(name: string | undefined, flags: Flags, context: CommandContext): Promise<void> {
  if (name === undefined || flags.list === true) return printScenarios(flags, context);
  if (flags.dryRun === true) return preview(name, flags, context);
  const path = journalUnlessQueued(flags, context);
  return withJournal(path, { context }, (journal) => sendFrom(journal, { name, flags, context }));
}

/** Needs no receiver: nothing is sent. */
async function preview(name: string, flags: Flags, context: CommandContext): Promise<void> {
  const webhook = { url: 'http://localhost/' };
  const simulator = createSimulator({ webhook, seed: flags.seed, timeScale: flags.timeScale });
  const prepared = await simulator.prepareScenario(name, scenarioOptions(flags));
  printPlan(prepared, flags, context);
  if (flags.quiet !== true) noteHowToRepeat(simulator, prepared, context);
}

async function sendFrom(
  journal: Journal | undefined,
  { name, flags, context }: { name: string; flags: Flags; context: CommandContext },
): Promise<void> {
  const options = scenarioOptions(flags);
  const simulators = await simulatorsFor(flags, context, journal);
  // Built once: every webhook gets the same events in the same order.
  const prepared = await simulators[0].prepareScenario(name, options);
  noteDevelopmentSecret(simulators, flags, context);
  for (const simulator of simulators) warnOfUnmatched(simulator, eventsOf(prepared), context);
  if (flags.redis !== undefined) {
    const { enqueue } = await import('../steps/enqueue.ts');
    const { sendings } = prepared;
    await enqueue({ simulators, sendings }, { ...flags, redis: flags.redis }, context);
    if (flags.quiet !== true) noteHowToRepeat(simulators[0], prepared, context);
    return;
  }
  if (flags.quiet !== true) noteDuration(prepared, flags, context);
  const shown = { ...flags, journal: journal?.path, hasManyEvents: true };
  const signal = context.io.interrupted;
  const deliveries = await runShown(simulators, { ...shown, sent, context }, (simulator, view) =>
    simulator.runScenario(prepared, { ...options, ...hooksFor(view, simulator), signal }),
  );
  if (flags.quiet !== true && flags.json !== true) context.print(summaryLine(deliveries));
  if (flags.quiet !== true) noteHowToRepeat(simulators[0], prepared, context);
  context.exitCode = exitCodeOf(deliveries);
}

function eventsOf({ sendings }: PreparedScenario): Event[] {
  return [...new Set(sendings.map(({ event }) => event))];
}

function sent({ event, copy, dueMs }: Sending): Sent {
  return { eventId: event.id, eventName: event.name, event, copy, dueMs };
}

/** A silent minute looks like a hang to a user who did not ask for real time. */
function noteDuration({ sendings }: PreparedScenario, { timeScale }: Flags, context: CommandContext): void {
  const lastMs = sendings.at(-1)?.dueMs ?? 0;
  if (timeScale !== undefined || lastMs < 60_000) return;
  const advice = 'to shorten that: --time-scale 1h=1s, or instant';
  context.note(`${sendings.length} deliveries over ${formatSpan(lastMs)} of real time; ${advice}`);
}

function noteHowToRepeat({ seed }: Simulator, { beginMs }: PreparedScenario, context: CommandContext): void {
  const at = new Date(beginMs).toISOString();
  context.note(context.chalk.dim(`repeat with: --seed ${seed} --at ${at}`));
}
