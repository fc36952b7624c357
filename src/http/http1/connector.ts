import type { Socket } from 'node:net';
import type { SenderOptions } from '../connection-rules.ts';
import { readyEvent, socketOpener } from '../open-socket.ts';

/** What the sockets of a thread receive stands here until the listener returns: one speaks at a time. */
const RECEIVED = Buffer.allocUnsafeSlow(65_536);

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
    open({ buffer: RECEIVED, callback: handingOn(received) }).once(readyEvent(url), connected);
}

function handingOn(received: (bytes: Buffer) => void) {
  return (length: number) => {
    received(RECEIVED.subarray(0, length));
    return true;
  };
}
