import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { burstSender } from '../../src/http/undici-sender.ts';
import type { HttpRequest } from '../../src/ports.ts';
import { httpServer, tcpServer } from '../helpers/servers.ts';

const LIMITS = { timeoutMs: 20_000 };
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

const request = (url: URL, body = '{}'): HttpRequest => ({ url, headers: {}, body: Buffer.from(body) });

/** Until a connection may be used again. */
async function nextPoll() {
  for (let turn = 0; turn < 3; turn += 1) await setImmediate();
}

/** A receiver that does this with each request; `connections` has one entry for each. */
async function receiver(react: (socket: Socket, count: number) => void) {
  const connections: { requests: number; socket: Socket }[] = [];
  const server = await tcpServer((socket) => {
    const connection = { requests: 0, socket };
    connections.push(connection);
    socket.on('data', () => {
      connection.requests += 1;
      react(socket, connection.requests);
    });
  });
  const requests = () => connections.map((connection) => connection.requests);
  return { ...server, connections, requests };
}

test('requests one after another share a connection, and each gets its own answer', async () => {
  const ports: (number | undefined)[] = [];
  await using server = await httpServer((incoming, response) => {
    ports.push(incoming.socket.remotePort);
    incoming.resume().on('end', () => {
      response.writeHead(200, { 'x-number': String(ports.length) }).end(`answer ${ports.length}`);
    });
  });
  const sender = burstSender();
  const first = await sender.send(request(server.url), LIMITS);
  await nextPoll();
  const second = await sender.send(request(server.url), LIMITS);
  expect(new Set(ports).size).toBe(1);
  expect([first, second]).toMatchObject(
    [1, 2].map((number) => ({
      kind: 'response',
      response: { status: 200, headers: { 'x-number': `${number}` }, body: Buffer.from(`answer ${number}`) },
    })),
  );
  expect(first.timings.connectMs).toBeGreaterThan(0);
  expect(second.timings.connectMs).toBeUndefined();
});

test('simultaneous requests use a connection each', async () => {
  await using server = await receiver((socket) => socket.write(OK));
  const sender = burstSender();
  await Promise.all([1, 2, 3].map(() => sender.send(request(server.url), LIMITS)));
  expect(server.requests()).toEqual([1, 1, 1]);
});

test('the connection is closed soon after the burst', async () => {
  await using server = await receiver((socket) => socket.write(OK));
  await burstSender().send(request(server.url), LIMITS);
  await once(server.connections[0]!.socket.resume(), 'end');
});

test.each<[string, (socket: Socket) => void]>([
  ['closes after its answer without a word', (socket) => socket.end(OK)],
  ['resets the connection after its answer', (socket) => socket.write(OK, () => socket.resetAndDestroy())],
  ['announces that it closes', (socket) => socket.end(OK.replace('\r\n', '\r\nConnection: close\r\n'))],
  ['goes on talking after its answer', (socket) => socket.write(`${OK}${OK.replace('200 OK', '500 X')}`)],
  ['answers in HTTP/1.0', (socket) => socket.end(OK.replace('1.1', '1.0'))],
])('a receiver that %s gets the next request over a new connection', async (_, answer) => {
  await using server = await receiver(answer);
  const sender = burstSender();
  for (const waits of [0, 0, 1, 1]) {
    if (waits > 0) await nextPoll();
    expect(await sender.send(request(server.url), LIMITS)).toMatchObject({
      kind: 'response',
      response: { status: 200 },
    });
  }
  expect(server.requests()).toEqual([1, 1, 1, 1]);
});

test('a request is not sent again when the receiver hangs up on it', async () => {
  await using server = await receiver((socket, count) => (count === 1 ? socket.write(OK) : socket.destroy()));
  const sender = burstSender();
  await sender.send(request(server.url), LIMITS);
  await nextPoll();
  expect(await sender.send(request(server.url), LIMITS)).toMatchObject({ kind: 'unreachable' });
  expect(server.requests()).toEqual([2]);
});

test('a second request without an answer times out in the phase of the headers', async () => {
  await using server = await receiver((socket, count) => count === 1 && socket.write(OK));
  const sender = burstSender();
  await sender.send(request(server.url), LIMITS);
  await nextPoll();
  expect(await sender.send(request(server.url), { timeoutMs: 50 })).toMatchObject({
    kind: 'timed-out',
    phase: 'headers',
  });
});
