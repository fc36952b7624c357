import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { answerFault } from '../../src/delivery/answer-faults.ts';
import { RemoteAddressError } from '../../src/http/private-addresses.ts';
import { LOCALHOST_CERTIFICATE, LOCALHOST_KEY } from '../helpers/certificate.ts';
import { SENDERS } from '../helpers/senders.ts';
import { httpServer, tcpServer } from '../helpers/servers.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const LIMITS = { timeoutMs: 20_000 };

/** A receiver that says this when the request has come, and closes. */
const saying = (text: string) =>
  tcpServer((socket) => socket.once('data', () => socket.end(Buffer.from(text, 'latin1'))));

async function tlsServer() {
  const server = createServer({ key: LOCALHOST_KEY, cert: LOCALHOST_CERTIFICATE }, (_, response) => {
    response.end('ok');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

describe.each(SENDERS)('%s', (_, post) => {
  test.each<[string, string, number]>([
    ['an answer with a length', OK, 200],
    ['an answer in chunks', 'HTTP/1.1 201 X\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n', 201],
    ['an answer that ends with the connection', 'HTTP/1.0 500 X\r\n\r\nsorry', 500],
    ['an answer without a body', 'HTTP/1.1 204 No Content\r\n\r\n', 204],
    ['a redirect, which is not followed', 'HTTP/1.1 302 X\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n', 302],
    ['an early hint before it', `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${OK}`, 200],
    ['a 100 that was not asked for', `HTTP/1.1 100 Continue\r\n\r\n${OK}`, 200],
    ['several interim answers', `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n${OK}`, 200],
    ['empty lines before it', `\r\n\r\n${OK}`, 200],
  ])('reads %s', async (_, answer, status) => {
    await using server = await saying(answer);
    expect(await post(server.url, LIMITS)).toEqual({ kind: 'response', status });
  });

  test.each<[string, string]>([
    ['something else than HTTP', 'SSH-2.0-OpenSSH_9.6\r\n'],
    ['status 000', 'HTTP/1.1 000 X\r\nContent-Length: 0\r\n\r\n'],
    ['status 099', 'HTTP/1.1 099 X\r\nContent-Length: 0\r\n\r\n'],
    ['a 101 that was not asked for', 'HTTP/1.1 101 X\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n'],
    ['lines that end with LF', OK.replaceAll('\r\n', '\n')],
    ['a space before a colon', OK.replace(': ', ' : ')],
    ['two lengths', OK.replace('\r\n\r\n', '\r\nContent-Length: 2\r\n\r\n')],
    ['a length and chunks', OK.replace('\r\n\r\n', '\r\nTransfer-Encoding: chunked\r\n\r\n')],
    ['a length that is not a number', OK.replace('2\r', '2x\r')],
    ['a chunk size that is not a number', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n'],
  ])('refuses %s and says what is wrong with it', async (_, answer) => {
    await using server = await saying(answer);
    const verdict = await post(server.url, LIMITS);
    if (verdict.kind !== 'unreachable') return expect.fail(verdict.kind);
    expect(answerFault(verdict.code), verdict.code).toBeDefined();
  });

  test.each<[string, string | undefined]>([
    ['before an answer', undefined],
    ['in the middle of a head', 'HTTP/1.1 200 OK\r\nConte'],
    ['in the middle of a body', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc'],
  ])('reports a receiver that closes %s', async (_, answer) => {
    await using server = await tcpServer((socket) => socket.once('data', () => socket.end(answer ?? '')));
    const verdict = await post(server.url, LIMITS);
    expect(verdict).toMatchObject({ kind: 'unreachable' });
    expect(['UND_ERR_SOCKET', 'ECONNRESET', 'HPE_INVALID_EOF_STATE']).toContain(
      verdict.kind === 'unreachable' && verdict.code,
    );
  });

  test('closes the connection when a request times out or is cancelled, even in a handshake', async () => {
    for (const protocol of ['http', 'https']) {
      const controller = new AbortController();
      let closed: () => void = () => undefined;
      const isClosed = new Promise<void>((resolve) => (closed = resolve));
      await using server = await tcpServer((socket) => {
        socket.once('close', closed).once('data', () => controller.abort());
      });
      const url = new URL(`${protocol}://127.0.0.1:${server.port}/`);
      expect(await post(url, { ...LIMITS, signal: controller.signal })).toEqual({ kind: 'cancelled' });
      await isClosed;
    }
  });

  test('reports a port where nothing listens', async () => {
    const server = await saying(OK);
    await server[Symbol.asyncDispose]();
    expect(await post(server.url, LIMITS)).toMatchObject({ kind: 'unreachable', code: 'ECONNREFUSED' });
  });

  test.each([
    ['203.0.113.5', false],
    ['[2001:db8::1]', false],
    ['169.254.169.254', false],
    ['[fd00:ec2::254]', false],
    // Not even with allowRemote.
    ['169.254.169.254', true],
    ['[fd00:ec2::254]', true],
    ['[::ffff:169.254.169.254]', true],
  ])('sends nothing to %s (allowRemote: %s)', async (host, allowRemote) => {
    const sent = async () => post(new URL(`http://${host}:9/`), LIMITS, { allowRemote });
    await expect(sent()).rejects.toBeInstanceOf(RemoteAddressError);
  });

  test('reaches loopback by every name below localhost', async () => {
    await using server = await httpServer((_, response) => response.end('ok'));
    for (const host of ['localhost', 'app.localhost', 'a.b.localhost']) {
      const url = new URL(`http://${host}:${server.port}/`);
      expect(await post(url, LIMITS), host).toEqual({ kind: 'response', status: 200 });
    }
  });

  test('trusts the certificates that it is told to trust', async () => {
    await using server = await tlsServer();
    const url = new URL(`https://localhost:${server.port}/`);
    const ok = { kind: 'response', status: 200 };
    expect(await post(url, LIMITS)).toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    expect(await post(url, LIMITS, { insecure: true })).toEqual(ok);
    expect(await post(url, LIMITS, { ca: LOCALHOST_CERTIFICATE })).toEqual(ok);
  });
});

const SILENT_AFTER: readonly [phase: string, protocol: string, answer: string][] = [
  ['headers', 'http', ''],
  ['headers', 'http', 'HTTP/1.1 200 O'],
  ['body', 'http', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc'],
  ['tls', 'https', ''],
];

// All side by side, since each waits for its limit.
describe.concurrent.each(SENDERS)('%s', (_, post) => {
  test.each(SILENT_AFTER)('gives up in the phase %s over %s, after %j', async (phase, protocol, answer) => {
    await using server = await tcpServer((socket) => socket.once('data', () => socket.write(answer)));
    const url = new URL(`${protocol}://127.0.0.1:${server.port}/`);
    // Long enough to connect on a busy machine.
    expect(await post(url, { timeoutMs: 1_000 })).toEqual({ kind: 'timed-out', phase });
  });
});
