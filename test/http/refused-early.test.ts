import { expect, test } from 'vitest';
import { nodeWireSender } from '../../src/http/node-wire.ts';
import { tcpServer } from '../helpers/servers.ts';

const PIECE = Buffer.alloc(65_536, 'a');
const PIECES = 80;

test('a refusal before the end of a body ends it', async () => {
  let received = 0;
  let closed: () => void;
  const isClosed = new Promise<void>((resolve) => (closed = resolve));
  await using server = await tcpServer((socket) => {
    socket.once('data', () => socket.write('HTTP/1.1 413 Payload Too Large\r\nContent-Length: 0\r\n\r\n'));
    socket.on('data', ({ length }) => (received += length));
    socket.once('close', () => closed());
  });
  const sender = nodeWireSender();
  const exchange = await sender.send(
    {
      ...{ method: 'POST', url: server.url, headers: [['Content-Length', String(PIECES * PIECE.length)]] },
      parts: Array.from({ length: PIECES }, () => ({ bytes: PIECE, pauseMs: 1 })),
    },
    { timeoutMs: 20_000 },
  );
  expect(exchange).toMatchObject({ kind: 'response', response: { status: 413 } });
  await isClosed;
  expect(received).toBeLessThan(PIECES * PIECE.length);
  await sender.close();
});
