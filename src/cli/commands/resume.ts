import type { CommandContext } from '../context.ts';
import { journalPath } from '../flags/journal.ts';
import { commandOf, flagsOf, GROUP, type ValuesOf } from '../flags/flag.ts';
import { KEYS_HELP } from '../terminal/keys.ts';
import { RESUME, openHeld, runResume, type ResumeFlags } from '../steps/resume-journal.ts';
import { SENDING } from '../flags/run.ts';

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

export const configure = commandOf({
  flags: [RESUME, WAIT, SENDING],
  help: EXAMPLES + KEYS_HELP,
  run: resume,
});

async function resume(flags: Flags, context: CommandContext): Promise<void> {
  const journal = await openHeld(journalPath(flags, context), flags.wait === true, context);
  if (journal === undefined) return;
  try {
    await runResume(journal, flags, { context });
  } finally {
    journal.close();
  }
}
