import { spawn } from 'node:child_process';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HookcastError } from '../errors.ts';

const LIMIT_MS = 60_000;

/** A hook that failed: the run cannot go on, the receiver is in a state that nobody knows. */
export class HookError extends HookcastError {
  override name = 'HookError' as const;
  override readonly exit = 'broken' as const;
  readonly hook: string;

  constructor(hook: string, reason: string, options?: ErrorOptions) {
    super('HOOK', `--hook ${hook}: ${reason}`, options);
    this.hook = hook;
  }
}

/**
 * Runs a command in the shell and waits until it has ended well. It may leave the receiver running behind it:
 * its output goes to a file, since a pipe would stay open as long as the receiver lives, and break with us.
 */
export function commandHook(name: string, command: string, timeoutMs = LIMIT_MS): () => Promise<void> {
  return async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hookcast-hook-'));
    const path = join(folder, 'output');
    const output = await open(path, 'w');
    try {
      const fault = await run(command, output.fd, timeoutMs);
      if (fault === undefined) return;
      const lastLine = (await readFile(path, 'utf8')).trim().split('\n').at(-1) ?? '';
      throw new HookError(name, `'${command}' ${fault}${lastLine === '' ? '' : ` (${lastLine})`}`);
    } finally {
      await output.close();
      await rm(folder, { recursive: true, force: true });
    }
  };
}

/** What went wrong; undefined when nothing did. */
function run(command: string, outputFd: number, timeoutMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(command, { shell: true, stdio: ['ignore', outputFd, outputFd] });
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      resolve(`did not end within ${timeoutMs} ms`);
    }, timeoutMs);
    const settle = (fault: string | undefined) => {
      clearTimeout(timer);
      resolve(fault);
    };
    child.once('error', ({ message }) => settle(`cannot be run: ${message}`));
    child.once('exit', (code, signal) => {
      settle(code === 0 ? undefined : `ended with ${code === null ? String(signal) : `exit code ${code}`}`);
    });
  });
}
