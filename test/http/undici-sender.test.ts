import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { homeLookup } from '../../src/http/connection-rules.ts';
import { isHomeAddress } from '../../src/http/private-addresses.ts';
import { undiciSender, type SenderOptions } from '../../src/http/undici-sender.ts';
import type { Exchange } from '../../src/ports.ts';
import { LOCALHOST_CERTIFICATE, LOCALHOST_KEY } from '../helpers/certificate.ts';
import { httpServer, tcpServer } from '../helpers/servers.ts';

const send = (url: URL, timeoutMs = 20_000, signal?: AbortSignal): Promise<Exchange> =>
  undiciSender().send(
    { url, headers: {}, body: Buffer.from('{}') },
    { timeoutMs, ...(signal && { signal }) },
  );

/** Long enough to connect on a busy machine. */
const LIMIT_MS = 1_000;

/** A timer that is due well after the limit: however late the machine is, it rings after the limit's own. */
function laterThan(limitMs: number) {
  let isOver = false;
  const timer = setTimeout(() => (isOver = true), limitMs + 250);
  return {
    isOver: () => {
      clearTimeout(timer);
      return isOver;
    },
  };
}

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n';

describe('the limit covers the whole exchange', () => {
  // Side by side, since each waits for its limit.
  test.concurrent.each([
    ['never answers', () => undefined, 'headers'],
    ['stops after the headers', (write: (text: string) => void) => write(HEAD), 'body'],
    [
      'drips a byte at a time',
      (write: (text: string) => void) => {
        write(HEAD);
        return setInterval(() => write('x'), 20);
      },
      'body',
    ],
  ] as const)('a receiver that %s is timed out when the limit is over', async (_, behave, phase) => {
    let dripping: NodeJS.Timeout | undefined;
    await using server = await tcpServer((socket) => {
      socket.once('data', () => {
        dripping = behave((text) => socket.write(text)) as NodeJS.Timeout | undefined;
      });
    });
    const later = laterThan(LIMIT_MS);
    const exchange = await send(server.url, LIMIT_MS);
    clearInterval(dripping);
    expect(exchange).toMatchObject({ kind: 'timed-out', phase });
    expect(exchange.timings.totalMs).toBeGreaterThanOrEqual(LIMIT_MS - 1);
    expect(later.isOver()).toBe(false);
  });

  test('and a late answer within it counts', async () => {
    await using server = await tcpServer((socket) => {
      socket.once('data', () =>
        setTimeout(() => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'), 100),
      );
    });
    expect(await send(server.url, 20_000)).toMatchObject({ kind: 'response', response: { status: 200 } });
  });

  test('and a cancelled exchange closes its connection', async () => {
    const controller = new AbortController();
    let hungUp: () => void = () => undefined;
    const closed = new Promise<void>((resolve) => (hungUp = resolve));
    await using server = await tcpServer((socket) => {
      socket.once('close', hungUp);
      socket.once('data', () => controller.abort());
    });
    expect(await send(server.url, 20_000, controller.signal)).toMatchObject({ kind: 'cancelled' });
    await closed;
  });
});

describe('an answer', () => {
  test('is kept with its headers and timings', async () => {
    await using server = await httpServer((_, response) => {
      response.writeHead(418, { 'X-Reason': 'tea', 'Set-Cookie': ['a=1', 'b=2'] }).end('short and stout');
    });
    const exchange = await send(server.url);
    expect(exchange).toMatchObject({
      kind: 'response',
      response: {
        status: 418,
        headers: { 'x-reason': 'tea', 'set-cookie': ['a=1', 'b=2'] },
        truncated: false,
      },
    });
    if (exchange.kind !== 'response') throw new Error('no response');
    expect(exchange.response.body.toString()).toBe('short and stout');
    const { connectMs = -1, firstByteMs = -1, totalMs } = exchange.timings;
    expect(connectMs).toBeGreaterThan(0);
    expect(firstByteMs).toBeGreaterThanOrEqual(connectMs);
    expect(totalMs).toBeGreaterThanOrEqual(firstByteMs);
  });

  test('of more than 64 KiB is cut off', async () => {
    await using server = await httpServer((_, response) => response.end(Buffer.alloc(100_000, 'x')));
    const exchange = await send(server.url);
    expect(exchange).toMatchObject({ kind: 'response', response: { status: 200, truncated: true } });
    expect(exchange.kind === 'response' && exchange.response.body.length).toBe(65_536);
  });

  test('is not read past 1 MiB: an endless one is judged by its status', async () => {
    await using server = await httpServer((_, response) => {
      const chunk = Buffer.alloc(65_536, 'x');
      const push = () => {
        while (!response.destroyed && response.write(chunk));
        if (!response.destroyed) response.once('drain', push);
      };
      push();
    });
    expect(await send(server.url, 20_000)).toMatchObject({
      kind: 'response',
      response: { status: 200, truncated: true },
    });
  });

  test('after 100 Continue and 103 Early Hints is the real one', async () => {
    await using server = await tcpServer((socket) => {
      socket.once('data', () =>
        socket.end(
          'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
        ),
      );
    });
    expect(await send(server.url)).toMatchObject({ kind: 'response', response: { status: 200 } });
  });
});

describe('without an answer, the sender reports', () => {
  test.each([['a reset', (end: () => void) => end(), 'ECONNRESET']])('%s', async (_, act, code) => {
    await using server = await tcpServer((socket) => {
      socket.once('data', () => act(() => socket.resetAndDestroy()));
    });
    expect(await send(server.url)).toMatchObject({ kind: 'unreachable', code });
  });

  test('a closed connection', async () => {
    await using server = await tcpServer((socket) => socket.once('data', () => socket.end()));
    expect(await send(server.url)).toMatchObject({ kind: 'unreachable', code: 'UND_ERR_SOCKET' });
  });

  test('an answer that is not HTTP', async () => {
    await using server = await tcpServer((socket) => socket.once('data', () => socket.end('SSH-2.0-x\r\n')));
    expect(await send(server.url)).toMatchObject({
      kind: 'unreachable',
      code: 'HPE_INVALID_CONSTANT',
    });
  });

  test('a refused connection, by address and by name', async () => {
    const { port } = await (async () => {
      await using server = await tcpServer(() => undefined);
      return server;
    })();
    for (const host of ['127.0.0.1', 'localhost']) {
      expect(await send(new URL(`http://${host}:${port}/`))).toMatchObject({
        kind: 'unreachable',
        code: 'ECONNREFUSED',
      });
    }
  });

  test('TLS on a port without it', async () => {
    await using server = await httpServer((_, response) => response.end());
    const exchange = await send(new URL(`https://127.0.0.1:${server.port}/`));
    expect(exchange).toMatchObject({ kind: 'unreachable', code: 'ERR_SSL_WRONG_VERSION_NUMBER' });
  });
});

describe('events go to this machine and private networks only', () => {
  test.each([
    ['127.0.0.1', true],
    ['127.9.9.9', true],
    ['0.0.0.0', true],
    ['10.1.2.3', true],
    ['172.16.0.1', true],
    ['172.31.255.255', true],
    ['172.32.0.1', false],
    ['192.168.1.1', true],
    ['169.254.1.1', true],
    ['100.64.0.1', false],
    ['8.8.8.8', false],
    ['::1', true],
    ['fe80::1', true],
    ['fe80::1%eth0', true],
    ['fd00::1', true],
    ['2001:4860:4860::8888', false],
    ['::ffff:127.0.0.1', true],
    ['::ffff:8.8.8.8', false],
  ])('%s is such an address: %s', (address, isHome) => {
    expect(isHomeAddress(address)).toBe(isHome);
  });

  test.each(['http://8.8.8.8/', 'http://[2001:4860:4860::8888]/', 'http://[::ffff:808:808]/'])(
    '%s is refused without allowRemote',
    async (url) => {
      await expect(send(new URL(url))).rejects.toMatchObject({ code: 'REMOTE_ADDRESS' });
    },
  );

  test('and a name is judged by the address that is connected to', async () => {
    const lookup = (host: string, all: boolean) =>
      new Promise((resolve) => {
        homeLookup(host, { all }, (error, address) => resolve(error ?? address));
      });
    expect(await lookup('8.8.8.8', false)).toMatchObject({ code: 'REMOTE_ADDRESS', host: '8.8.8.8' });
    expect(await lookup('127.0.0.1', false)).toBe('127.0.0.1');
    expect(await lookup('127.0.0.1', true)).toEqual([{ address: '127.0.0.1', family: 4 }]);
    expect(await lookup('no-such-host.invalid', false)).toMatchObject({ syscall: 'getaddrinfo' });
  });
});

describe('https', () => {
  const sendTo = (port: number, options: SenderOptions) =>
    undiciSender(options).send(
      { url: new URL(`https://localhost:${port}/`), headers: {}, body: Buffer.from('{}') },
      { timeoutMs: 20_000 },
    );

  test('refuses a self-signed certificate unless it, or any certificate, is trusted', async () => {
    await using server = await httpsServer();
    expect(await sendTo(server.port, {})).toMatchObject({
      kind: 'unreachable',
      code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    });
    expect(await sendTo(server.port, { insecure: true })).toMatchObject({ kind: 'response' });
    expect(await sendTo(server.port, { ca: LOCALHOST_CERTIFICATE })).toMatchObject({ kind: 'response' });
  });
});

async function httpsServer(): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createServer({ cert: LOCALHOST_CERTIFICATE, key: LOCALHOST_KEY }, (_, response) =>
    response.end(),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
