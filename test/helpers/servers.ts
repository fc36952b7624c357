import { createServer, type RequestListener } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';

export interface TestServer extends AsyncDisposable {
  readonly url: URL;
  readonly port: number;
}

/** A real HTTP server on a free port of 127.0.0.1. */
export async function httpServer(listener: RequestListener): Promise<TestServer> {
  const server = createServer(listener);
  return started(server, () => {
    server.closeAllConnections();
  });
}

/** A raw TCP server: for what an HTTP server would never do. */
export async function tcpServer(onConnection: (socket: Socket) => void): Promise<TestServer> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  return started(server, () => {
    for (const socket of sockets) socket.destroy();
  });
}

async function started(server: Server, closeConnections: () => void): Promise<TestServer> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`http://127.0.0.1:${port}/hook?a=1&b=%2F`),
    port,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        closeConnections();
      }),
  };
}
