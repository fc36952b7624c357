import { expect, test } from 'vitest';
import { nodeWireSender } from '../../src/http/node-wire.ts';
import { tcpServer } from '../helpers/servers.ts';

const MIB = 1_048_576;

async function post(url: URL, length: number) {
  const sender = nodeWireSender();
  const headers = [['Content-Length', String(length)]] as const;
  const request = { method: 'POST', url, headers, parts: [{ bytes: Buffer.alloc(length, 'a') }] };
  try {
    return await sender.send(request, { timeoutMs: 20_000 });
  } finally {
    await sender.close();
  }
}

/** Says this at once, and counts what still comes. */
async function answering(text: string) {
  const count = { bytes: 0 };
  let ended: () => void;
  const isOver = new Promise<void>((resolve) => (ended = resolve));
  const server = await tcpServer((socket) => {
    socket.once('data', () => socket.write(text));
    socket.on('data', (bytes) => (count.bytes += bytes.length));
    socket.once('close', () => ended());
  });
  return { url: server.url, count, isOver, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

test('a refusal before the end of a long body is read, and ends the body', async () => {
  await using receiver = await answering('HTTP/1.1 413 Payload Too Large\r\nContent-Length: 0\r\n\r\n');
  expect(await post(receiver.url, 5 * MIB)).toMatchObject({ kind: 'response', response: { status: 413 } });
  await receiver.isOver;
  expect(receiver.count.bytes).toBeLessThan(5 * MIB);
});

test('a success before the end of a body of 1 MiB lets it end', async () => {
  await using receiver = await answering('HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
  expect(await post(receiver.url, MIB)).toMatchObject({ kind: 'response', response: { status: 200 } });
  await receiver.isOver;
  expect(receiver.count.bytes).toBeGreaterThan(MIB);
});
