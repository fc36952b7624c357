import { supportsColor, supportsColorStderr } from 'chalk';
import { readFileSync } from 'node:fs';
import { isatty } from 'node:tty';
import type { Io, Output } from '../io.ts';
import { EXIT } from '../exit-codes.ts';
import { terminalKeyboard } from './keyboard.ts';

const STDIN = 0;

/** The real process. The first Ctrl-C or SIGTERM asks the command to stop, the second ends it at once. */
export function processIo(): Io {
  const controller = new AbortController();
  const interrupt = () => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort(new Error('interrupted'));
  };
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, interrupt);
  // A reader such as `head` that has seen enough is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.ok);
    throw error;
  });
  return {
    stdout: outputOf(process.stdout),
    stderr: outputOf(process.stderr),
    get keyboard() {
      return terminalKeyboard(interrupt);
    },
    readInput: () => readFileSync(STDIN),
    env: process.env,
    colorLevel: colorLevel(),
    interrupted: controller.signal,
    interrupt,
    onHangup: (listener) => {
      process.on('SIGHUP', listener);
    },
  };
}

function outputOf(stream: NodeJS.WriteStream & { fd: number }): Output {
  return {
    write: (text) => {
      stream.write(text);
    },
    isTty: isatty(stream.fd),
    get columns() {
      return stream.isTTY ? stream.columns : 80;
    },
  };
}

/** https://no-color.org: any value that is not empty switches colour off. */
function colorLevel(): Io['colorLevel'] {
  const { NO_COLOR: noColor } = process.env;
  if (noColor !== undefined && noColor !== '') return 0;
  const support = process.stdout.isTTY ? supportsColor : supportsColorStderr;
  return process.stdout.isTTY && support !== false ? support.level : 0;
}
