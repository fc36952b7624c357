import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, test } from 'vitest';
import { DEFAULT_POLICY } from '../../src/persona/policies.ts';
import { parseScript } from '../../src/receiver/reaction.ts';
import { startReceiver } from '../../src/receiver/start-receiver.ts';
import { Secret } from '../../src/signing/sign.ts';
import type * as Library from '../../src/index.ts';
import type { SimulatorOptions } from '../../src/simulator/deps.ts';
import { httpServer } from '../helpers/servers.ts';

// A thread runs what was built (npm test makes it first).
const built = new URL('../../dist/library/index.js', import.meta.url).href;
const bin = fileURLToPath(new URL('../../bin/hookcast.js', import.meta.url));
const { createSimulator } = (await import(built)) as typeof Library;

const SECRET = 'wbhsec_abcdefgh-1234-5678-9ijk-lmnopqrstuvw';
const simulatorFor = (url: string, options: Partial<SimulatorOptions> = {}) =>
  createSimulator({ webhook: { url, secret: SECRET }, timeScale: Infinity, seed: 7, ...options });

async function hookcast(argv: readonly string[], onOutput: (kill: () => void) => void = () => undefined) {
  const child = spawn(process.execPath, [bin, ...argv], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  onOutput(() => child.kill('SIGINT'));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

describe('threads', () => {
  it('send every event once, signed with the secret, and count what the receiver counts', async () => {
    await using receiver = await startReceiver({
      secrets: [new Secret(SECRET)],
      script: parseScript('500,200'),
    });
    const mix = 'inquiry-session.*';
    const plan = { count: 201, workers: 3, concurrency: 6, duplicates: 0.2, forged: 0.1, reorder: 10 };
    const result = await simulatorFor(receiver.url).emit({ mix }, plan);
    const alone = await simulatorFor(receiver.url, { timeScale: Infinity }).emit(
      { mix },
      { ...plan, workers: 1 },
    );
    const requests = [result, alone].map(({ attempts, forged }) => attempts + forged.sent);
    expect(receiver.received).toHaveLength(requests[0]! + requests[1]!);
    const ids = (from: number, to: number) =>
      new Set(receiver.received.slice(from, to).map(({ body }) => eventId(body)));
    const [shared, single] = [ids(0, requests[0]!), ids(requests[0]!, Infinity)];
    expect(shared.size).toBe(201);
    expect([...shared].sort()).toEqual([...single].sort());
    expect(result).toMatchObject({
      events: alone.events,
      duplicates: alone.duplicates,
      forged: { ...alone.forged, accepted: 0 },
      deliveries: { completed: alone.events + alone.duplicates },
    });
  });

  test.each([
    [{ mix: 'nothing.*' }, {}, { code: 'USAGE', name: 'UsageError' }],
    [
      {},
      { webhook: { url: 'http://8.8.8.8/', secret: SECRET } },
      { code: 'REMOTE_ADDRESS', host: '8.8.8.8' },
    ],
  ])('fail with the same message as a run without threads: %j %j', async (events, options, fields) => {
    const failures = [1, 2].map((workers) =>
      simulatorFor('http://127.0.0.1:9/', options)
        .emit(events, { count: 4, workers })
        .catch((error: unknown) => error as Error),
    );
    const [alone, shared] = (await Promise.all(failures)) as [Error, Error];
    expect(shared.message).toBe(alone.message);
    expect(shared).toMatchObject(fields);
  });

  it('report a bug as a bug, with its stack', async () => {
    const policy = { ...DEFAULT_POLICY, delaysSeconds: null as unknown as number[] };
    const failure = await simulatorFor('http://127.0.0.1:9/', { policy })
      .emit({}, { count: 4, workers: 2 })
      .catch((error: unknown) => error as Error);
    expect(failure).toBeInstanceOf(TypeError);
    expect((failure as Error).stack).toContain('at LoadRun.start');
  });

  it('refuse options that cannot be passed to a thread', async () => {
    const source = { count: 1, createRenderer: () => expect.fail('is not used') };
    const simulator = simulatorFor('http://127.0.0.1:9/');
    await expect(simulator.emit(source, { workers: 2 })).rejects.toThrow(
      'a source of your own cannot be given to the threads of several workers; omit `workers`',
    );
  });
});

describe('the built command', () => {
  it('shares a run among threads, and prints one report', async () => {
    await using receiver = await startReceiver({ secrets: [new Secret(SECRET)] });
    const argv = [
      'load',
      '--to',
      receiver.url,
      '--secret',
      SECRET,
      '--count',
      '40',
      '--workers',
      '2',
      '--json',
    ];
    const { code, stdout } = await hookcast(argv);
    expect(code).toBe(0);
    const record = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as unknown;
    expect(record).toMatchObject({ type: 'result', ok: true, events: 40, statuses: { 200: 40 } });
    expect(new Set(receiver.received.map(({ body }) => eventId(body))).size).toBe(40);
  });

  it('stops all threads at Ctrl-C, and prints one report', async () => {
    let press = () => {};
    let seen = 0;
    await using server = await httpServer((request, response) => {
      seen += 1;
      if (seen === 20) press();
      request.resume().once('end', () => response.end());
    });
    const argv = [
      'load',
      '--to',
      server.url.href,
      '--duration',
      '60s',
      '--workers',
      '2',
      '--json',
      '--quiet',
    ];
    const { code, stdout } = await hookcast(argv, (kill) => (press = kill));
    expect(code).toBe(130);
    const results = stdout.split('\n').filter((line) => line.startsWith('{"type":"result"'));
    expect(results.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { isInterrupted: true, attempts: seen },
    ]);
  });
});

function eventId(body: Buffer): string {
  return (JSON.parse(body.toString()) as { data: { id: string } }).data.id;
}
