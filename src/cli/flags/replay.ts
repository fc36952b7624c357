import { randomBytes } from 'node:crypto';
import { recordingFiles } from '../files/recording-files.ts';
import type { HeaderList, Recording, ReadContext } from '../../recording/recording.ts';
import { withoutPersonalData } from '../../recording/scrub/scrub.ts';
import { printable } from '../../text/printable.ts';
import { UsageError } from '../../errors.ts';
import type { CommandContext } from '../context.ts';
import { openNamedStore, openSource, type StoreFlags } from './store.ts';
import { flagsOf, GROUP, reworded, type ValuesOf } from './flag.ts';
import { PACE, RUN, TARGET, SIGNING } from './run.ts';
import { count } from './values.ts';

export const SOURCES_HELP =
  'recordings: NDJSON of record or export, HAR, HTTP requests, curl commands, bodies (one event a line, or one a file), a folder of these, - for standard input, a journal, or a queue (redis://…)';

/** The flags that say what of a recording is sent, and in which order. */
export type ReplayFlags = ValuesOf<typeof REPLAY>;

export const { scrub: SCRUB } = flagsOf(GROUP.what, {
  scrub: { spelling: '--scrub', description: 'replace personal data: names, birthdates, addresses' },
});

export const { limit: LIMIT } = flagsOf(GROUP.what, {
  limit: { spelling: '--limit <n>', description: 'only the first n deliveries', parse: count },
});

export const REPLAY = {
  to: TARGET.to,
  webhook: reworded(TARGET.webhook, 'a webhook as JSON, for its url, secrets and headers; repeatable'),
  secret: SIGNING.secret,
  header: reworded(SIGNING.header, 'set a header, in place of the recorded one; repeatable'),
  only: RUN.only,
  limit: LIMIT,
  scrub: reworded(SCRUB, 'replace personal data before it is sent'),
  ...flagsOf(GROUP.what, {
    frozen: {
      spelling: '--frozen',
      description: 'every header as it was recorded, the old signature included; each request once',
    },
    freshIds: {
      spelling: '--fresh-ids',
      description: 'new event ids, for a receiver that has seen the recorded ones',
    },
    everyAttempt: {
      spelling: '--every-attempt',
      description: 'send recorded retries as requests of their own, each once',
    },
    noRetries: { spelling: '--no-retries', description: 'send each once, whatever the receiver answers' },
  }),
  seed: reworded(RUN.seed, 'repeat the order and the fresh ids of an earlier run'),
  shuffle: PACE.shuffle,
};

/** What reading the sources depends on. */
export function readContext(flags: StoreFlags, context: CommandContext, headers?: HeaderList): ReadContext {
  const warn = (warning: string) => context.warn(warning);
  const openStore = (source: string) => openSource(source, flags, context);
  return { files: recordingFiles(context), warn, headers, openStore };
}

/** The arguments, and what `--journal` and `--redis` name. @throws {UsageError | JournalError} */
export async function sourcesOf(
  given: readonly string[],
  flags: StoreFlags,
  context: CommandContext,
): Promise<string[]> {
  const { journal, redis } = flags;
  const stores = [journal, redis].filter((source) => source !== undefined);
  // A file of another form under this flag is a mistake, and is reported as one.
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
