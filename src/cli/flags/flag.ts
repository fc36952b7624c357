import { Option, type Command } from 'commander';

/** One flag, declared once for all commands that have it. */
export interface Flag {
  /** As commander takes it: `--to <url>`. */
  readonly spelling: string;
  readonly description: string;
  /** Where it stands in the help. */
  readonly group: string | undefined;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each kind of value has its own previous value
  readonly parse?: ((text: string, previous: any) => unknown) | undefined;
  readonly choices?: readonly string[] | undefined;
  readonly default?: unknown;
  readonly mandatory?: boolean | undefined;
}

/** Headings of the help, in their order. */
export const GROUP = {
  where: 'Where:',
  what: 'What:',
  insight: 'Behind the status:',
  speed: 'How fast:',
  body: 'Body, as configured at Persona:',
  signing: 'Signature and headers:',
  journal: 'Journal and queue:',
  output: 'Output:',
} as const;

/** Declares the flags of one heading. */
export function flagsOf<Name extends string>(
  group: string,
  flags: Readonly<Record<Name, Omit<Flag, 'group'>>>,
): Readonly<Record<Name, Flag>> {
  const entries = Object.entries<Omit<Flag, 'group'>>(flags);
  return Object.fromEntries(entries.map(([name, flag]) => [name, { ...flag, group }])) as Record<Name, Flag>;
}

/** The same flag, in the words or under the heading of one command. */
export function reworded(flag: Flag, changes: string | Partial<Flag>): Flag {
  return { ...flag, ...(typeof changes === 'string' ? { description: changes } : changes) };
}

export function addFlags(command: Command, flags: readonly Flag[]): Command {
  for (const flag of flags) command.addOption(optionOf(flag));
  return command;
}

function optionOf({ spelling, description, group, parse, choices, mandatory, ...rest }: Flag): Option {
  const option = new Option(spelling, description);
  if (group !== undefined) option.helpGroup(group);
  if (choices !== undefined) option.choices(choices);
  if (parse !== undefined) option.argParser(parse);
  if (rest.default !== undefined) option.default(rest.default);
  return option.makeOptionMandatory(mandatory === true);
}

/** Brings the headings of a command's help into their order; within each, flags stay as they were added. */
export function sortByGroup({ options }: Command): void {
  const order = Object.values<string | undefined>(GROUP);
  const rank = (option: Option) => {
    const at = order.indexOf(option.helpGroupHeading);
    return at === -1 ? order.length : at;
  };
  (options as Option[]).sort((a, b) => rank(a) - rank(b));
}
