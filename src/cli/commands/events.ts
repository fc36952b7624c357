import { bundledFixtures } from '../../fixture/files.ts';
import { findEvents } from '../../fixture/find-events.ts';
import { summariseFixtures } from '../../fixture/summary.ts';
import { eventFamily } from '../../persona/event-names.ts';
import type { CommandContext } from '../context.ts';
import { commandOf, flagsOf, GROUP, reworded, type ValuesOf } from '../flags/flag.ts';
import { OUTPUT } from '../flags/run.ts';
import { eventListLines, type EventRow } from '../views/event-list.ts';

const EXAMPLES = `
In brackets: the type of the object (payload.data.type), where it is not the family's name.

Examples:
  $ hookcast events
  $ hookcast events inquiry.
  $ hookcast events 'report/*.matched'
  $ hookcast events --all
  $ hookcast events --json
`;

const LIST = {
  ...flagsOf(GROUP.output, {
    all: { spelling: '--all', description: 'also the events without a fixture, which need --fixture <file>' },
  }),
  json: reworded(OUTPUT.json, 'one JSON array of {name, family, fixture, type, trigger}'),
};
type Flags = ValuesOf<typeof LIST>;

export const configure = commandOf({
  argument: ['[pattern]', `a part of the name, or the whole name with *, as in 'report/*'`],
  flags: [LIST],
  help: EXAMPLES,
  run: listEvents,
});

async function listEvents(
  pattern: string | undefined,
  { all, json }: Flags,
  context: CommandContext,
): Promise<void> {
  const library = bundledFixtures();
  const found = findEvents(pattern, library, 'All names: hookcast events --all');
  const withFixture = found.filter((name) => library.names.includes(name));
  const summaries = await summariseFixtures(withFixture, library);
  const rows = (all === true ? found : withFixture).map((name): EventRow => {
    const summary = summaries.get(name);
    return { name, family: eventFamily(name), fixture: summary !== undefined, ...summary };
  });
  if (json === true) context.print(JSON.stringify(rows, null, 2));
  else printRows(rows, context);
  const missing = found.length - rows.length;
  if (json !== true && missing > 0) context.note(moreNote(missing));
}

function printRows(rows: readonly EventRow[], context: CommandContext): void {
  const page = { columns: context.io.stdout.columns, chalk: context.chalk };
  for (const line of eventListLines(rows, page)) context.print(line);
}

function moreNote(count: number): string {
  return `${count} more can be sent with --fixture <file>; list them with --all`;
}
