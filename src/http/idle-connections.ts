import type { SenderOptions } from './connection-rules.ts';
import { UndiciConnection } from './undici-connection.ts';

/** Connections that stay open for moments after an exchange, by the origin that they lead to. */
export class IdleConnections {
  readonly #options: SenderOptions;
  readonly #idle = new Map<string, UndiciConnection[]>();

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** The one used last, or a new one. */
  take(url: URL): UndiciConnection {
    const idle = this.#idle.get(url.origin);
    for (let last = idle?.pop(); last !== undefined; last = idle?.pop()) {
      if (last.isOpen) return last;
      last.destroy();
    }
    return new UndiciConnection(url, this.#options);
  }

  /** It is used again after the next look at the network: the receiver may have closed it with its answer. */
  give(connection: UndiciConnection, { origin }: URL): void {
    connection.rest(() => this.#drop(connection, origin));
    afterNextPoll(() => {
      if (!connection.isOpen) {
        connection.destroy();
        return;
      }
      const idle = this.#idle.get(origin);
      if (idle === undefined) this.#idle.set(origin, [connection]);
      else idle.push(connection);
    });
  }

  /** It has closed, idle or in use. */
  #drop(connection: UndiciConnection, origin: string): void {
    const idle = this.#idle.get(origin) ?? [];
    const at = idle.indexOf(connection);
    if (at < 0) return;
    idle.splice(at, 1);
    if (idle.length === 0) this.#idle.delete(origin);
    connection.destroy();
  }
}

/** Immediates come after each poll, the first after the one that is under way. */
function afterNextPoll(then: () => void): void {
  setImmediate(() => setImmediate(then));
}
