import { Command } from 'commander';
import { COMMANDS, DOCS } from './command-list.ts';
import type { CommandContext } from './context.ts';
import { UnknownNameError } from '../errors.ts';
import { nearest } from '../text/nearest.ts';
import { printableLines } from '../text/printable.ts';
import { sortByGroup } from './flags/flag.ts';
import { addConfigOptions } from './flags/config.ts';
import { warnOfIdleFlags } from './flags/idle.ts';
import { makeStrict } from './flags/strict.ts';
import { adviseUsage } from './flags/usage-advice.ts';
import { version } from '../text/version.ts';
import { applyProject } from './project/apply.ts';
import { wrapHelp } from './wrap-help.ts';

const FIRST_LINES = `hookcast stands in for Persona's webhook sender. Start with:
  hookcast demo      watch a delivery fail four times and then succeed
  hookcast conform   find out what is wrong with your receiver
  hookcast send      deliver events to your receiver
All commands: hookcast --help`;

/** `help fixtures import` as `fixtures import --help`: commander's own command looks at one name. @throws {UnknownNameError} */
export function withoutHelpCommand(argv: readonly string[]): readonly string[] {
  const [first, name, ...more] = argv;
  if (first !== 'help' || name === undefined || name.startsWith('-')) return argv;
  const names = COMMANDS.filter(({ group }) => group !== '').map((command) => command.name);
  if (!names.includes(name) && name !== 'help')
    throw new UnknownNameError('command', name, {
      nearest: nearest(name, names),
      hint: 'All commands: hookcast --help',
    });
  return name === 'help' ? ['--help'] : [name, ...more, '--help'];
}

/** A fresh program for one run. Only the command that `argv` names is loaded. */
export async function createProgram(argv: readonly string[], context: CommandContext): Promise<Command> {
  const program = new Command('hookcast')
    .description(
      "A stand-in for Persona's webhook sender: its events, signatures, five-second limit and retries, against your receiver.",
    )
    // The manifest is read only for --version.
    .version(argv.some((argument) => /^(-V|--version$)/.test(argument)) ? version() : '')
    .helpCommand('help [command]', 'explain a command')
    .showHelpAfterError('(see: hookcast --help)')
    .addHelpText('after', '\nStart with: hookcast demo\n\nDocs: README.md\n');
  inherit(program, context);
  program.hook('preAction', async (_, command) => {
    context.command = command;
    await applyProject(command, context);
    warnOfIdleFlags(command, context);
  });
  for (const entry of COMMANDS) {
    const command = program
      .command(entry.name, { hidden: entry.group === '' })
      .summary(entry.summary)
      .description(sentence(entry.summary));
    if (entry.group !== '') command.helpGroup(entry.group);
    inherit(command, context);
    command.showHelpAfterError(`(see: hookcast ${entry.name} --help)`);
    if (!argv.includes(entry.name)) continue;
    (await entry.load()).configure(command, context);
    context.command = command;
    addConfigOptions(command);
    const docs = `Docs: ${DOCS.get(entry.name) ?? 'README.md'}\n`;
    for (const each of [command, ...command.commands]) {
      const words = each === command ? entry.name : `${entry.name} ${each.name()}`;
      each.showHelpAfterError(`(see: hookcast ${words} --help)`);
      each.addHelpText('after', docs);
      makeStrict(each);
      adviseUsage(each);
      sortByGroup(each);
    }
  }
  if (argv.length === 0) program.action(() => context.print(FIRST_LINES));
  return program;
}

function inherit(command: Command, { io }: CommandContext): void {
  const width = Math.min(io.stdout.columns, 100);
  command
    .exitOverride()
    .configureHelp({ helpWidth: width })
    .configureOutput({
      writeOut: (text) => {
        io.stdout.write(wrapHelp(text, width));
      },
      writeErr: (text) => {
        io.stderr.write(printableLines(text));
      },
    });
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
