import { once } from 'node:events';
import { connect } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { startRecordingProxy, type ProxyOptions } from '../../src/recording/proxy.ts';
import { forwardedPath } from '../../src/recording/forward.ts';
import type { Recording } from '../../src/recording/recording.ts';
import { ODD_BODIES } from '../helpers/recordings.ts';
import { rawReceiver } from '../helpers/raw-receiver.ts';
import { httpServer, tcpServer } from '../helpers/servers.ts';

async function proxyTo(to: URL, options: Partial<ProxyOptions> = {}) {
  const recordings: (Recording & { isWhole: boolean })[] = [];
  let told: () => void = () => undefined;
  const proxy = await startRecordingProxy({
    to,
    now: () => 1_000.9,
    onExchange: (recording, isWhole) => {
      recordings.push({ ...recording, isWhole });
      told();
    },
    ...options,
  });
  /** Resolves when an exchange is over, and with it what the sender saw. */
  const exchange = async (bytes: Buffer | string): Promise<string> => {
    const isTold = new Promise<void>((resolve) => (told = resolve));
    const socket = connect(Number(new URL(proxy.url).port), '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(bytes);
    const seen = buffer(socket).catch(() => Buffer.alloc(0));
    await isTold;
    return (await seen).toString('latin1');
  };
  return { url: proxy.url, recordings, exchange, [Symbol.asyncDispose]: () => proxy.close() };
}

const message = (body: Buffer) =>
  Buffer.concat([
    Buffer.from(
      `POST /hook?a=1&b=%2F HTTP/1.1\r\nHost: there.test\r\nX-Twice: 1\r\nPersona-Signature: t=1,v1=0\r\nx-twice: \u00e9\r\n` +
        `Connection: close, x-hop\r\nX-Hop: 1\r\nTE: trailers\r\nContent-Length: ${body.length}\r\n\r\n`,
      'latin1',
    ),
    body,
  ]);

test.each(ODD_BODIES)('passes the request on as it came: %s', async (_, body) => {
  await using target = await rawReceiver();
  await using proxy = await proxyTo(new URL(`http://127.0.0.1:${target.port}`));
  await proxy.exchange(message(body));
  expect(target.requests).toEqual([
    {
      requestLine: 'POST /hook?a=1&b=%2F HTTP/1.1',
      headers: [
        `Host: 127.0.0.1:${target.port}`,
        'X-Twice: 1',
        'Persona-Signature: t=1,v1=0',
        'x-twice: \u00e9',
        `Content-Length: ${body.length}`,
        'Connection: close',
      ],
      body,
    },
  ]);
  expect(proxy.recordings).toHaveLength(1);
  expect(proxy.recordings[0]).toMatchObject({
    ...{ method: 'POST', url: 'http://there.test/hook?a=1&b=%2F', body, atMs: 1_000, isWhole: true },
    answer: { status: 200 },
  });
  expect(proxy.recordings[0]!.headers[4]).toEqual(['Connection', 'close, x-hop']);
});

test('passes the answer back as it came', async () => {
  const head =
    'HTTP/1.1 418 Short And Stout\r\nX-B: 1\r\nSet-Cookie: a\r\nset-cookie: b\r\nKeep-Alive: timeout=9\r\n';
  await using target = await rawReceiver(`${head}Content-Length: 4\r\nConnection: close\r\n\r\n\u00e9{}`);
  await using proxy = await proxyTo(new URL(`http://127.0.0.1:${target.port}`));
  const seen = await proxy.exchange(message(Buffer.from('{}')));
  expect(seen.split('\r\n').slice(0, 5)).toEqual([
    'HTTP/1.1 418 Short And Stout',
    'X-B: 1',
    'Set-Cookie: a',
    'set-cookie: b',
    'Content-Length: 4',
  ]);
  expect(proxy.recordings[0]!.answer).toMatchObject({ status: 418, truncated: false });
});

test('a chunked request stays chunked, and a chunked answer arrives whole', async () => {
  let framing: string | undefined;
  await using target = await httpServer((request, response) => {
    framing = request.headers['transfer-encoding'];
    void buffer(request).then((body) => {
      response.write('got ');
      response.end(body);
    });
  });
  await using proxy = await proxyTo(target.url);
  const head = 'POST /hook HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n';
  const seen = await proxy.exchange(`${head}3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n`);
  expect(framing).toBe('chunked');
  expect(seen).toContain('got ');
  expect(proxy.recordings[0]!.body.toString()).toBe('abcde');
  expect(proxy.recordings[0]!.answer!.body.toString()).toBe('got abcde');
});

test('a receiver that is down: 502, and recorded all the same', async () => {
  const target = await httpServer(() => undefined);
  await target[Symbol.asyncDispose]();
  await using proxy = await proxyTo(target.url);
  const seen = await proxy.exchange(message(Buffer.from('{"a":1}')));
  expect(seen).toContain('HTTP/1.1 502 Bad Gateway');
  expect(seen).toContain(`hookcast record: no answer from ${target.url.host} (ECONNREFUSED)`);
  expect(proxy.recordings[0]).toMatchObject({ body: Buffer.from('{"a":1}'), isWhole: true });
  expect(proxy.recordings[0]).toMatchObject({ failure: { code: 'ECONNREFUSED' } });
  expect(proxy.recordings[0]!.answer).toBeUndefined();
});

test('a receiver that closes in the middle of its answer', async () => {
  await using target = await tcpServer((socket) => {
    socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc'));
  });
  await using proxy = await proxyTo(target.url);
  await proxy.exchange(message(Buffer.from('{}')));
  expect(proxy.recordings[0]!.answer).toMatchObject({ status: 200, truncated: true });
  expect(proxy.recordings[0]!.failure!.reason).toBe('the receiver closed in the middle of its answer');
});

test('a sender that hangs up before the answer', async () => {
  let arrived: () => void = () => undefined;
  const hasArrived = new Promise<void>((resolve) => (arrived = resolve));
  await using target = await httpServer((request) => {
    request.resume().once('end', arrived);
  });
  let over: () => void = () => undefined;
  const isOver = new Promise<void>((resolve) => (over = resolve));
  const recordings: Recording[] = [];
  const onExchange = (recording: Recording) => {
    recordings.push(recording);
    over();
  };
  await using proxy = await proxyTo(target.url, { onExchange });
  const socket = connect(Number(new URL(proxy.url).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write(message(Buffer.from('{}')));
  await hasArrived;
  socket.destroy();
  await isOver;
  expect(recordings[0]!.failure!.code).toBe('HUNG_UP');
  expect(recordings[0]!.body.toString()).toBe('{}');
});

test('an address outside private networks needs allowRemote', async () => {
  await expect(proxyTo(new URL('http://93.184.216.34/'))).rejects.toThrow('is not on this machine');
});

test('a receiver that switches protocols: 502, and recorded as a failure', async () => {
  await using target = await tcpServer((socket) => {
    socket.once('data', () => socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n'));
  });
  await using proxy = await proxyTo(target.url);
  expect(await proxy.exchange(message(Buffer.from('{}')))).toMatch(/^HTTP\/1\.1 502 /);
  expect(proxy.recordings[0]!.answer).toBeUndefined();
  expect(proxy.recordings[0]!.failure).toBeDefined();
});

test.each([
  ...[
    '/../../admin',
    '/a/../../x',
    '/%2e%2e/admin',
    '/.%2E/x',
    '/..%2fadmin',
    '/..\\admin',
    '/a/..;/x',
    '/./x',
  ],
  'http://there.test/../x',
])('%s would leave the path of the receiver: 400, and not passed on', async (path) => {
  let requests = 0;
  await using target = await httpServer((_, response) => {
    requests += 1;
    response.end();
  });
  await using proxy = await proxyTo(target.url);
  const head = 'Host: a\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}';
  expect(await proxy.exchange(`POST ${path} HTTP/1.1\r\n${head}`)).toMatch(/^HTTP\/1\.1 400 /);
  expect(await proxy.exchange(`POST /..x/a..b HTTP/1.1\r\n${head}`)).toMatch(/^HTTP\/1\.1 200 /);
  expect(requests).toBe(1);
});

describe('where a request goes', () => {
  test.each([
    ['/', 'http://a/hook', '/hook'],
    ['/hook', 'http://a/hook', '/hook'],
    ['/hook?x=%2f', 'http://a/', '/hook?x=%2f'],
    ['/other', 'http://a/hook', '/hook/other'],
    ['/other?x=1', 'http://a/base/?k=2', '/base/other?k=2&x=1'],
    ['?x=1', 'http://a/hook', '/hook?x=1'],
    ['http://there.test/hook?x=1', 'http://a/', '/hook?x=1'],
  ])('%s to %s: %s', (asked, to, path) => {
    expect(forwardedPath(asked, new URL(to))).toBe(path);
  });
});
