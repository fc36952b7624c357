import { readFileSync } from 'node:fs';
import { isatty, type ReadStream } from 'node:tty';
import type { Keyboard } from '../io.ts';

const STDIN = 0;
const CTRL_C = '\u0003';
const CTRL_Z = '\u001a';
const ESCAPE = '\u001b';

/** What the terminal itself does with Ctrl-C is done here: while keys are listened to it is a key like others. */
export function terminalKeyboard(interrupt: () => void): Keyboard | undefined {
  // Reading process.stdin opens it.
  if (!isatty(STDIN) || isInBackground()) return undefined;
  const { stdin } = process;
  return {
    listen: (onKey) => {
      const onData = (text: string) => {
        // Arrows, for example: one key, several characters, and none that is asked for.
        if (text.startsWith(ESCAPE)) return;
        for (const key of text) {
          if (key === CTRL_C) interrupt();
          else if (key === CTRL_Z) suspend(stdin);
          else onKey(key);
        }
      };
      return takeTerminal(stdin, onData);
    },
  };
}

/** Raw mode from now on, until the function returned is called or the process ends, however it does. */
function takeTerminal(stdin: ReadStream, onData: (text: string) => void): () => void {
  const giveBack = () => {
    try {
      stdin.setRawMode(false);
    } catch {
      // The terminal is gone.
    }
  };
  stdin.setEncoding('utf8').on('data', onData);
  stdin.setRawMode(true);
  stdin.resume();
  // Waiting for a key must not keep a command from ending.
  stdin.unref();
  process.once('exit', giveBack);
  return () => {
    process.off('exit', giveBack);
    stdin.off('data', onData);
    stdin.pause();
    giveBack();
  };
}

/** Ctrl-Z: the shell gets its terminal as it was, and `fg` makes it ours again. */
function suspend(stdin: ReadStream): void {
  if (process.platform === 'win32') return;
  stdin.setRawMode(false);
  process.once('SIGCONT', () => {
    if (!stdin.isPaused() && !isInBackground()) stdin.setRawMode(true);
  });
  // 0: with all that the shell takes for one job, such as npm around us.
  process.kill(0, 'SIGTSTP');
}

/** Started with `&`: a process that touches the terminal then is stopped. Known on Linux; elsewhere taken for no. */
function isInBackground(): boolean {
  try {
    // The name, which may hold anything, stands in brackets: pid (name) state ppid pgrp session tty tpgid
    const [, , group, , , foreground] = readFileSync('/proc/self/stat', 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return group !== foreground;
  } catch {
    return false;
  }
}
