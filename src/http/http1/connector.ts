import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { connectionRules, type SenderOptions } from '../undici-sender.ts';

const KEEP_ALIVE_PROBE_MS = 60_000;

/** What the sockets of a thread receive stands here until the listener returns: one speaks at a time. */
const RECEIVED = Buffer.allocUnsafeSlow(65_536);

export interface SocketListener {
  readonly connected: () => void;
  readonly received: (bytes: Buffer) => void;
}

/** Opens a connection; errors and its end are events of the socket, but what it receives is not. */
export type Connector = (listener: SocketListener) => Socket;

/** Makes connections as undici makes those of single deliveries: to the same addresses, trusting the same. */
export function connector(url: URL, options: SenderOptions): Connector {
  const isTls = url.protocol === 'https:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const target = {
    host,
    port: Number(url.port || (isTls ? 443 : 80)),
    ...connectionRules(options),
  };
  const trust = {
    servername: isIP(host) === 0 ? host : '',
    ALPNProtocols: ['http/1.1'],
  };
  let session: Buffer | undefined;
  return ({ connected, received }) => {
    const given = { ...target, onread: { buffer: RECEIVED, callback: handingOn(received) } };
    const secured = { ...given, ...trust, ...(session && { session }) };
    const socket = isTls ? connectTls(secured) : connectTcp(given);
    if (isTls) socket.on('session', (made: Buffer) => (session = made));
    socket.once(isTls ? 'secureConnect' : 'connect', connected);
    return socket.setNoDelay(true).setKeepAlive(true, KEEP_ALIVE_PROBE_MS);
  };
}

function handingOn(received: (bytes: Buffer) => void) {
  return (length: number) => {
    received(RECEIVED.subarray(0, length));
    return true;
  };
}
