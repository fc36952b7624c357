import { createServer } from 'node:http';
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

/**
 * Passes requests on as they come and answers back as they come, and keeps a copy.
 * @throws {ListenError} when the address is taken
 * @throws {RemoteAddressError} for a receiver's address outside private networks, without `allowRemote`
 */
export async function startRecordingProxy(options: ProxyOptions): Promise<Proxy> {
  checkLiteral(options.to, options);
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
