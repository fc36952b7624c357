import { createServer } from 'node:http';
import { UsageError } from '../errors.ts';
import { checkLiteral } from '../http/connection-rules.ts';
import { closeServer, listen } from '../receiver/listen.ts';
import { ProxiedExchange, type ExchangeOptions } from './proxied-exchange.ts';

export interface ProxyOptions extends ExchangeOptions {
  readonly port?: number | undefined;
  /** @default 127.0.0.1 */
  readonly host?: string | undefined;
}

export interface Proxy {
  readonly url: string;
  /** Also ends the exchanges under way; resolves when each has been reported. */
  close(): Promise<void>;
}

const LOOPBACK = ['127.0.0.1', '::1'];
const EVERY_ADDRESS = ['0.0.0.0', '::'];

/** A request would go round until no connection is left. @throws {UsageError} */
function checkNotItself({ to, port = 0, host = '127.0.0.1' }: ProxyOptions): void {
  const there = to.hostname.replace(/^\[|\]$/g, '');
  const [theirs, ours] = [there, host].map((name) =>
    name === 'localhost' ? LOOPBACK : EVERY_ADDRESS.includes(name) ? [...LOOPBACK, ...EVERY_ADDRESS] : [name],
  ) as [string[], string[]];
  const toPort = Number(to.port || (to.protocol === 'https:' ? 443 : 80));
  if (toPort !== port || !theirs.some((address) => ours.includes(address))) return;
  throw new UsageError('`url` is the address that record itself listens on; choose another `port`');
}

/**
 * Passes requests on as they come and answers back as they come, and keeps a copy.
 * @throws {ListenError} when the address is taken
 * @throws {UsageError} for its own address as the receiver's
 * @throws {RemoteAddressError} for a receiver's address outside private networks, without `allowRemote`
 */
export async function startRecordingProxy(options: ProxyOptions): Promise<Proxy> {
  checkLiteral(options.to, options);
  checkNotItself(options);
  const running = new Set<Promise<void>>();
  const server = createServer((incoming, outgoing) => {
    const exchange = new ProxiedExchange(incoming, outgoing, options);
    running.add(exchange.over);
    void exchange.over.then(() => running.delete(exchange.over));
    exchange.start();
  });
  const url = await listen(server, options);
  const close = async () => {
    await closeServer(server);
    await Promise.all(running);
  };
  return { url, close };
}
