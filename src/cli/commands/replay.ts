import { seededRandom } from '../../event/seeded-random.ts';
import { withFreshIds } from '../../recording/fresh-ids.ts';
import { planReplay, type PlannedReplay } from '../../recording/plan.ts';
import { readRecordings } from '../../recording/read/recordings.ts';
import type { Recording } from '../../recording/recording.ts';
import { hiddenHeaders } from '../../recording/request.ts';
import { replayPolicy, type ReplayOptions } from '../../simulator/replay.ts';
import { formatSpan } from '../../report/duration.ts';
import { counted } from '../../text/plural.ts';
import { printable } from '../../text/printable.ts';
import { summaryLine } from '../../report/text.ts';
import { UsageError } from '../../errors.ts';
import { DEVELOPMENT_SECRET } from '../../signing/sign.ts';
import { EXIT, type CommandContext } from '../context.ts';
import { hooksFor, simulatorViews, type Sent } from '../views/simulator-view.ts';
import { STORE_SOURCES, type StoreFlags } from '../flags/store.ts';
import { commandOf } from '../flags/flag.ts';
import { SENDING } from '../flags/run.ts';
import { TIMING } from '../flags/timing.ts';
import {
  collectRecordings,
  readContext,
  REPLAY,
  scrubbedIf,
  sourcesOf,
  SOURCES_HELP,
  type ReplayFlags,
} from '../flags/replay.ts';
import { exitCodeOf, noteDevelopmentSecret, simulatorsFor, type SendingFlags } from '../steps/simulators.ts';

type Flags = ReplayFlags & SendingFlags & StoreFlags;

const EXAMPLES = `
Examples:
  $ hookcast replay recording.ndjson --to http://localhost:3000/webhooks
  $ hookcast replay recording.ndjson --to http://localhost:3000/webhooks --time-scale instant --fresh-ids
  $ hookcast replay proxy.har --to http://localhost:3000/webhooks --only inquiry.approved --limit 1
  $ hookcast replay recorded/ --to http://localhost:3000/webhooks --shuffle --seed 7
  $ hookcast replay request.http --to http://localhost:3000/webhooks --frozen
  $ hookcast replay --journal hookcast.db --to http://localhost:3000/webhooks

The bytes of each body are those of the recording. They are signed again, with your secret and the current time,
and retried by the policy; --frozen sends the old headers instead. The gaps are those of the recording, divided
by --time-scale, as are the waits for retries.

Exit codes: 0 all delivered, 1 a delivery failed, 2 wrong usage or a fault in a file, 130 interrupted.
`;

export const configure = commandOf({
  argument: ['[source...]', SOURCES_HELP],
  flags: [REPLAY, STORE_SOURCES, TIMING, SENDING],
  help: EXAMPLES,
  run: replay,
});

async function replay(given: readonly string[], flags: Flags, context: CommandContext): Promise<void> {
  checkFlags(flags);
  const sources = await sourcesOf(given, flags, context);
  const headers = flags.header;
  const recordings = readRecordings(sources, readContext(flags, context, headers));
  const read = await collectRecordings(scrubbedIf(flags.scrub, recordings, context));
  // Nothing is signed where the old signature is sent: no word on secrets.
  const signing = flags.frozen === true ? { secret: [DEVELOPMENT_SECRET] } : {};
  const simulators = await simulatorsFor({ ...flags, ...signing }, context);
  const random = seededRandom(simulators[0].seed);
  const plan = planReplay(read, { ...flags, everyAttempt: sendsEach(flags) }, random);
  const sent = flags.freshIds === true ? renewed(plan, random, context) : plan;
  noteDevelopmentSecret(simulators, { ...flags, ...signing }, context);
  warnOfHidden(sent, context);
  if (flags.quiet !== true) noteScope(sent, { read, flags }, context);
  const options: ReplayOptions = { ...flags, signal: context.io.interrupted };
  const shownAs = simulators.map((each) => ({ ...each, policy: replayPolicy(each.policy, options) }));
  const views = simulatorViews(shownAs, { sent: sentAs, context }, { ...flags, hasManyEvents: true });
  const runs = views.map(({ simulator, view }) =>
    simulator.replay(sent, { ...options, ...hooksFor(view, simulator) }),
  );
  const deliveries = (await Promise.all(runs)).flat();
  if (flags.quiet !== true && flags.json !== true) context.print(summaryLine(deliveries));
  context.exitCode = exitCodeOf(deliveries);
  noteHowToRepeat(simulators[0].seed, flags, context);
}

/** Where chance had a part in a run that failed, or whose every detail was asked for. */
function noteHowToRepeat(
  seed: number,
  { shuffle, freshIds, verbose, quiet }: Flags,
  context: CommandContext,
): void {
  const isDrawn = shuffle === true || freshIds === true;
  const isWorthRepeating = context.exitCode !== EXIT.ok || verbose === true;
  if (isDrawn && isWorthRepeating && quiet !== true)
    context.note(context.chalk.dim(`repeat with: --seed ${seed}`));
}

function checkFlags({ frozen, freshIds, scrub, secret, header }: Flags): void {
  if (frozen !== true) return;
  if (scrub === true)
    throw new UsageError('--frozen and --scrub: the old signature does not fit a body without personal data');
  if (freshIds === true)
    throw new UsageError('--frozen and --fresh-ids: the old signature does not fit a body with another id');
  if (secret !== undefined || header !== undefined)
    throw new UsageError('--frozen sends the recorded headers: leave out --secret and --header');
}

function sendsEach({ frozen, everyAttempt }: Flags): boolean {
  return frozen === true || everyAttempt === true;
}

function renewed(
  plan: readonly PlannedReplay[],
  random: ReturnType<typeof seededRandom>,
  context: CommandContext,
): PlannedReplay[] {
  const before = plan.map(({ recording }) => recording);
  const { recordings, missed } = withFreshIds(before, random);
  if (missed > 0)
    context.warn(
      `--fresh-ids: ${missed} of ${plan.length} bodies hold no event id in plain text; sent as they are`,
    );
  return plan.map((entry, index) => ({ ...entry, recording: recordings[index] ?? entry.recording }));
}

/** A credential that was hidden when the recording was written cannot be sent again. */
function warnOfHidden(plan: readonly PlannedReplay[], context: CommandContext): void {
  for (const name of new Set(plan.flatMap(({ recording }) => hiddenHeaders(recording))))
    context.warn(
      `the value of ${printable(name, 40)} was not recorded and is not sent; --header '${printable(name, 40)}: …' sets it`,
    );
}

function noteScope(
  plan: readonly PlannedReplay[],
  { read, flags }: { read: readonly Recording[]; flags: Flags },
  context: CommandContext,
): void {
  const lastMs = plan.at(-1)?.dueMs ?? 0;
  const deliveries = counted(plan.length, 'delivery');
  const requests = counted(read.length, 'recorded request');
  const isLong = flags.timeScale === undefined && lastMs >= 60_000;
  const advice = isLong ? '; to shorten that: --time-scale 1h=1s, or instant' : '';
  context.note(context.chalk.dim(`${deliveries} out of ${requests}, over ${formatSpan(lastMs)}${advice}`));
}

/** Names come out of a file: they are shown with their control characters made visible. */
function sentAs({ recording, copy, dueMs }: PlannedReplay): Sent {
  const eventId = printable(recording.eventId ?? 'no event id', 60);
  return { eventId, eventName: recording.eventName ?? 'no event name', copy, dueMs };
}
