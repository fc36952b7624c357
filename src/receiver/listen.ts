import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HookcastError } from '../errors.ts';

/** An address that cannot be listened on. */
export class ListenError extends HookcastError {
  override name = 'ListenError' as const;
  override readonly exit = 'broken' as const;

  constructor(message: string, options?: ErrorOptions) {
    super('LISTEN', message, options);
  }
}

/** Resolves with the server's URL when it listens. @throws {ListenError} when the address is taken or not ours */
export function listen(
  server: Server,
  { port = 0, host = '127.0.0.1' }: { port?: number | undefined; host?: string | undefined },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException) => {
      const reasons: Readonly<Record<string, string>> = {
        EADDRINUSE: `port ${port} is taken by another program; choose another \`port\``,
        EACCES: `no permission to listen on port ${port}; choose one above 1023`,
        EADDRNOTAVAIL: `${host} is not an address of this machine`,
        ENOTFOUND: `${host} is not an address of this machine`,
        EINVAL: 'the host is not an address',
        ERR_INVALID_ARG_VALUE: 'the host is not an address',
        ERR_SOCKET_BAD_PORT: 'the port must be between 0 and 65535',
      };
      const reason = reasons[error.code ?? ''] ?? error.message;
      reject(new ListenError(`${host}:${port}: ${reason}`, { cause: error }));
    };
    server.once('error', fail);
    try {
      server.listen({ port, host }, () => {
        resolve(urlOf(server.address() as AddressInfo));
      });
    } catch (error) {
      // Node throws for what cannot be an address at all: a host with a null byte, a port above 65535.
      fail(error as NodeJS.ErrnoException);
    }
  });
}

function urlOf({ port, address, family }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}
