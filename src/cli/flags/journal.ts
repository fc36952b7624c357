import type { JournalOptions } from '../../journal/sqlite/open-journal.ts';
import { UsageError } from '../../errors.ts';
import type { Journal } from '../../journal/journal.ts';
import type { SecretSource } from '../../journal/webhook-record.ts';
import type { WebhookAttributes } from '../../persona/webhook.ts';
import { shellQuoted } from '../../text/repeat-command.ts';
import type { SimulatorOptions } from '../../simulator/deps.ts';
import { usesDevelopmentSecret } from '../../webhook/configure.ts';
import type { CommandContext } from '../context.ts';
import { flagsOf, GROUP, reworded, type ValuesOf } from './flag.ts';
import type { OutputFlags, WebhookFlags } from './run.ts';

export type JournalFlags = Pick<ValuesOf<typeof JOURNAL>, 'journal'> & Pick<OutputFlags, 'quiet'>;

export const JOURNAL = flagsOf(GROUP.journal, {
  journal: { spelling: '--journal <file>', description: 'the journal (or HOOKCAST_JOURNAL)' },
  storeSecrets: {
    spelling: '--store-secrets',
    description: 'also keep secrets in the journal or queue: anyone who can read it can sign',
  },
});

/** For the commands that begin deliveries. */
export const JOURNALLED = {
  journal: reworded(
    JOURNAL.journal,
    'write every delivery to this file, to resume after a crash (or HOOKCAST_JOURNAL)',
  ),
  storeSecrets: JOURNAL.storeSecrets,
};

/** @throws {UsageError} when none is named */
export function journalPath(flags: JournalFlags, context: CommandContext): string {
  const path = journalOf(flags, context);
  if (path !== undefined) return path;
  throw new UsageError('no journal given: pass --journal hookcast.db (or set HOOKCAST_JOURNAL)');
}

/** The flag, or else the environment; undefined when neither names one. */
export function journalOf({ journal }: JournalFlags, { io }: CommandContext): string | undefined {
  if (journal === '') throw new UsageError('--journal: the file name is empty (an unset variable?)');
  return [journal, io.env['HOOKCAST_JOURNAL']].find((path) => path !== undefined && path !== '');
}

/**
 * The same where deliveries may go into a queue, which keeps them itself.
 * @throws {UsageError} for a command line that asks for both
 */
export function journalUnlessQueued(
  flags: JournalFlags & { readonly redis?: string },
  context: CommandContext,
): string | undefined {
  if (flags.redis === undefined) return journalOf(flags, context);
  if (context.command?.getOptionValueSource('journal') !== 'cli') return undefined;
  throw new UsageError('--journal needs a run in this process; leave out either it or --redis');
}

/** Runs with the journal of that name, if there is one, and says in the end what is left in it. */
export async function withJournal(
  path: string | undefined,
  { context, durability }: Pick<JournalOptions, 'durability'> & { context: CommandContext },
  run: (journal: Journal | undefined) => Promise<void>,
): Promise<void> {
  if (path === undefined) return run(undefined);
  // Loaded only when there is a journal: it brings the database.
  const { openJournal } = await import('../../journal/sqlite/open-journal.ts');
  const journal = openJournal(path, { durability });
  try {
    await run(journal);
    await journal.commit();
    noteWhatIsLeft(journal, context);
  } finally {
    journal.close();
  }
}

export function noteWhatIsLeft(journal: Journal, context: CommandContext): void {
  const count = journal.pendingCount();
  if (count === 0) return;
  const deliveries = count === 1 ? '1 delivery is' : `${count} deliveries are`;
  context.note(
    `${deliveries} pending; continue with: hookcast resume --journal ${shellQuoted(journal.path)}`,
  );
}

/** How the journal refers to this webhook's secrets. */
export function journalling(
  webhook: WebhookAttributes,
  {
    file,
    flags,
  }: { file: string | undefined; flags: WebhookFlags & Pick<ValuesOf<typeof JOURNAL>, 'storeSecrets'> },
  { io }: CommandContext,
): SimulatorOptions['journalling'] {
  return {
    source: sourceOf(webhook, file, { flags, fromEnvironment: io.env['PERSONA_WEBHOOK_SECRET'] }),
    ...(file === undefined ? {} : { file }),
    storeSecrets: flags.storeSecrets,
  };
}

function sourceOf(
  webhook: WebhookAttributes,
  file: string | undefined,
  { flags, fromEnvironment }: { flags: WebhookFlags; fromEnvironment: string | undefined },
): SecretSource {
  if (usesDevelopmentSecret(webhook)) return { from: 'development' };
  if (flags.secret !== undefined) return { from: 'flag' };
  if (webhook.secret === fromEnvironment) return { from: 'environment', where: 'PERSONA_WEBHOOK_SECRET' };
  return { from: 'file', ...(file === undefined ? {} : { where: file }) };
}
