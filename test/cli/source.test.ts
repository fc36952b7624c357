import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { SOURCE_ADDRESSES } from '../../src/persona/source-addresses.ts';
import { runCli, session, stable } from '../helpers/run-cli.ts';
import { spawnCli } from '../helpers/spawn-cli.ts';

interface Seen {
  readonly from: string | undefined;
  readonly forwardedFor: string | string[] | undefined;
}

/** Remembers where requests came from. */
async function watcher(host = '127.0.0.1') {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    request.resume();
    response.end();
    // Is anybody there? That needs no name.
    if (request.method === 'HEAD') return;
    seen.push({
      from: request.socket.remoteAddress,
      forwardedFor: request.headers['x-forwarded-for'],
    });
  });
  server.listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}/`;
  return {
    ...{ seen, url, port },
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

const COMMANDS = [
  { name: 'send', argv: ['send', 'inquiry.approved', '--time-scale', 'instant'] },
  { name: 'scenario', argv: ['scenario', 'inquiry-approved', '--time-scale', 'instant'] },
  { name: 'load', argv: ['load', '--count', '3'] },
  { name: 'conform', argv: ['conform', '--only', 'ACK-01', '--seed', '1'] },
];

// Other systems give the loopback interface one address only.
describe.runIf(process.platform === 'linux')('--source', () => {
  test.each(COMMANDS)('$name connects from that address', async ({ argv }) => {
    await using hook = await watcher();
    await runCli([...argv, '--to', hook.url, '--source', '127.0.0.2']);
    expect(hook.seen.length).toBeGreaterThan(0);
    expect(new Set(hook.seen.map(({ from }) => from))).toEqual(new Set(['127.0.0.2']));
  });
});

describe('--source', () => {
  test.each(COMMANDS)('$name connects from an IPv6 address', async ({ argv }) => {
    await using hook = await watcher('::1');
    await runCli([...argv, '--to', hook.url, '--source', '::1']);
    expect(new Set(hook.seen.map(({ from }) => from))).toEqual(new Set(['::1']));
  });

  test('also applies to the worker threads of load', async () => {
    await using hook = await watcher('::1');
    const argv = ['load', '--count', '4', '--workers', '2', '--to', hook.url];
    const { code } = await spawnCli([...argv, '--source', '::1', '--forwarded-for', '203.0.113.7']).ended;
    expect(code).toBe(0);
    expect(hook.seen).toEqual(Array(4).fill({ from: '::1', forwardedFor: '203.0.113.7' }));
  });

  test('decides which address of a name is used', async () => {
    await using hook = await watcher();
    const to = ['--to', `http://localhost:${hook.port}/`];
    await runCli(['send', 'inquiry.approved', ...to, '--source', '127.0.0.1']);
    expect(hook.seen).toHaveLength(1);
  });

  test.each(COMMANDS)('$name refuses an address of another machine', async ({ argv }) => {
    const result = await runCli([...argv, '--to', 'http://127.0.0.1:9/', '--source', '192.0.2.1']);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr.split('\n').filter((line) => line.startsWith('error:'))).toEqual([
      'error: cannot send from 192.0.2.1: this machine has no such address (EADDRNOTAVAIL); on Linux it has all of 127.0.0.0/8, elsewhere add an alias first',
    ]);
  });

  test('refuses what is not an address, an address of another family, and a queue', async () => {
    const lines = [['::1'], ['localhost'], ['0.0.0.0'], ['127.0.0.1', '--redis', 'redis://127.0.0.1:9']];
    const send = ['send', 'inquiry.approved', '--to', 'http://127.0.0.1:9/', '--source'];
    const text = await session(lines.map((flags) => [...send, ...flags]));
    expect(stable(text)).toMatchInlineSnapshot(`
      "$ hookcast send inquiry.approved --to http://127.0.0.1:PORT/ --source ::1
      inquiry.approved  evt_ID
        to http://127.0.0.1:PORT/
      signing with the development secret wbhsec_00000000-dead-4000-8000-00000000beef: give it to your receiver, or pass --secret
      error: the source address ::1 is IPv6 and the receiver's 127.0.0.1 is IPv4; use two of the same kind
      exit code 2
      $ hookcast send inquiry.approved --to http://127.0.0.1:PORT/ --source localhost
      error: --source localhost: expected an address, such as 127.0.0.2 or ::1
      (see: hookcast send --help)
      exit code 2
      $ hookcast send inquiry.approved --to http://127.0.0.1:PORT/ --source 0.0.0.0
      error: --source 0.0.0.0: expected an address, such as 127.0.0.2 or ::1
      (see: hookcast send --help)
      exit code 2
      $ hookcast send inquiry.approved --to http://127.0.0.1:PORT/ --source 127.0.0.1 --redis redis://127.0.0.1:PORT
      signing with the development secret wbhsec_00000000-dead-4000-8000-00000000beef: give it to your receiver, or pass --secret
      error: --source works only without --redis
      exit code 2
      "
    `);
  });
});

describe('--forwarded-for', () => {
  test.each(COMMANDS)('$name sends the header', async ({ argv }) => {
    await using hook = await watcher();
    await runCli([...argv, '--to', hook.url, '--forwarded-for', '203.0.113.7']);
    expect(new Set(hook.seen.map(({ forwardedFor }) => forwardedFor))).toEqual(new Set(['203.0.113.7']));
  });

  test("sends one of Persona's addresses for persona", async () => {
    await using hook = await watcher();
    await runCli(['send', 'inquiry.approved', '--to', hook.url, '--forwarded-for', 'persona']);
    expect(SOURCE_ADDRESSES['United States']).toContain(hook.seen[0]?.forwardedFor);
  });

  test('refuses what is not an address', async () => {
    const send = ['send', 'inquiry.approved', '--to', 'http://127.0.0.1:9/', '--forwarded-for'];
    const text = await session(['nobody', '1.2.3', '::'].map((address) => [...send, address]));
    expect(text).toMatchInlineSnapshot(`
      "$ hookcast send inquiry.approved --to http://127.0.0.1:9/ --forwarded-for nobody
      error: --forwarded-for nobody: expected 'persona' or an address, such as 127.0.0.2 or ::1
      (see: hookcast send --help)
      exit code 2
      $ hookcast send inquiry.approved --to http://127.0.0.1:9/ --forwarded-for 1.2.3
      error: --forwarded-for 1.2.3: expected 'persona' or an address, such as 127.0.0.2 or ::1
      (see: hookcast send --help)
      exit code 2
      $ hookcast send inquiry.approved --to http://127.0.0.1:9/ --forwarded-for ::
      error: --forwarded-for ::: expected 'persona' or an address, such as 127.0.0.2 or ::1
      (see: hookcast send --help)
      exit code 2
      "
    `);
  });
});
