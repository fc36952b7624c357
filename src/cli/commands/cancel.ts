import { UsageError } from '../../errors.ts';
import type { CommandContext } from '../context.ts';
import { actOn, findInJournal, numbersOf } from '../steps/act-on-journal.ts';
import { commandOf } from '../flags/flag.ts';
import { JOURNAL, journalPath, type JournalFlags } from '../flags/journal.ts';

const EXAMPLES = `
Examples:
  $ hookcast cancel d12 --journal hookcast.db
  $ hookcast cancel evt_sqBvQ3GE3K7Vh8RkSJbn4vFj --journal hookcast.db
`;

export const configure = commandOf({
  argument: ['<delivery|event id>', 'd12, or evt_… for all deliveries of an event'],
  flags: [JOURNAL.journal],
  help: EXAMPLES,
  run: cancel,
});

async function cancel(id: string, flags: JournalFlags, context: CommandContext): Promise<void> {
  const path = journalPath(flags, context);
  const found = await findInJournal(path, id, context);
  const pending = found.filter(({ state }) => state === 'pending');
  if (pending.length === 0) {
    throw new UsageError(
      `${id}: nothing to cancel, it is already ${found.map(({ state }) => state).join(', ')}`,
    );
  }
  const names = pending.map((delivery) => delivery.id).join(', ');
  const isDone = await actOn(path, { kind: 'cancel', deliveries: numbersOf(pending) });
  context.print(
    isDone ? `${names} cancelled` : `${names}: the run that holds the journal cancels within a second`,
  );
}
