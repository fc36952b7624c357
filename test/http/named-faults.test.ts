import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { DEFAULT_POLICY } from '../../src/persona/policies.ts';
import { describeOutcome } from '../../src/report/describe-outcome.ts';
import { SENDERS, type Verdict } from '../helpers/senders.ts';
import { tcpServer } from '../helpers/servers.ts';

/** What is told of an attempt that no answer came of. */
function inWords(verdict: Verdict, url: URL): string {
  return verdict.kind === 'unreachable' ? describeOutcome(verdict, DEFAULT_POLICY, url.href) : verdict.kind;
}

const OK = 'HTTP/1.1 200 OK\r\n';
const INVALID = 'the answer is not valid HTTP: ';
const ANSWERS: [string, string, string][] = [
  ['LF alone', 'HTTP/1.1 200 OK\nContent-Length: 0\n\n', 'a line ends with LF alone instead of CR LF'],
  [
    'two equal lengths',
    `${OK}Content-Length: 0\r\nContent-Length: 0\r\n\r\n`,
    'it has two Content-Length headers',
  ],
  [
    'a length and chunks',
    'HTTP/1.1 429 Slow\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n',
    'it has both Content-Length and Transfer-Encoding',
  ],
  ['a space before a colon', `${OK}X : y\r\n\r\n`, 'such as a space before its colon'],
  [
    'a body of 204',
    'HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\nok',
    '204 must not have a body, and this one announces 2 bytes',
  ],
  [
    'a status below 100',
    'HTTP/1.1 000 X\r\nContent-Length: 0\r\n\r\n',
    'its status is not a number from 100 to 999',
  ],
  ['a length that is none', `${OK}Content-Length: +2\r\n\r\nok`, 'its Content-Length is not a number'],
];

describe.each(SENDERS)('%s names what is wrong with an answer', (_, post) => {
  test.each(ANSWERS)('%s', async (__, answer, words) => {
    await using server = await tcpServer((socket) => socket.once('data', () => socket.end(answer)));
    const told = inWords(await post(server.url, { timeoutMs: 5_000 }), server.url);
    expect(told).toContain(INVALID);
    expect(told).toContain(words);
  });
});

const hasIpv6 = await new Promise<boolean>((resolve) => {
  const server = createServer().on('error', () => resolve(false));
  server.listen(0, '::1', () => server.close(() => resolve(true)));
});

describe.skipIf(!hasIpv6)('a server on one loopback address only', () => {
  test.each([
    ['127.0.0.1', '::1', '[::1]'],
    ['[::1]', '127.0.0.1', '127.0.0.1'],
  ])('asked at %s, it is found at %s', async (asked, host, found) => {
    await using server = await listening(host);
    const url = new URL(`http://${asked}:${server.port}/`);
    const [, post] = SENDERS[0]!;
    const told = inWords(await post(url, { timeoutMs: 5_000 }), url);
    expect(told).toBe(
      `connection refused: nothing listens on ${asked}:${server.port}, but ${found}:${server.port} answers`,
    );
  });
});

async function listening(host: string): Promise<{ port: number } & AsyncDisposable> {
  const server: Server = createServer((_, response) => response.end());
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
