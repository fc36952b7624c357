import { supportsColor, supportsColorStderr } from 'chalk';
import { readFileSync } from 'node:fs';
import { isatty } from 'node:tty';
import { systemCodeOf } from '../../errors.ts';
import type { Io } from '../io.ts';
import { EXIT, type ExitCode } from '../context.ts';
import { terminalKeyboard } from './keyboard.ts';
import { outputFault, outputOf } from './process-output.ts';

const STDIN = 0;
/** How long a run may take to end after its output has failed. */
const LAST_WORK_MS = 5_000;
/** How long a process may go on after its command. */
const HELD_MS = 50;

export interface ProcessIo extends Io {
  /** Ends the process with this code, or with the one that a failed output asks for. */
  end(code: ExitCode): void;
}

/** The real process. The first Ctrl-C or SIGTERM asks the command to stop, the second ends it at once. */
export function processIo(): ProcessIo {
  const controller = new AbortController();
  const closed = new AbortController();
  const interrupt = () => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort(new Error('interrupted'));
  };
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, interrupt);
  let fault: unknown;
  let hasEnded = false;
  const broke = (error: unknown) => {
    fault ??= error;
    // A stream may report its fault after the last line was written to it.
    if (hasEnded) endBroken(fault);
  };
  const stderr = outputOf(process.stderr, (error) => {
    if (systemCodeOf(error) !== 'EPIPE') broke(error);
  });
  const stdout = outputOf(process.stdout, (error) => {
    closed.abort();
    // The run goes on, and its exit code tells how it went.
    if (systemCodeOf(error) === 'EPIPE') return;
    stderr.write(`error: output cannot be written: ${outputFault(error)}\n`);
    controller.abort(new Error('output cannot be written'));
    broke(error);
    setTimeout(() => endBroken(fault), LAST_WORK_MS).unref();
  });
  return {
    ...{ stdout, stderr },
    get keyboard() {
      return terminalKeyboard(interrupt);
    },
    // To ask `process.stdin` would open it, and load all that reads files.
    ask: isatty(STDIN) && process.stderr.isTTY ? questioner(controller.signal, interrupt) : undefined,
    readInput: () => readFileSync(STDIN),
    env: process.env,
    colorLevel: colorLevel(),
    interrupted: controller.signal,
    outputClosed: closed.signal,
    interrupt,
    onHangup: (listener) => {
      process.on('SIGHUP', listener);
    },
    end: (code) => {
      hasEnded = true;
      if (fault === undefined) endWith(code);
      else endBroken(fault);
    },
  };
}

function endWith(code: ExitCode): void {
  process.exitCode = code;
  endHeld();
}

/**
 * Ends a process that something holds although its command is over, once its output is written: the parser of the Redis
 * client shrinks its buffers on a timer of its own, for a second or two.
 */
function endHeld(): void {
  setTimeout(() => {
    if (process.stdout.writableLength + process.stderr.writableLength > 0) endHeld();
    else process.exit();
  }, HELD_MS).unref();
}

/**
 * A terminal that is gone cannot be given its modes back, which Node takes for a reason to abort: then the process ends
 * by the signal that a closed terminal sends.
 */
function endBroken(fault: unknown): void {
  if (systemCodeOf(fault) !== 'EIO' || process.platform === 'win32') {
    process.exitCode = EXIT.broken;
    return;
  }
  process.removeAllListeners('SIGHUP');
  process.kill(process.pid, 'SIGHUP');
}

/** https://no-color.org: any value that is not empty switches colour off; FORCE_COLOR switches it on, into a pipe too. */
function colorLevel(): Io['colorLevel'] {
  const { NO_COLOR: noColor, FORCE_COLOR: forced } = process.env;
  if (noColor !== undefined && noColor !== '') return 0;
  const isForced = forced !== undefined && !['0', 'false'].includes(forced);
  const support = process.stdout.isTTY ? supportsColor : supportsColorStderr;
  if (isForced) return support === false ? 1 : support.level;
  return process.stdout.isTTY && support !== false ? support.level : 0;
}

/** On stderr: stdout is for results. Loaded when the first question is put. */
function questioner(signal: AbortSignal, interrupt: () => void): NonNullable<Io['ask']> {
  return async (question) => {
    const { createInterface } = await import('node:readline/promises');
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    terminal.on('SIGINT', interrupt);
    try {
      return await terminal.question(question, { signal });
    } finally {
      terminal.close();
    }
  };
}
