import { counted } from '../../text/plural.ts';
import { systemClock } from '../../delivery/system-clock.ts';
import { recordingLine } from '../../recording/ndjson.ts';
import { withoutCredentials, type Recording } from '../../recording/recording.ts';
import { missingEvents } from '../../recording/plan.ts';
import { readRecordings } from '../../recording/read/recordings.ts';
import { harText } from '../../recording/write/har.ts';
import { PRIVATE, replaceFile } from '../../fixture/replace-file.ts';
import type { CommandContext } from '../context.ts';
import { journalOf } from '../flags/journal.ts';
import { STORE_SOURCES, type StoreFlags } from '../flags/store.ts';
import { commandOf, flagsOf, GROUP, reworded, type ValuesOf } from '../flags/flag.ts';
import { RUN, WITH_CREDENTIALS } from '../flags/run.ts';
import { readContext, SCRUB, scrubbedIf, sourcesOf, SOURCES_HELP } from '../flags/replay.ts';
import { refuseSameFile } from '../files/same-file.ts';
import { tryWriting } from '../files/try-writing.ts';
import { version } from '../../text/version.ts';

const EXAMPLES = `
Examples:
  $ hookcast export request.http --output request.ndjson
  $ hookcast export recording.ndjson --format har --output recording.har
  $ hookcast export recording.ndjson --only inquiry.approved
  $ hookcast export prod.har --scrub --output scrubbed.ndjson
  $ hookcast export --journal hookcast.db --format har --output deliveries.har
  $ hookcast export --journal hookcast.db --format html --output deliveries.html

Bodies keep their exact bytes: as text where nothing is lost, otherwise as base64. Signatures are kept, as they are not
secrets; the values of Authorization, cookies and similar headers are written as [secret]. --scrub replaces personal
data with values of the same kind.
`;

const EXPORT = {
  ...STORE_SOURCES,
  journal: reworded(
    STORE_SOURCES.journal,
    'also the deliveries of this journal (without a source: HOOKCAST_JOURNAL)',
  ),
  only: RUN.only,
  ...flagsOf(GROUP.output, {
    format: {
      spelling: '--format <name>',
      description: 'format of the output',
      choices: ['ndjson', 'har', 'html'],
      default: 'ndjson',
    },
    output: {
      spelling: '--output <file>',
      description: 'file to write; an existing one is replaced (default: stdout)',
    },
  }),
  scrub: SCRUB,
  withCredentials: WITH_CREDENTIALS,
};
type Flags = StoreFlags & ValuesOf<typeof EXPORT>;

export const configure = commandOf({
  argument: ['[source...]', SOURCES_HELP],
  flags: [EXPORT],
  help: EXAMPLES,
  run: exportRecordings,
});

function textOf(format: Flags['format'], recordings: AsyncIterable<Recording>): AsyncIterable<string> {
  switch (format) {
    case 'ndjson':
      return ndjsonText(recordings);
    case 'har':
      return harText(recordings, { version: version() });
    case 'html':
      return htmlText(recordings);
  }
}

/** A page that shows the deliveries as the inspector of `serve` does. */
async function* htmlText(recordings: AsyncIterable<Recording>): AsyncGenerator<string> {
  const { recordedDeliveries } = await import('../../server/deliveries/recorded-deliveries.ts');
  const { recordingPage } = await import('../../server/recording-page.ts');
  const webhooks = { find: () => undefined, list: () => [], isDefault: () => false };
  yield recordingPage(await recordedDeliveries(recordings), { webhooks, clock: systemClock });
}

async function exportRecordings(
  given: readonly string[],
  flags: Flags,
  context: CommandContext,
): Promise<void> {
  const sources = await sourcesOf(given, withDefault(given, flags, context), context);
  if (flags.output !== undefined) await refuseSameFile(flags.output, sources);
  const seen: Seen = { written: 0, names: new Set() };
  const read = scrubbedIf(flags.scrub, readRecordings(sources, readContext(flags, context)), context);
  const recordings = chosen(read, { flags, seen });
  const text = textOf(flags.format, recordings);
  if (flags.output === undefined) for await (const piece of text) context.io.stdout.write(piece);
  else await writeTo(flags.output, text);
  const missing = missingEvents(flags.only ?? [], seen.names);
  if (missing !== undefined) context.warn(missing);
  const requests = counted(seen.written, 'request');
  if (flags.output !== undefined) context.note(`${requests} written to ${flags.output}`);
}

interface Seen {
  written: number;
  /** Of all events, those that are left out too. */
  readonly names: Set<string>;
}

/** The journal of the environment, where nothing else is named. */
function withDefault(given: readonly string[], flags: Flags, context: CommandContext): StoreFlags {
  if (given.length > 0 || flags.redis !== undefined) return flags;
  const journal = journalOf(flags, context);
  return journal === undefined ? flags : { ...flags, journal };
}

async function* chosen(
  recordings: AsyncIterable<Recording>,
  { flags, seen }: { flags: Flags; seen: Seen },
): AsyncGenerator<Recording> {
  for await (const recording of recordings) {
    const { eventName = '' } = recording;
    seen.names.add(eventName);
    if (flags.only !== undefined && !flags.only.includes(eventName)) continue;
    seen.written += 1;
    yield flags.withCredentials === true ? recording : withoutCredentials(recording);
  }
}

async function* ndjsonText(recordings: AsyncIterable<Recording>): AsyncGenerator<string> {
  for await (const recording of recordings) yield `${recordingLine(recording)}\n`;
}

/** For the eyes of the owner: bodies hold personal data. */
async function writeTo(path: string, text: AsyncIterable<string>): Promise<void> {
  await tryWriting(path, () => replaceFile(path, text, PRIVATE));
}
