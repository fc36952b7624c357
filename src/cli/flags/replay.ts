import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import { diskRecordings } from '../../recording/files.ts';
import type { HeaderList, Recording } from '../../recording/recording.ts';
import { withoutPersonalData } from '../../recording/scrub/scrub.ts';
import type { ReadContext } from '../../recording/source.ts';
import { printable } from '../../report/printable.ts';
import { UsageError } from '../../errors.ts';
import type { CommandContext } from '../context.ts';
import { openNamedStore, openSource, type StoreFlags } from './store.ts';
import { collect, positiveNumber, wholeNumber } from './event.ts';

export const SOURCES_HELP =
  'recordings: NDJSON of record or export, HAR, HTTP requests, curl commands, bodies (one event a line, or one a file), a folder of these, a journal, or a queue (redis://…)';

/** The flags that say what of a recording is sent, and in which order. */
export interface ReplayFlags {
  readonly only?: string[];
  readonly limit?: number;
  readonly everyAttempt?: boolean;
  readonly shuffle?: boolean;
  readonly frozen?: boolean;
  readonly freshIds?: boolean;
  readonly scrub?: boolean;
  readonly retries: boolean;
  readonly seed?: number;
}

export function addReplayOptions(command: Command): Command {
  return command
    .option('--to <url>', 'your receiver (or HOOKCAST_URL)')
    .option(
      '--webhook <file>',
      'a webhook as JSON, for its url, secrets and headers; again for another',
      collect,
    )
    .option('--secret <text>', 'webhook secret (or PERSONA_WEBHOOK_SECRET); twice: new and old', collect)
    .option('--header <name: value>', 'set a header, in place of the recorded one', collect)
    .option('--only <events>', 'only these events, with commas between', names)
    .option('--limit <n>', 'only the first so many deliveries', positiveNumber)
    .option('--frozen', 'every header as it was, the old signature with it; each request once')
    .option('--fresh-ids', 'new event ids, for a receiver that knows the recorded ones already')
    .option('--scrub', 'replace personal data before it is sent')
    .option('--every-attempt', 'send recorded retries as requests of their own, each once')
    .option('--no-retries', 'send each once, whatever the receiver answers')
    .option('--shuffle', 'send in an order that is drawn; the moments of sending stay')
    .option('--seed <number>', 'repeat the order and the fresh ids of an earlier run', wholeNumber);
}

export function names(list: string, previous: readonly string[] = []): string[] {
  return [...previous, ...list.split(',').map((name) => name.trim())];
}

/** What reading the sources needs of the world. */
export function readContext(flags: StoreFlags, context: CommandContext, headers?: HeaderList): ReadContext {
  const warn = (warning: string) => context.warn(warning);
  const openStore = (source: string) => openSource(source, flags, context);
  return { files: diskRecordings, warn, headers, openStore };
}

/** The arguments, and what `--journal` and `--redis` name. @throws {UsageError | JournalError} */
export async function sourcesOf(
  given: readonly string[],
  flags: StoreFlags,
  context: CommandContext,
): Promise<string[]> {
  const { journal, redis } = flags;
  const stores = [journal, redis].filter((source) => source !== undefined);
  // A file of another form under this flag is a mistake, and is told as one.
  if (journal !== undefined) await (await openNamedStore({ journal }, context)).store.close();
  if (given.length + stores.length > 0) return [...given, ...stores];
  throw new UsageError('no recording given: name a file or folder, --journal hookcast.db or --redis <url>');
}

export async function collectRecordings(recordings: AsyncIterable<Recording>): Promise<Recording[]> {
  const all: Recording[] = [];
  for await (const recording of recordings) all.push(recording);
  return all;
}

/** With `--scrub`, without personal data; the key of the stand-ins is thrown away. */
export function scrubbedIf(
  isAsked: boolean | undefined,
  recordings: AsyncIterable<Recording>,
  context: CommandContext,
): AsyncIterable<Recording> {
  if (isAsked !== true) return recordings;
  const onLeftOut = ({ eventName = 'no event name' }: Recording) =>
    context.warn(
      `left out (${printable(eventName, 60)}): the body is not JSON, and --scrub cannot tell what in it is personal`,
    );
  return withoutPersonalData(recordings, { key: randomBytes(32), onLeftOut });
}
