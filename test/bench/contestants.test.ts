import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { httpServer } from '../helpers/servers.ts';

const ENOUGH = 60;
const file = (path: string) => fileURLToPath(new URL(`../../bench/${path}`, import.meta.url));

interface Received {
  readonly bodies: string[];
  readonly signatures: (string | string[] | undefined)[];
  /** Of all headers that are not the connection's. */
  readonly names: Set<string>;
}

/** What a contestant sends until there is enough of it, or until it ends. */
async function receivedFrom([script, ...args]: [string, ...string[]], many = Infinity): Promise<Received> {
  const received: Received = { bodies: [], signatures: [], names: new Set() };
  const enough = new AbortController();
  await using server = await httpServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.bodies.push(Buffer.concat(chunks).toString());
      received.signatures.push(request.headers['persona-signature']);
      for (const name of Object.keys(request.headers)) received.names.add(name);
      response.end('ok');
      if (received.bodies.length === many) enough.abort();
    });
  });
  const child = spawn(process.execPath, [file(script), ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: 100_000,
    killSignal: 'SIGKILL',
    env: { ...process.env, BENCH_URL: server.url.href },
  });
  const ended = once(child, 'exit');
  enough.signal.addEventListener('abort', () => child.kill('SIGKILL'));
  await ended;
  return received;
}

test.concurrent.each([
  ['contestants/hookcast.js', 'another'],
  ['rivals/naive.js', 'another'],
  ['rivals/constant-dispatch.js', 'the same'],
  ['rivals/autocannon.js', 'the same'],
])('%s sends signed events of 4 KB, %s each time', async (script, which) => {
  const { bodies, signatures, names } = await receivedFrom([script], ENOUGH);
  expect([...names].filter((name) => name !== 'connection').toSorted()).toEqual([
    ...['content-length', 'content-type', 'host', 'persona-signature', 'persona-webhook-attempts-left'],
    ...['persona-webhook-attempts-made', 'persona-webhook-first-attempted-at', 'user-agent'],
  ]);
  expect(bodies.length).toBeGreaterThanOrEqual(ENOUGH);
  expect(new Set(bodies).size).toBe(which === 'the same' ? 1 : bodies.length);
  for (const body of bodies) expect(body.length).toBeGreaterThan(4_000);
  expect(JSON.parse(bodies[0] ?? '')).toMatchObject({
    data: { attributes: { name: 'inquiry-session.expired' } },
  });
  for (const signature of signatures) expect(signature).toMatch(/^t=\d{10},v1=[0-9a-f]{64}$/);
});

test.concurrent('late-retries.js makes one retry for every three events', async () => {
  const { bodies } = await receivedFrom(['contestants/late-retries.js', '0.02']);
  // 100 events in 20 ms: each third fails once.
  expect(bodies).toHaveLength(133);
  expect(new Set(bodies).size).toBe(100);
});
