import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { httpOracle } from '../../src/conformance/oracles.ts';
import type { Oracle } from '../../src/conformance/oracle.ts';
import type { CorrectReceiver } from './receivers.ts';

const HOOKS = [
  ...['restart', 'dependency-down', 'dependency-up', 'writes-down', 'writes-up', 'unset-secret'],
] as const;

/** CI has Python: there a run without it fails. */
export const hasPython =
  process.env['CI'] === 'true' || spawnSync('python3', ['--version'], { stdio: 'ignore' }).status === 0;

export interface RunningReceiver extends AsyncDisposable {
  readonly url: string;
  readonly oracle: Oracle;
  readonly hooks: Readonly<Record<string, () => Promise<void>>>;
}

/** Starts the receiver of receiver.py and stops it when it is disposed of. */
export async function startPythonReceiver(kind: CorrectReceiver): Promise<RunningReceiver> {
  const script = new URL('receiver.py', import.meta.url).pathname;
  const child = spawn('python3', [script, kind], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = (await once(createInterface(child.stdout), 'line')) as [string];
  const origin = `http://127.0.0.1:${port}`;
  const hook = async (name: string) => {
    const response = await fetch(`${origin}/hooks/${name}`, { method: 'POST' });
    if (!response.ok) throw new Error(`${name}: status ${response.status}`);
  };
  return {
    url: `${origin}/webhooks`,
    oracle: httpOracle(new URL(`${origin}/oracle`), { tellsState: true }),
    hooks: Object.fromEntries(HOOKS.map((name) => [name, () => hook(name)])),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}
