import { createServer, isIP } from 'node:net';
import { once } from 'node:events';
import { UsageError } from '../errors.ts';

/** Refuses a receiver of the other kind: no connection leads from IPv4 to IPv6. @throws {UsageError} */
export function checkFamily(source: string, host: string): void {
  const [from, to] = [isIP(source), isIP(host)];
  if (to === 0 || from === to) return;
  throw new UsageError(
    `the source address ${source} is IPv${from} and the receiver's ${host} is IPv${to}; use two of the same kind`,
  );
}

/** Before anything is sent: can connections come from this address? @throws {UsageError} */
export async function checkSourceAddress(source: string): Promise<void> {
  const server = createServer();
  try {
    const listening = once(server, 'listening');
    server.listen({ host: source, port: 0 });
    await listening;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    throw new UsageError(
      `cannot send from ${source}: this machine has no such address (${code}); ` +
        'on Linux it has all of 127.0.0.0/8, elsewhere add an alias first',
      { cause: error },
    );
  } finally {
    server.close();
  }
}
