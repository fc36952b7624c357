import { buildRequest, type AttemptPosition, type Endpoint } from '../delivery/request.ts';
import {
  ATTEMPTS_LEFT_HEADER,
  ATTEMPTS_MADE_HEADER,
  FIRST_ATTEMPTED_AT_HEADER,
  SIGNATURE_HEADER,
} from '../persona/contract.ts';
import type { HttpRequest } from '../ports.ts';
import { HOP_BY_HOP } from './forward.ts';
import { HIDDEN, type HeaderList, type Recording } from './recording.ts';

/** Of the connection, not of the message, and set for each request. */
const CONNECTION_HEADERS: ReadonlySet<string> = new Set([...HOP_BY_HOP, 'host', 'content-length', 'expect']);

/** Of a delivery, and re-created with it. */
const DELIVERY_HEADERS: ReadonlySet<string> = new Set(
  [SIGNATURE_HEADER, ATTEMPTS_MADE_HEADER, ATTEMPTS_LEFT_HEADER, FIRST_ATTEMPTED_AT_HEADER].map((name) =>
    name.toLowerCase(),
  ),
);

/** What of the recorded headers can be sent again: neither the connection's nor hidden credentials. */
export function messageHeaders({ headers }: Recording): HeaderList {
  return headers.filter(([name, value]) => !CONNECTION_HEADERS.has(name.toLowerCase()) && value !== HIDDEN);
}

/** The names of the headers whose values the recording does not hold. */
export function hiddenHeaders({ headers }: Recording): string[] {
  return headers.filter(([, value]) => value === HIDDEN).map(([name]) => name);
}

/**
 * The recorded bytes and headers, signed again; headers of the endpoint win.
 * @param keepsAttempt - with the recorded headers that count the attempts
 */
export function signedRequest(
  recording: Recording,
  endpoint: Endpoint,
  { position, keepsAttempt }: { position: AttemptPosition; keepsAttempt: boolean },
): HttpRequest {
  const own = Object.entries(endpoint.customHeaders ?? {});
  const kept = messageHeaders(recording).filter(([name]) => {
    const key = name.toLowerCase();
    return keepsAttempt ? key !== SIGNATURE_HEADER.toLowerCase() : !DELIVERY_HEADERS.has(key);
  });
  const agent = endpoint.userAgent === undefined ? [] : [['User-Agent', endpoint.userAgent] as const];
  const customHeaders = merged([...kept, ...agent], own);
  return buildRequest({ ...endpoint, customHeaders }, recording.body, position);
}

/** Every recorded header as it was, the signature with it. */
export function frozenRequest(recording: Recording, { url }: Endpoint): HttpRequest {
  const headerList = messageHeaders(recording);
  return { url, headers: merged(headerList, []), headerList, body: recording.body };
}

/** By name in any case of letters; of one that stands several times, the values are joined (RFC 9110, 5.3). */
function merged(recorded: HeaderList, own: HeaderList): Record<string, string> {
  const result = new Map<string, [name: string, value: string]>();
  for (const [name, value] of recorded) {
    const known = result.get(name.toLowerCase());
    result.set(name.toLowerCase(), known === undefined ? [name, value] : [known[0], `${known[1]}, ${value}`]);
  }
  for (const [name, value] of own) result.set(name.toLowerCase(), [name, value]);
  return Object.fromEntries(result.values());
}
