import { Option, type Command } from 'commander';
import type { CommandContext, ConfigureCommand } from '../context.ts';

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

type Declared = Readonly<Record<string, Omit<Flag, 'group'>>>;

/** Declares the flags of one heading. */
export function flagsOf<const Flags extends Declared>(group: string | undefined, flags: Flags) {
  const entries = Object.entries(flags).map(([name, flag]) => [name, { ...flag, group }]);
  return Object.fromEntries(entries) as { readonly [Name in keyof Flags]: Flags[Name] & Pick<Flag, 'group'> };
}

/** The same flag, in the words or under the heading of one command. */
export function reworded<F extends Flag, const Changes extends string | Partial<Flag>>(
  flag: F,
  changes: Changes,
): Reworded<F, Changes> {
  const changed: Partial<Flag> = typeof changes === 'string' ? { description: changes } : changes;
  return { ...flag, ...changed } as Reworded<F, Changes>;
}

type Reworded<F, Changes> = Changes extends string ? F : Omit<F, keyof Changes> & Changes;

/** What a command is given for flags that were declared so: each under its name, `--no-ui` as `ui`. */
export type ValuesOf<Flags extends Declared> = {
  readonly [Name in keyof Flags as Flags[Name] extends Always ? never : Positive<Name>]?: ValueOf<
    Flags[Name]
  >;
} & {
  readonly [Name in keyof Flags as Flags[Name] extends Always ? Positive<Name> : never]: ValueOf<Flags[Name]>;
};

/** Flags that have a value whatever the command line says. */
type Always = { readonly default: string | number } | { readonly mandatory: true };

type Positive<Name> = Name extends `no${infer Rest}` ? Uncapitalize<Rest> : Name;

type ValueOf<F> = F extends { readonly parse: (text: string, ...previous: never[]) => infer Value }
  ? Value
  : F extends { readonly choices: readonly (infer Choice)[] }
    ? Choice
    : F extends { readonly spelling: `${string}<${string}` }
      ? string
      : boolean;

/** One flag, several, or what makes them anew for each run. */
type Flags = Flag | readonly Flag[] | Readonly<Record<string, Flag>> | (() => Flags);

interface CommandDefinition<Given extends readonly unknown[]> {
  /** `<event...>`, and what it is. */
  readonly argument?: readonly [name: string, description: string];
  /** In the order of the help, within each of its groups. */
  readonly flags: readonly Flags[];
  /** Below the flags: examples, exit codes. */
  readonly help: string;
  /** Is given the argument, where there is one, and the values of the flags. */
  readonly run: (...given: [...Given, CommandContext]) => unknown;
}

/** A command of one argument at most. */
export function commandOf<Given extends readonly unknown[]>({
  argument,
  flags,
  help,
  run,
}: CommandDefinition<Given>): ConfigureCommand {
  return (command, context) => {
    if (argument !== undefined) command.argument(...argument);
    addFlags(command, flags);
    // The last that commander gives is the command itself.
    command.addHelpText('after', help).action(async (...given: unknown[]) => {
      await run(...(given.slice(0, -1) as unknown as Given), context);
    });
  };
}

export function addFlags(command: Command, flags: readonly Flags[]): void {
  for (const flag of flags.flatMap(listed)) command.addOption(optionOf(flag));
}

function listed(flags: Flags): readonly Flag[] {
  if (typeof flags === 'function') return listed(flags());
  return isFlag(flags) ? [flags] : Object.values(flags);
}

function isFlag(flags: Exclude<Flags, () => Flags>): flags is Flag {
  return 'spelling' in flags && typeof flags.spelling === 'string';
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
