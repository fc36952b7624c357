import { tcpServer, type TestServer } from './servers.ts';

/** A request as it came over the wire. */
export interface RawRequest {
  readonly requestLine: string;
  /** As they stood. */
  readonly headers: readonly string[];
  readonly body: Buffer;
}

export interface RawReceiver extends TestServer {
  readonly requests: readonly RawRequest[];
}

/** Reads bytes, knows Content-Length and nothing else of HTTP, and gives every request the same answer. */
export async function rawReceiver(
  answer = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n',
): Promise<RawReceiver> {
  const requests: RawRequest[] = [];
  const server = await tcpServer((socket) => {
    let seen = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      seen = Buffer.concat([seen, chunk]);
      const request = parsed(seen);
      if (request === undefined) return;
      requests.push(request);
      socket.end(answer);
    });
  });
  return Object.assign(server, { requests });
}

function parsed(bytes: Buffer): RawRequest | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [requestLine = '', ...headers] = bytes.toString('latin1', 0, end).split('\r\n');
  const length = headers.find((line) => /^content-length:/i.test(line))?.split(':')[1];
  const body = bytes.subarray(end + 4);
  return body.length < Number(length ?? 0) ? undefined : { requestLine, headers, body };
}
