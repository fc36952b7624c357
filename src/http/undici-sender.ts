import type { HttpRequest, HttpSender } from '../ports.ts';
import type { SenderOptions } from './connection-rules.ts';
import { IdleConnections } from './idle-connections.ts';
import { OpenExchange, type Settlement } from './open-exchange.ts';
import { UndiciConnection, type ConnectionListener } from './undici-connection.ts';

export type { SenderOptions } from './connection-rules.ts';

/**
 * Sends each request on a connection of its own: an attempt after a wait of hours finds no connection open in
 * production either, and an idle socket that the receiver has just closed cannot be mistaken for a failure.
 */
export function undiciSender(options: SenderOptions = {}): HttpSender {
  return senderOver({
    take: (url) => new UndiciConnection(url, options),
    give: (connection) => connection.destroy(),
  });
}

/** As `undiciSender`, but requests that follow one another within moments share connections. */
export function burstSender(options: SenderOptions = {}): HttpSender {
  return senderOver(new IdleConnections(options));
}

/** Where the connections of exchanges come from, and what becomes of those that can be used again. */
interface Connections {
  /** @throws {RemoteAddressError | UsageError} */
  take(url: URL): UndiciConnection;
  give(connection: UndiciConnection, url: URL): void;
}

function senderOver(connections: Connections): HttpSender {
  return {
    send: (request, limits) =>
      new Promise((resolve, reject) => {
        new RunningExchange(request.url, connections, { resolve, reject }).start(request, limits);
      }),
  };
}

/** An exchange as undici tells of it. */
class RunningExchange extends OpenExchange implements ConnectionListener {
  readonly #connections: Connections;
  readonly #connection: UndiciConnection;

  constructor(url: URL, connections: Connections, settlement: Settlement) {
    super(url, settlement);
    this.#connections = connections;
    this.#connection = connections.take(url);
    if (this.#connection.isOpen) this.phase = 'headers';
  }

  start({ url, body, headers, headerList }: HttpRequest, limits: Parameters<HttpSender['send']>[1]): void {
    this.limit(limits);
    const path = url.pathname + url.search;
    this.#connection.send({ path, headers: headerList?.flat() ?? { ...headers }, body }, this);
  }

  malformed(error: Error): void {
    this.fail(error);
  }

  onRequestStart(): void {
    this.#connection.begin();
  }

  onResponseStart(_: unknown, status: number, headers: Record<string, string | string[] | undefined>): void {
    const given = Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as const],
    );
    this.answering(status, Object.fromEntries(given));
  }

  onResponseData(_: unknown, chunk: Buffer): void {
    this.received(chunk);
  }

  onResponseEnd(): void {
    this.complete({ isRead: true });
  }

  onResponseError(_: unknown, error: Error): void {
    this.fail(error);
  }

  protected leave(isRead: boolean): void {
    if (isRead) this.#connections.give(this.#connection, this.url);
    else this.#connection.destroy();
  }
}
