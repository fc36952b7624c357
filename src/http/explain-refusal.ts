import { connect } from 'node:net';
import { portOf } from './connection-rules.ts';

const PROBE_LIMIT_MS = 250;
const LOOPBACK = ['127.0.0.1', '::1'] as const;

/**
 * Says which addresses refused a connection, and whether this machine's other loopback address takes one: a server
 * often listens on one of the two alone. Connects to loopback only, and sends nothing.
 * @param error - an ECONNREFUSED, or an AggregateError of several
 */
export async function explainRefusal(error: Error, url: URL): Promise<string> {
  const tried = addressesOf(error);
  const port = portOf(url);
  const shown = tried.map((address) => hostPort(address, port)).join(' or ');
  const other = LOOPBACK.find((address) => !tried.includes(address));
  const isLoopback = tried.length === 1 && LOOPBACK.some((address) => address === tried[0]);
  if (!isLoopback || other === undefined || !(await answers(other, port))) return error.message;
  return `nothing listens on ${shown}, but ${hostPort(other, port)} answers`;
}

function addressesOf(error: Error): string[] {
  const errors: unknown[] = error instanceof AggregateError ? error.errors : [error];
  return errors.flatMap((one) =>
    one instanceof Error && 'address' in one && typeof one.address === 'string' ? [one.address] : [],
  );
}

function hostPort(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const settle = (isOpen: boolean) => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.setTimeout(PROBE_LIMIT_MS, () => settle(false));
    socket.once('connect', () => settle(true)).on('error', () => settle(false));
  });
}
