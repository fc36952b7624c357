// The sink where there is no C compiler; see sink.js. Same protocol: port, then a count for each line on stdin.
import { createServer } from 'node:net';

const ANSWER = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
const END = Buffer.from('\r\n\r\n');
let count = 0;

const server = createServer({ noDelay: true }, (socket) => {
  let head = Buffer.alloc(0);
  let bodyLeft = 0;
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    let rest = chunk;
    while (rest.length > 0) {
      if (bodyLeft > 0) {
        const part = Math.min(bodyLeft, rest.length);
        bodyLeft -= part;
        rest = rest.subarray(part);
        if (bodyLeft === 0) answer(socket);
        continue;
      }
      head = head.length === 0 ? rest : Buffer.concat([head, rest]);
      const end = head.indexOf(END);
      if (end < 0) return;
      bodyLeft = Number(/content-length: *(\d+)/i.exec(head.toString('latin1', 0, end))?.[1] ?? 0);
      rest = head.subarray(end + END.length);
      head = Buffer.alloc(0);
      if (bodyLeft === 0) answer(socket);
    }
  });
});

function answer(socket) {
  count += 1;
  socket.write(ANSWER);
}

server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.on('data', () => console.log(count)).on('end', () => process.exit());
