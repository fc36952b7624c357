import { diskFiles } from '../../fixture/files.ts';
import { repairIfDamaged, type Salvage } from '../../journal/sqlite/salvage.ts';
import { openJournal } from '../../journal/sqlite/open-journal.ts';
import { systemClock } from '../../delivery/system-clock.ts';
import { REAL_TIME } from '../../delivery/time-scale.ts';
import { MovableClock } from '../../delivery/movable-clock.ts';
import { JournalHeldError } from '../../journal/errors.ts';
import type { Journal } from '../../journal/journal.ts';
import type { Given } from '../../journal/restore-webhook.ts';
import { RemoteAddressError } from '../../http/private-addresses.ts';
import { checkResumable, resumeJournal, type ResumeHooks } from '../../simulator/resume.ts';
import { loadWebhook } from '../../webhook/load.ts';
import { EXIT, type CommandContext } from '../context.ts';
import { JOURNAL, noteWhatIsLeft, type JournalFlags } from '../flags/journal.ts';
import { withKeys } from '../terminal/keys.ts';
import { reworded, type ValuesOf } from '../flags/flag.ts';
import { PACE, readCa, TARGET, SIGNING, type OutputFlags, type TargetFlags } from '../flags/run.ts';
import { TIMING } from '../flags/timing.ts';
import { rereadOnHangup } from './reread-webhooks.ts';
import { resumeView } from '../views/view.ts';

export type ResumeFlags = JournalFlags &
  OutputFlags &
  Pick<TargetFlags, 'allowRemote' | 'insecure' | 'ca'> &
  ValuesOf<typeof RESUME>;

/** What was only referred to in the journal can be given again. */
export const RESUME = {
  journal: JOURNAL.journal,
  webhook: reworded(TARGET.webhook, 'a webhook file with the secret and headers; repeatable'),
  secret: reworded(SIGNING.secret, 'the webhook secret (or PERSONA_WEBHOOK_SECRET)'),
  header: reworded(SIGNING.header, 'a custom header that the journal does not keep; repeatable'),
  timeScale: TIMING.timeScale,
  concurrency: reworded(PACE.concurrency, 'how many requests may be under way at a time (default: 16)'),
};

/** Sends pending deliveries, or those of `only`, and shows it. */
export async function runResume(
  journal: Journal,
  flags: ResumeFlags,
  { context, only }: { context: CommandContext; only?: readonly number[] },
): Promise<void> {
  const clock = new MovableClock(systemClock, flags.timeScale ?? REAL_TIME);
  const view = resumeView(journal, flags, { context, clock });
  watchFiles(journal, context);
  const options = {
    ...sendingOptions(flags),
    ca: await readCa(flags),
    journal,
    simulatedClock: clock,
    concurrency: flags.concurrency,
    signal: context.io.interrupted,
    given: await givenAgain(journal, flags, context),
    onWarning: (warning) => context.warn(warning),
    ...view.hooks,
    only,
  } satisfies Parameters<typeof resumeJournal>[0] & ResumeHooks;
  const end = () => {
    view.end();
    noteWhatIsLeft(journal, context);
    if (view.failed() > 0) context.exitCode = EXIT.failed;
  };
  try {
    await withKeys(() => resumeJournal(options), { clocks: [clock], context, flags });
  } catch (error) {
    // All others have been sent.
    if (error instanceof RemoteAddressError) end();
    throw error;
  }
  end();
}

/** @throws {UsageError | RemoteAddressError} when deliveries such as those of `only` could not be sent */
export async function checkBeforeResume(
  journal: Journal,
  flags: ResumeFlags,
  { context, only }: { context: CommandContext; only: readonly number[] },
): Promise<void> {
  const given = await givenAgain(journal, flags, context);
  checkResumable({ journal, given, ...sendingOptions(flags) }, only);
}

function sendingOptions({ allowRemote, insecure }: ResumeFlags) {
  return { allowRemote, insecure };
}

