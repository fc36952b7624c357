// A receiver that costs next to nothing: a raw TCP server that counts complete requests by their Content-Length
// and answers each with a constant 200. Prints its port; answers "count" on stdin with the count since then.
import { createServer } from 'node:net';

const ANSWER = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
let count = 0;

const server = createServer((socket) => {
  let rest = Buffer.alloc(0);
  let owed = 0;
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => {
    let bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    for (;;) {
      if (owed > 0) {
        const taken = Math.min(owed, bytes.length);
        owed -= taken;
        bytes = bytes.subarray(taken);
        if (owed > 0) break;
        count += 1;
        socket.write(ANSWER);
      }
      const end = bytes.indexOf('\r\n\r\n');
      if (end < 0) break;
      owed = Number(/content-length: (\d+)/i.exec(bytes.toString('latin1', 0, end))?.[1] ?? 0);
      bytes = bytes.subarray(end + 4);
      if (owed === 0) throw new Error('a request without a body');
    }
    rest = bytes.length > 0 ? Buffer.from(bytes) : Buffer.alloc(0);
  });
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: server.address().port }));
process.on('message', () => {
  process.send?.({ count });
  count = 0;
});
process.on('disconnect', () => process.exit());
