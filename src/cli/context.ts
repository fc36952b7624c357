import type { Command } from 'commander';
import { Chalk, type ChalkInstance } from 'chalk';
import { inFlags } from './flags/in-flags.ts';
import type { Io } from './io.ts';
import { wrapIndented } from '../text/wrap.ts';

/** What the exit code of every command means. */
export const EXIT = {
  ok: 0,
  /** A delivery failed, a signature does not verify, or a webhook could not be imported. */
  failed: 1,
  /** Bad usage, or a fixture, webhook or policy file with a fault. */
  usage: 2,
  /** The run itself broke: an address that cannot be listened on, output that cannot be written. */
  broken: 3,
  /** A bug of ours. */
  bug: 70,
  /** Ctrl-C. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What a command works with: the outside, a pen, and the exit code it decides on. */
export class CommandContext {
  io: Io;
  readonly chalk: ChalkInstance;
  exitCode: ExitCode = EXIT.ok;
  /** The one that runs. */
  command: Command | undefined;

  constructor(io: Io) {
    this.io = io;
    this.chalk = new Chalk({ level: io.colorLevel });
  }

  /** The project file whose values hold for this run, as its path is shown. */
  projectFile: string | undefined;

  /** @param environment - what the file says where the environment is silent */
  useProject(path: string, environment: Readonly<Record<string, string>>): void {
    this.projectFile = path;
    const env = { ...this.io.env, ...environment };
    // Its other members stay as they are: some are read again each time.
    this.io = Object.create(this.io, { env: { value: env, enumerable: true } }) as Io;
  }

  /** One line on stdout: the result. */
  print(line = ''): void {
    this.io.stdout.write(`${line}\n`);
  }

  /** One line on stderr: about the result, never part of it. On a terminal it breaks at spaces. */
  note(line: string): void {
    const { stderr } = this.io;
    const width = Math.max(20, stderr.columns - 1);
    const lines = line.split('\n');
    const text = stderr.isTty ? lines.map((each) => wrapIndented(each, width, 4)).join('\n') : line;
    stderr.write(`${text}\n`);
  }

  /** Options of the library that the line names become flags. */
  warn(line: string): void {
    this.note(`${this.chalk.yellow('warning:')} ${inFlags(line, this.command)}`);
  }
}

/** Gives a command its arguments, options, examples and action. */
export type ConfigureCommand = (command: Command, context: CommandContext) => void;
