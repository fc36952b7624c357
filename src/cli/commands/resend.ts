import { shellQuoted } from '../../text/repeat-command.ts';
import type { CommandContext } from '../context.ts';
import { actOn, findInJournal, numbersOf } from '../steps/act-on-journal.ts';
import { commandOf } from '../flags/flag.ts';
import { journalPath } from '../flags/journal.ts';
import { KEYS_HELP } from '../terminal/keys.ts';
import { RESUME, checkBeforeResume, runResume, type ResumeFlags } from '../steps/resume-journal.ts';
import { SENDING } from '../flags/run.ts';

const EXAMPLES = `
The same event, with the same id and the same bytes, as a delivery of its own: a receiver must treat it as a duplicate.

Examples:
  $ hookcast resend d12 --journal hookcast.db
  $ hookcast resend evt_sqBvQ3GE3K7Vh8RkSJbn4vFj --journal hookcast.db
`;

export const configure = commandOf({
  argument: ['<delivery|event id>', 'd12, or evt_… for the last delivery of an event to each webhook'],
  flags: [RESUME, SENDING],
  help: EXAMPLES + KEYS_HELP,
  run: resend,
});

async function resend(id: string, flags: ResumeFlags, context: CommandContext): Promise<void> {
  const path = journalPath(flags, context);
  const found = await findInJournal(path, id, context);
  // The last to each address.
  const last = [...new Map(found.map((delivery) => [delivery.url, delivery])).values()];
  const deliveries = numbersOf(last);
  const isDone = await actOn(
    path,
    { kind: 'resend', deliveries },
    {
      before: (journal) => checkBeforeResume(journal, flags, { context, only: deliveries }),
      after: (journal, only) => runResume(journal, flags, { context, only }),
    },
  );
  if (isDone) return;
  const names = last.map((delivery) => delivery.id).join(', ');
  const resume = `hookcast resume --journal ${shellQuoted(path)}`;
  context.print(
    `${names} queued to be sent again; a running "hookcast resume" sends it within a second, otherwise run ${resume}`,
  );
}
