import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { createConnection } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A real Redis of this test's own: a free port, nothing on disk. */
export interface TestRedis extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** Ends it as a power cut would. */
  stop(): Promise<void>;
  /** Its connections stay open, and nothing is answered. */
  stall(): void;
  wake(): void;
}

/** A user may not have it; in CI it must be there. */
export const lacksRedis = !isInstalled() && process.env['CI'] !== 'true';
export const withRedis = lacksRedis ? ' (skipped: no redis-server installed)' : '';

export async function redisServer(
  options: { port?: number; args?: readonly string[] } = {},
): Promise<TestRedis> {
  const port = options.port ?? (await freePort());
  const folder = await temporaryFolder();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const child = spawn('redis-server', [...args, '--dir', folder.path, ...(options.args ?? [])], {
    stdio: 'ignore',
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  await untilUp(port, child);
  return {
    ...{ url: `redis://127.0.0.1:${port}`, port, stop },
    stall: () => void child.kill('SIGSTOP'),
    wake: () => void child.kill('SIGCONT'),
    [Symbol.asyncDispose]: async () => {
      await stop();
      await folder[Symbol.asyncDispose]();
    },
  };
}

function isInstalled(): boolean {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

async function untilUp(port: number, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    const answer = await new Promise<string>((resolve) => {
      const socket = createConnection(port, '127.0.0.1', () => socket.write('PING\r\n'));
      socket.once('data', (data) => {
        socket.destroy();
        resolve(data.toString());
      });
      socket.once('error', () => resolve(''));
    });
    // One that wants a password says so.
    if (/^[+-]/.test(answer)) return;
    await sleep(20);
  }
  throw new Error(`redis-server ended with ${child.exitCode}`);
}
