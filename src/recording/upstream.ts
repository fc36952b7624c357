import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connectionRules, hostOf, type SenderOptions } from '../http/connection-rules.ts';
import { forwardedHeaders, forwardedPath, pairsOf } from './forward.ts';

export interface UpstreamOptions extends SenderOptions {
  /** The receiver. */
  readonly to: URL;
}

/** With a raw list Node sends the headers as they are, in their order and case, and adds `Connection` alone. */
export function openUpstream(incoming: IncomingMessage, { to, ...options }: UpstreamOptions): ClientRequest {
  const headers = forwardedHeaders(pairsOf(incoming.rawHeaders), to.host).flat();
  const names = new Set(Object.keys(incoming.headers));
  if (names.has('transfer-encoding')) headers.push('Transfer-Encoding', 'chunked');
  else if (!names.has('content-length')) headers.push('Content-Length', '0');
  if (!names.has('host')) headers.push('Host', to.host);
  const request = to.protocol === 'https:' ? httpsRequest : httpRequest;
  return request({
    protocol: to.protocol,
    hostname: hostOf(to),
    port: to.port,
    method: incoming.method,
    path: forwardedPath(incoming.url ?? '/', to),
    headers,
    agent: false,
    ...connectionRules(options),
  });
}
