import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { symlink } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { build, type RolldownOptions } from 'rolldown';
import { loadConfig } from 'rolldown/config';
import type { Random } from '../../src/ports.ts';
import { BIN } from './spawn-cli.ts';
import { SEED } from './seed.ts';

/** How many kills of each kind: `npm run kills` asks for a thousand in all. */
export function killsFor(kind: string, otherwise: number): number {
  return Number(
    process.env[`HOOKCAST_KILLS_${kind.toUpperCase()}`] ?? process.env['HOOKCAST_KILLS'] ?? otherwise,
  );
}

/** What became of the deliveries of a kind of kills. */
export interface Toll {
  readonly kills: number;
  readonly deliveries: number;
  /** Promised, or seen by the receiver, and not settled in the end. */
  readonly lost: readonly string[];
  /** Accepted, or settled, more than once. */
  readonly twice: readonly string[];
}

/** For people, and for tools/kills.mjs, which adds these lines up. */
export function tellToll(kind: string, { kills, deliveries, lost, twice }: Toll): void {
  process.stdout.write(
    `kills: ${kind} ${kills}, ${deliveries} deliveries: ${lost.length} lost, ${twice.length} settled twice (seed ${SEED})\n`,
  );
}

/** One file that starts fast: it starts often. */
export async function bundledChild(name: string, folder: string): Promise<string> {
  const outfile = `${folder}/child.cjs`;
  // For libsql, where this Node has no SQLite of its own.
  await symlink(fileURLToPath(new URL('../../node_modules', import.meta.url)), `${folder}/node_modules`);
  const { plugins } = (await loadConfig('rolldown.config.js')) as RolldownOptions;
  await build({
    input: fileURLToPath(new URL(name, import.meta.url)),
    platform: 'node',
    // As in the command: a part of undici, loaded in a third of the time.
    plugins,
    output: { file: outfile, format: 'cjs', minify: true, codeSplitting: false },
    logLevel: 'warn',
  });
  return outfile;
}

/** The built command, with what it prints. */
export function spawnCommand(argv: readonly string[]): { child: ChildProcess; printed: () => string } {
  const child = spawn(process.execPath, [BIN, ...argv], {
    env: { ...process.env, HOOKCAST_JOURNAL: '' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  return { child, printed: () => text };
}

/** Kills a process some milliseconds after something has happened; false when it had ended by then. */
export async function killAfter(
  moment: Promise<void>,
  child: ChildProcess,
  waitMs: number,
): Promise<boolean> {
  const ended = once(child, 'exit');
  await Promise.race([moment, ended]);
  await Promise.race([new Promise((resolve) => setTimeout(resolve, waitMs)), ended]);
  child.kill('SIGKILL');
  const [, signal] = (await ended) as [number | null, string | null];
  return signal === 'SIGKILL';
}

/** A request as the receiver has seen it. */
export interface Seen {
  readonly attempt: number;
  readonly body: string;
  /** The receiver has accepted, and its answer has left. */
  isConfirmed: boolean;
}

export interface FickleReceiver extends AsyncDisposable {
  readonly url: URL;
  /** By event. */
  readonly seen: ReadonlyMap<string, readonly Seen[]>;
  /** The request after as many more. */
  nextRequest(others?: number): Promise<void>;
}

/** Accepts, refuses or hangs up, by chance, and remembers what came. */
export async function fickleReceiver(random: Random): Promise<FickleReceiver> {
  const seen = new Map<string, Seen[]>();
  let onRequest: () => void = () => undefined;
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    onRequest();
    const body = (await buffer(request)).toString('utf8');
    const id = /evt_\w+/.exec(body)?.[0] ?? '';
    const attempt = Number(request.headers['persona-webhook-attempts-made']);
    const one: Seen = { attempt, body, isConfirmed: false };
    const before = seen.get(id);
    if (before === undefined) seen.set(id, [one]);
    else before.push(one);
    const chance = random.below(10);
    if (chance === 0) {
      request.socket.destroy();
      return;
    }
    response.statusCode = chance < 5 ? 200 : 500;
    response.end('answer', () => {
      one.isConfirmed = response.statusCode === 200;
    });
  };
  const server = createServer((request, response) => void answer(request, response).catch(() => undefined));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`),
    seen,
    nextRequest: (others = 0) =>
      new Promise((resolve) => {
        let left = others;
        onRequest = () => (left -= 1) < 0 && resolve();
      }),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