/** The flags, the files (those named, then those that the journal names), the environment. */
async function givenAgain(journal: Journal, flags: ResumeFlags, { io }: CommandContext): Promise<Given> {
  const remembered = [...journal.webhooks().values()].flatMap(({ file }) => file ?? []);
  const files = await Promise.all([...filesOf(flags.webhook ?? [], remembered)].map(givenByFile));
  const fromEnvironment = io.env['PERSONA_WEBHOOK_SECRET'] ?? '';
  const secrets = [
    ...(flags.secret ?? []).map((value) => ({ value, source: { from: 'flag' } as const })),
    ...files.flatMap((file) => file.secrets),
    { value: fromEnvironment, source: { from: 'environment' } as const },
  ];
  const headers = Object.assign({}, ...files.map((file) => file.headers).reverse()) as Given['headers'];
  return {
    secrets: secrets.filter(({ value }) => value !== ''),
    headers: { ...headers, ...Object.fromEntries(flags.header ?? []) },
  };
}

async function givenByFile([path, isNamed]: readonly [string, boolean]): Promise<Given> {
  const attributes = (await attributesOf(path, isNamed)) ?? {};
  const values = [...(attributes.secrets ?? []).map(({ value }) => value), attributes.secret ?? ''];
  const source = { from: isNamed ? 'flag' : 'file', where: path } as const;
  return {
    secrets: values.map((value) => ({ value, source })),
    headers: attributes['custom-http-headers'] ?? {},
  };
}

function filesOf(named: readonly string[], remembered: readonly string[]): Map<string, boolean> {
  return new Map([
    ...named.map((path) => [path, true] as const),
    ...remembered.filter((path) => !named.includes(path)).map((path) => [path, false] as const),
  ]);
}

/** A file that the journal names may be gone: its secret can come from elsewhere. */
async function attributesOf(path: string, isNamed: boolean) {
  try {
    return (await loadWebhook(path, diskFiles)).attributes;
  } catch (error) {
    if (isNamed) throw error;
    return undefined;
  }
}

function watchFiles(journal: Journal, context: CommandContext): void {
  const withFile = [...journal.webhooks()].flatMap(([id, { file }]) =>
    file === undefined ? [] : [{ id, file }],
  );
  const webhooks = withFile.map(({ id }) => ({
    disable: () => void journal.carryOut({ kind: 'disable', webhooks: [id] }),
  }));
  rereadOnHangup(webhooks, { webhook: withFile.map(({ file }) => file) }, context);
}

const POLL_MS = 250;

/** Opens a journal that is there; with `wait` as soon as no other process holds it, undefined after Ctrl-C. */
export async function openHeld(
  path: string,
  wait: boolean,
  context: CommandContext,
): Promise<Journal | undefined> {
  let isSaid = false;
  for (;;) {
    try {
      const salvage = repairIfDamaged(path);
      if (salvage !== undefined) warnOfLoss(path, salvage, context);
      return openJournal(path, { mustExist: true, durability: 'auto' });
    } catch (error) {
      if (!wait || !(error instanceof JournalHeldError)) throw error;
      if (!isSaid) context.note(`waiting for ${error.holder} to end`);
      isSaid = true;
    }
    await systemClock.sleep(POLL_MS, context.io.interrupted).catch(() => undefined);
    if (context.io.interrupted.aborted) return undefined;
  }
}

function warnOfLoss(path: string, { keptAt, saved, lost }: Salvage, context: CommandContext): void {
  const names = lost.slice(0, 20).map((id) => `d${id}`);
  const more = lost.length > names.length ? ` and ${lost.length - names.length} more` : '';
  const loss = lost.length === 0 ? 'none is known to be lost' : `lost: ${names.join(', ')}${more}`;
  context.warn(
    `${path} is damaged; it is kept as ${keptAt}, and ${saved} deliveries were saved from it; ${loss}`,
  );
}
