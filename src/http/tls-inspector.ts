import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { checkServerIdentity, connect, type PeerCertificate, type TLSSocket } from 'node:tls';
import { HookcastError } from '../errors.ts';
import type { TlsReport } from './tls-report.ts';
import { checkLiteral, connectionRules, hostOf, portOf, type SenderOptions } from './connection-rules.ts';

const LIMIT_MS = 10_000;

/** Looks at what an https receiver shows before any request; sends nothing but a handshake. */
export function tlsInspector(url: URL, options: SenderOptions = {}): () => Promise<TlsReport> {
  const host = hostOf(url);
  return async () => {
    checkLiteral(url, options);
    const socket = await handshake(url, host, options);
    try {
      return { ...readReport(socket, host), addressFamilies: await familiesOf(host) };
    } finally {
      socket.destroy();
    }
  };
}

function handshake(url: URL, host: string, options: SenderOptions): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port: portOf(url),
      ...connectionRules(options),
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ALPNProtocols: ['h2', 'http/1.1'],
      // Looked at, not relied on: nothing is sent over this connection.
      rejectUnauthorized: false,
      timeout: LIMIT_MS,
    });
    const failed = (error: Error) => {
      socket.destroy();
      reject(error instanceof HookcastError ? error : new Error(`no TLS handshake: ${error.message}`));
    };
    socket.once('error', failed);
    socket.once('timeout', () => failed(new Error(`nothing within ${LIMIT_MS} ms`)));
    socket.once('secureConnect', () => resolve(socket));
  });
}

function readReport(socket: TLSSocket, host: string): Omit<TlsReport, 'addressFamilies'> {
  const certificate = socket.getPeerCertificate();
  // With a name that does not fit, that is all that `authorizationError` says.
  const reason = socket.authorized ? undefined : String(socket.authorizationError);
  return {
    chainFault: reason === 'ERR_TLS_CERT_ALTNAME_INVALID' ? undefined : reason,
    nameFault: nameFault(host, certificate),
    protocol: socket.getProtocol() ?? 'unknown',
    validToMs: Date.parse(certificate.valid_to),
    offersHttp2: socket.alpnProtocol === 'h2',
  };
}

function nameFault(host: string, certificate: PeerCertificate): string | undefined {
  return checkServerIdentity(host, certificate) === undefined ? undefined : `not for the name ${host}`;
}

async function familiesOf(host: string): Promise<(4 | 6)[]> {
  const addresses = await lookup(host, { all: true }).catch(() => []);
  return [4 as const, 6 as const].filter((family) => addresses.some((one) => one.family === family));
}
