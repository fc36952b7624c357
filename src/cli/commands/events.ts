import { FIXTURE_NAMES } from '../../fixture/catalogue.ts';
import { EVENT_NAMES, eventFamily } from '../../persona/event-names.ts';
import type { CommandContext, ConfigureCommand } from '../context.ts';

const EXAMPLES = `
Examples:
  $ hookcast events
  $ hookcast events --all | grep report/
  $ hookcast events --json
`;

export const configure: ConfigureCommand = (command, context) => {
  command
    .option('--all', 'also the events without a fixture, which need --fixture <file>')
    .option('--json', 'one JSON array')
    .addHelpText('after', EXAMPLES)
    .action((flags: { all?: boolean; json?: boolean }) => {
      listEvents(flags, context);
    });
};

function listEvents({ all, json }: { all?: boolean; json?: boolean }, context: CommandContext): void {
  const withFixture = new Set(FIXTURE_NAMES);
  const names = all === true ? EVENT_NAMES : FIXTURE_NAMES;
  const rows = names.map((name) => ({ name, family: eventFamily(name), fixture: withFixture.has(name) }));
  if (json === true) {
    context.print(JSON.stringify(rows, null, 2));
    return;
  }
  for (const { name, fixture } of rows) context.print(fixture ? name : `${name}  (no fixture)`);
  const missing = EVENT_NAMES.length - FIXTURE_NAMES.length;
  if (all !== true) context.note(`${missing} more can be sent with --fixture <file>; list them with --all`);
}
