import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { SOURCE_ADDRESSES } from '../../src/persona/source-addresses.ts';
import { runCli } from '../helpers/run-cli.ts';
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

  test('load with workers, which are threads of the built command', async () => {
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
    expect(result.stderr).toContain('cannot send from 192.0.2.1: not an address of this machine');
  });

  test.each([
    { source: '::1', to: 'http://127.0.0.1:9/', says: /is IPv6 and the receiver's 127\.0\.0\.1 is IPv4/ },
    { source: 'localhost', to: 'http://127.0.0.1:9/', says: /expected an address, such as 127\.0\.0\.2/ },
    { source: '0.0.0.0', to: 'http://127.0.0.1:9/', says: /expected an address/ },
  ])('$source to $to is wrong usage', async ({ source, to, says }) => {
    const result = await runCli(['send', 'inquiry.approved', '--to', to, '--source', source]);
    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(says);
  });

  test('is not for a queue, whose worker has addresses of its own', async () => {
    const redis = ['--redis', 'redis://127.0.0.1:9'];
    const argv = ['send', 'inquiry.approved', '--to', 'http://127.0.0.1:9/', '--source', '127.0.0.1'];
    const result = await runCli([...argv, ...redis]);
    expect(result).toMatchObject({ code: 2, stderr: expect.stringContaining('--source works only') });
  });
});

describe('--forwarded-for', () => {
  test.each(COMMANDS)('$name sends the header', async ({ argv }) => {
    await using hook = await watcher();
    await runCli([...argv, '--to', hook.url, '--forwarded-for', '203.0.113.7']);
    expect(new Set(hook.seen.map(({ forwardedFor }) => forwardedFor))).toEqual(new Set(['203.0.113.7']));
  });

  test("persona is one of Persona's addresses", async () => {
    await using hook = await watcher();
    await runCli(['send', 'inquiry.approved', '--to', hook.url, '--forwarded-for', 'persona']);
    expect(SOURCE_ADDRESSES['United States']).toContain(hook.seen[0]?.forwardedFor);
  });

  test.each(['nobody', '1.2.3', '::'])('%j is wrong usage', async (text) => {
    const argv = ['send', 'inquiry.approved', '--to', 'http://127.0.0.1:9/', '--forwarded-for', text];
    const result = await runCli(argv);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain("expected 'persona' or an address");
  });
});
