import type { Socket } from 'node:net';
import type { SenderOptions } from '../connection-rules.ts';
import { readyEvent, socketOpener } from '../open-socket.ts';

export interface SocketListener {
  readonly connected: () => void;
  readonly received: (bytes: Buffer) => void;
}

/** Opens a connection; errors and its end are events of the socket, but what it receives is not. */
export type Connector = (listener: SocketListener) => Socket;

/** Makes connections as those of single deliveries are made: to the same addresses, trusting the same. */
export function connector(url: URL, options: SenderOptions): Connector {
  const open = socketOpener(url, options);
  return ({ connected, received }) =>
    open((bytes) => {
      received(bytes);
      return true;
    }).once(readyEvent(url), connected);
}
