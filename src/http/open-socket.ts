import { connect as connectTcp, isIP, type OnReadOpts, type Socket, type TcpNetConnectOpts } from 'node:net';
import { connectionRules, hostOf, portOf, type SenderOptions } from './connection-rules.ts';

const KEEP_ALIVE_PROBE_MS = 60_000;

/** Opens connections to the receiver of `url`, with TLS where its scheme asks for that. */
export function socketOpener(url: URL, options: SenderOptions): (onread?: OnReadOpts) => Socket {
  const host = hostOf(url);
  const target = { host, port: portOf(url), ...connectionRules(options) };
  const connect: (target: TcpNetConnectOpts) => Socket =
    url.protocol === 'https:' ? tlsConnector(host) : connectTcp;
  return (onread) =>
    connect(onread === undefined ? target : { ...target, onread })
      .setNoDelay(true)
      .setKeepAlive(true, KEEP_ALIVE_PROBE_MS);
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
