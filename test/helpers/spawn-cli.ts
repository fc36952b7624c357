import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { CliRun } from './run-cli.ts';

export const BIN = fileURLToPath(new URL('../../bin/hookcast.js', import.meta.url));

export interface SpawnedCli extends AsyncDisposable {
  readonly pid: number;
  /** stdout so far. */
  readonly output: () => string;
  kill(signal: NodeJS.Signals): void;
  /** Resolves when stdout and stderr together hold it, rejects when the process ends without it. */
  until(text: string | RegExp): Promise<void>;
  readonly ended: Promise<CliRun & { readonly signal: NodeJS.Signals | null }>;
}

/** The built command, or that of another folder, as a process of its own: for signals, locks, and what only an end shows. */
export function spawnCli(
  argv: readonly string[],
  env: Record<string, string> = {},
  bin: string = BIN,
): SpawnedCli {
  const child = spawn(process.execPath, [bin, ...argv], {
    env: { ...process.env, HOOKCAST_JOURNAL: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  const watchers = new Set<() => void>();
  const tell = () => {
    for (const watch of watchers) watch();
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    tell();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    tell();
  });
  const ended = once(child, 'close').then(([code, signal]) => {
    return { code: code as number, signal: signal as NodeJS.Signals | null, stdout, stderr };
  });
  return {
    pid: child.pid ?? 0,
    output: () => stdout,
    kill: (signal) => void child.kill(signal),
    until: (text) =>
      new Promise((resolve, reject) => {
        const isThere = (all: string) => (typeof text === 'string' ? all.includes(text) : text.test(all));
        const watch = () => {
          if (!isThere(stdout + stderr)) return;
          watchers.delete(watch);
          resolve();
        };
        watchers.add(watch);
        watch();
        void ended.then(() => reject(new Error(`ended without '${String(text)}':\n${stdout}${stderr}`)));
      }),
    ended,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
