import type { CommandContext, ConfigureCommand } from '../context.ts';
import { addJournalOption, journalPath } from '../flags/journal.ts';
import { addFlags, flagsOf, GROUP, type ValuesOf } from '../flags/flag.ts';
import { KEYS_HELP } from '../terminal/keys.ts';
import { addResumeOptions, openHeld, runResume, type ResumeFlags } from '../steps/resume-journal.ts';
import { addSendingOptions } from '../steps/simulators.ts';

const EXAMPLES = `
Examples:
  $ hookcast resume --journal hookcast.db
  $ hookcast resume --journal hookcast.db --time-scale 1h=1s
  $ hookcast resume --journal hookcast.db --webhook persona-webhook.json --wait

Overdue attempts are sent at once, the longest overdue first; the others when they are due. An attempt that was
under way when the process ended is made again under its number, with the same bytes.

Exit codes: 0 all delivered, 1 a delivery failed, 2 wrong usage, 3 the journal is held or broke, 130 interrupted.
`;

const WAIT = flagsOf(GROUP.journal, {
  wait: { spelling: '--wait', description: 'wait until no other process works on the journal' },
});
type Flags = ResumeFlags & ValuesOf<typeof WAIT>;

export const configure: ConfigureCommand = (command, context) => {
  addFlags(addResumeOptions(addJournalOption(command)), WAIT);
  addSendingOptions(command)
    .addHelpText('after', EXAMPLES + KEYS_HELP)
    .action((flags: Flags) => resume(flags, context));
};

async function resume(flags: Flags, context: CommandContext): Promise<void> {
  const journal = await openHeld(journalPath(flags, context), flags.wait === true, context);
  if (journal === undefined) return;
  try {
    await runResume(journal, flags, { context });
  } finally {
    journal.close();
  }
}
