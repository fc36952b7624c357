import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { STREAMS_MAX } from '../../src/server/stream/event-stream.ts';
import { startServer } from '../../src/server/start-server.ts';
import { version } from '../../src/text/version.ts';

/** What the server says to these bytes until it closes the connection. */
async function said(url: string, bytes: string | Buffer): Promise<{ head: string; problem: any }> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.write(bytes);
  await once(socket, 'close');
  const [head = '', body = ''] = Buffer.concat(chunks).toString().split('\r\n\r\n');
  return { head, problem: JSON.parse(body) };
}

test.each([
  ['no HTTP at all', '\x16\x03\x01\x00\xa5\x01\x00\x00', 400, 'bad-request'],
  ['a target without a slash', 'GET v1/webhooks HTTP/1.1\r\nHost: localhost\r\n\r\n', 400, 'bad-request'],
  [
    'two lengths',
    'POST /v1/reset HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
    400,
    'bad-request',
  ],
  ['no Host', 'GET /v1/webhooks HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'bad-request'],
  [
    'two Hosts',
    'GET /v1/webhooks HTTP/1.1\r\nHost: localhost\r\nhost: x\r\nConnection: close\r\n\r\n',
    400,
    'bad-request',
  ],
  [
    'headers without end',
    `GET /v1/webhooks HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(16_384)}`,
    431,
    'headers-too-large',
  ],
])('refuses %s with a problem document and its version', async (_, bytes, status, code) => {
  await using server = await startServer({ port: 0 });
  const { head, problem } = await said(server.url, bytes);
  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} \\w`));
  expect(head.toLowerCase()).toContain(`hookcast-version: ${version()}`);
  expect(head.toLowerCase()).toContain('content-type: application/problem+json');
  expect(problem).toMatchObject({ status, code });
});

test('a broken chunk is refused, and nothing of it is done', async () => {
  await using server = await startServer({ port: 0 });
  const head = 'POST /v1/reset HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
  const { problem } = await said(server.url, `${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n`);
  expect(problem).toMatchObject({ status: 400, code: 'bad-request' });
});

test('who reads nothing before all is sent still hears that it was too much', async () => {
  await using server = await startServer({ port: 0 });
  const head = 'POST /v1/deliveries HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
  const body = Buffer.alloc(20_000_000, 'x');
  const bytes = Buffer.concat([Buffer.from(`${head}Content-Length: ${body.length}\r\n\r\n`), body]);
  expect((await said(server.url, bytes)).problem).toMatchObject({ status: 413, code: 'too-large' });
});

test('names all methods of a path, HEAD and pages included', async () => {
  await using server = await startServer({ port: 0 });
  const allowed = async (method: string, path: string) => {
    const { status, headers } = await fetch(server.url + path, { method });
    return [status, headers.get('allow')];
  };
  expect(await allowed('PATCH', '/v1/deliveries')).toEqual([405, 'GET, HEAD, POST, DELETE']);
  expect(await allowed('OPTIONS', '/v1/preview')).toEqual([405, 'POST']);
  expect(await allowed('POST', '/')).toEqual([405, 'GET, HEAD']);
});

test('no answer is taken for another type than it says', async () => {
  await using server = await startServer({ port: 0 });
  for (const path of ['/', '/healthz', '/v1/webhooks', '/v1/none', '/v1/export', '/openapi.json']) {
    expect((await fetch(server.url + path)).headers.get('x-content-type-options'), path).toBe('nosniff');
  }
});

test.each(['/healthz', '/v1/webhooks', '/v1/export', '/'])(
  'who ends its side behind GET %s is answered',
  async (path) => {
    await using server = await startServer({ port: 0 });
    const socket = connect({
      port: Number(new URL(server.url).port),
      host: '127.0.0.1',
      allowHalfOpen: true,
    });
    socket.end(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    expect(await text(socket)).toMatch(/^HTTP\/1.1 200 /);
  },
);

test('a stream whose reader leaves is over', async () => {
  await using server = await startServer({ port: 0 });
  const port = Number(new URL(server.url).port);
  const request = 'GET /v1/stream HTTP/1.1\r\nHost: localhost\r\n\r\n';
  for (let reader = 1; reader <= 2 * STREAMS_MAX; reader += 1) {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    socket.write(request);
    const [first] = (await once(socket, 'data')) as [Buffer];
    expect(first.toString()).toMatch(/^HTTP\/1.1 200 /);
    socket.end();
    socket.resume();
    await once(socket, 'close');
  }
});

test('who does not read a stream is hung up on when a megabyte waits', async () => {
  await using server = await startServer({ port: 0 });
  const { webhooks } = server.state;
  const attributes = { url: 'http://127.0.0.1:9/' };
  const webhook = webhooks.create({ attributes });
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  socket.write('GET /v1/stream HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await once(socket, 'readable');
  // More than the buffers of a connection on loopback and the bound together.
  const description = 'x'.repeat(64 * 1_024);
  for (let change = 1; change <= 300; change += 1) {
    webhooks.update(webhook, { name: `${change} ${description}` });
    await new Promise(setImmediate);
  }
  const told = await text(socket);
  expect(told).toContain(description);
  // An end in good order would say so.
  expect(told.endsWith('0\r\n\r\n')).toBe(false);
});
