import { CommanderError } from 'commander';
import { HookcastError } from '../errors.ts';
import { printableLines } from '../text/printable.ts';
import { CommandContext, EXIT, type ExitCode } from './context.ts';
import { errorInFlags } from './flags/in-flags.ts';
import type { Io } from './io.ts';
import { createProgram, withoutHelpCommand } from './program.ts';

/** Runs one command line and returns its exit code; never throws, never ends the process. */
export async function main(argv: readonly string[], io: Io): Promise<ExitCode> {
  const context = new CommandContext(io);
  try {
    const words = withoutHelpCommand(argv);
    const program = await createProgram(words, context);
    await program.parseAsync([...words], { from: 'user' });
    return io.interrupted.aborted ? EXIT.interrupted : context.exitCode;
  } catch (error) {
    return report(error, context);
  }
}

function report(error: unknown, context: CommandContext): ExitCode {
  if (error instanceof CommanderError) {
    // Help and version end that way too; commander has printed everything already.
    return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
  const label = context.chalk.red('error:');
  if (error instanceof HookcastError) {
    context.note(`${label} ${printableLines(errorInFlags(error, context.command))}`);
    return error.exit === 'broken' ? EXIT.broken : EXIT.usage;
  }
  context.note(`${label} a bug in hookcast. Please report it with what you ran:`);
  context.note(printableLines(error instanceof Error ? (error.stack ?? error.message) : String(error)));
  return EXIT.bug;
}
