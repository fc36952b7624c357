import { connect as connectTcp, isIP, type Socket, type TcpNetConnectOpts } from 'node:net';
import { connectionRules, hostOf, portOf, type SenderOptions } from './connection-rules.ts';

const KEEP_ALIVE_PROBE_MS = 60_000;

/**
 * What the sockets of a thread receive stands here until it is handed on: one speaks at a time. Left to itself, Node
 * takes as much anew for each read, and gives it back when it next collects garbage.
 */
const RECEIVED = Buffer.allocUnsafeSlow(65_536);

/** Takes what a socket received, which is valid until it returns; false pauses the socket. */
export type Received = (bytes: Buffer) => boolean;

/**
 * Opens connections to the receiver of `url`, with TLS where its scheme asks for that. Errors and the end are events
 * of the socket, but what it receives is not.
 */
export function socketOpener(url: URL, options: SenderOptions): (received: Received) => Socket {
  const host = hostOf(url);
  const target = { host, port: portOf(url), ...connectionRules(options) };
  const connect: (target: TcpNetConnectOpts) => Socket =
    url.protocol === 'https:' ? tlsConnector(host) : connectTcp;
  return (received) => {
    const callback = (length: number) => received(RECEIVED.subarray(0, length));
    return connect({ ...target, onread: { buffer: RECEIVED, callback } })
      .setNoDelay(true)
      .setKeepAlive(true, KEEP_ALIVE_PROBE_MS);
  };
}

function tlsConnector(host: string): (target: TcpNetConnectOpts) => Socket {
  // Loaded for https alone: it takes as long as all the rest of a connection.
  const { connect } = process.getBuiltinModule('node:tls');
  const trust = { servername: isIP(host) === 0 ? host : '', ALPNProtocols: ['http/1.1'] };
  let session: Buffer | undefined;
  return (target) =>
    connect({ ...target, ...trust, ...(session && { session }) }).on('session', (made: Buffer) => {
      session = made;
    });
}

/** The event of a socket that says that requests may be sent. */
export function readyEvent({ protocol }: URL): 'connect' | 'secureConnect' {
  return protocol === 'https:' ? 'secureConnect' : 'connect';
}
