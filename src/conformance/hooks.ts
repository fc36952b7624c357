import { spawn } from 'node:child_process';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HookcastError } from '../errors.ts';
import type { Subject } from './person.ts';

const LIMIT_MS = 60_000;

/** A hook that failed: the run cannot continue, since the state of the receiver is unknown. */
export class HookError extends HookcastError {
  override name = 'HookError' as const;
  override readonly exit = 'broken' as const;
  readonly hook: string;

  constructor(hook: string, reason: string, options?: ErrorOptions) {
    super('HOOK', `the hook ${hook}: ${reason}`, options);
    this.hook = hook;
  }
}

export interface HookOptions {
  /** @default a minute */
  readonly timeoutMs?: number;
  /** Added to the environment of the command. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** The hook `create`: the command finds in its environment what it is to create. */
export function createHook(command: string): (subject: Subject) => Promise<void> {
  return (subject) => {
    const environment = {
      HOOKCAST_EVENT: subject.eventName,
      HOOKCAST_OBJECT_TYPE: subject.objectType,
      HOOKCAST_OBJECT_ID: subject.objectId,
      HOOKCAST_REFERENCE_ID: subject.referenceId ?? '',
      HOOKCAST_ACCOUNT_ID: subject.accountId ?? '',
      HOOKCAST_SUBJECT: JSON.stringify(subject),
    };
    return commandHook('create', command, { environment })();
  };
}

/**
 * Runs a command in the shell and waits until it has ended well. It may leave the receiver running behind it:
 * its output goes to a file, since a pipe would stay open as long as the receiver lives, and break with us.
 */
export function commandHook(
  name: string,
  command: string,
  { timeoutMs = LIMIT_MS, environment = {} }: HookOptions = {},
): () => Promise<void> {
  return async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hookcast-hook-'));
    const path = join(folder, 'output');
    const output = await open(path, 'w');
    try {
      const fault = await run(command, output.fd, { timeoutMs, environment });
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
function run(
  command: string,
  outputFd: number,
  { timeoutMs, environment }: Required<HookOptions>,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const env = { ...process.env, ...environment };
    const child = spawn(command, { shell: true, env, stdio: ['ignore', outputFd, outputFd] });
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
