import { existsSync } from 'node:fs';
import { lookup } from 'node:dns/promises';
import { connect, isIP } from 'node:net';
import { isHomeAddress } from '../../http/private-addresses.ts';
import { ok, problem, skipped, warning, type Finding } from './finding.ts';

const CONNECT_LIMIT_MS = 3_000;

/** The name's addresses, and which of them accept a connection: `localhost` is often two, with a server at one. */
export async function examineAddress(url: URL, { allowRemote = false } = {}): Promise<Finding[]> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const isName = isIP(host) === 0;
  const addresses = isName ? await resolve(host) : [host];
  if (addresses === undefined || addresses.length === 0) {
    const mend = `is ${host} spelled right? In a container, a name of compose.yaml works only inside its network`;
    return [problem('name', `${host} has no address`, mend), skipped('connection', 'there is no address')];
  }
  const name = ok('name', isName ? `${host} is ${addresses.join(' and ')}` : `${host} is an address`);
  const remote = addresses.find((address) => !isHomeAddress(address));
  if (remote !== undefined && !allowRemote) {
    const seen = `${remote} is outside this machine and private networks`;
    return [name, problem('connection', seen, 'if the receiver is yours, pass --allow-remote')];
  }
  return [name, await examineConnections(url, host, addresses)];
}

async function examineConnections(url: URL, host: string, addresses: readonly string[]): Promise<Finding> {
  const port = Number(url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : url.port);
  const results = await Promise.all(
    addresses.map(async (address) => [address, await tryPort(address, port)] as const),
  );
  const open = results.filter(([, failure]) => failure === undefined).map(([address]) => address);
  const closed = results.filter(([, failure]) => failure !== undefined);
  const failures = closed.map(([address, failure]) => `${address}: ${failure ?? ''}`).join(', ');
  if (open.length === addresses.length) return ok('connection', `port ${port} is open`);
  if (open.length > 0) {
    const mend = `use ${new URL(url.pathname, withHost(url, open[0] ?? '')).href}, or let the server listen on both`;
    return warning('connection', `port ${port} is open at ${open.join(', ')} only (${failures})`, mend);
  }
  const other = await otherLoopback(addresses, port);
  if (other !== undefined) {
    return problem(
      'connection',
      `${failures}; but ${other} answers at the same port`,
      `use ${withHost(url, other).href}`,
    );
  }
  return problem('connection', failures, startHint(host, port));
}

/** A loopback address that the name did not lead to, at which somebody listens. */
async function otherLoopback(tried: readonly string[], port: number): Promise<string | undefined> {
  for (const address of ['127.0.0.1', '::1'].filter((one) => !tried.includes(one))) {
    if (tried.some(isLoopback) && (await tryPort(address, port)) === undefined) return address;
  }
  return undefined;
}

function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}

function withHost(url: URL, address: string): URL {
  const changed = new URL(url);
  changed.hostname = isIP(address) === 6 ? `[${address}]` : address;
  return changed;
}

function startHint(host: string, port: number): string {
  const isInContainer = existsSync('/.dockerenv') || existsSync('/run/.containerenv');
  const start = `start your server: nothing listens on port ${port}`;
  if (!isInContainer || !/^(localhost|127\..*|::1)$/.test(host)) return start;
  return `${start}. In a container, localhost is the container itself, and host.docker.internal is the machine`;
}

async function resolve(host: string): Promise<string[] | undefined> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  } catch {
    return undefined;
  }
}

/** @returns undefined when the port is open, otherwise why not */
function tryPort(host: string, port: number): Promise<string | undefined> {
  return new Promise((settle) => {
    const socket = connect({ host, port, timeout: CONNECT_LIMIT_MS });
    const done = (failure?: string) => {
      socket.destroy();
      settle(failure);
    };
    socket.once('connect', () => done());
    socket.once('timeout', () => done(`no answer within ${CONNECT_LIMIT_MS / 1000} s`));
    socket.once('error', (error: NodeJS.ErrnoException) =>
      done(error.code === 'ECONNREFUSED' ? 'connection refused' : (error.code ?? error.message)),
    );
  });
}
