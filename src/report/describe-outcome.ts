import { STATUS_CODES } from 'node:http';
import { answerFault, CLOSED_WITHOUT_ANSWER, TLS_ANSWER_CODE } from '../delivery/answer-faults.ts';
import { certificateFault } from '../delivery/certificate-faults.ts';
import type { Outcome } from '../delivery/attempt.ts';
import type { DeliveryPolicy } from '../persona/policies.ts';
import { formatElapsed } from './duration.ts';
import { printable } from '../text/printable.ts';

/** One line on what a receiver did, and where it helps, the likely cause. */
export function describeOutcome(outcome: Outcome, policy: DeliveryPolicy, url: string): string {
  switch (outcome.kind) {
    case 'accepted':
      return statusLine(outcome.status);
    case 'rejected':
      return [statusLine(outcome.status), rejectionNote(outcome, policy)].filter(Boolean).join(': ');
    case 'timed-out':
      return timedOut(outcome);
    case 'unreachable':
      return unreachable(outcome, new URL(url));
    case 'cancelled':
      return 'interrupted before the receiver had answered';
  }
}

const PHASES = {
  connect: 'no connection',
  tls: 'connected, but no answer to the TLS handshake',
  headers: 'no answer',
  body: 'answer began but was not complete',
} as const;

function timedOut({ phase, timeoutMs }: Extract<Outcome, { kind: 'timed-out' }>): string {
  const hint = phase === 'tls' ? ': does the port speak http:// only?' : '';
  return `${PHASES[phase]} within ${formatElapsed(timeoutMs)}${hint}`;
}

function statusLine(status: number): string {
  return `${status} ${STATUS_CODES[status] ?? ''}`.trim();
}

function rejectionNote(outcome: Extract<Outcome, { kind: 'rejected' }>, policy: DeliveryPolicy): string {
  const { status, response } = outcome;
  if (status >= 300 && status < 400) {
    const location = response.headers['location'];
    const target = typeof location === 'string' ? ` to ${printable(location, 60)}` : '';
    return `redirect${target}, not followed`;
  }
  if (status >= 200 && status < 300)
    return `only ${policy.acceptedStatuses.join(', ')} counts (${policy.name})`;
  if (status === 404) return 'no such route: is the path of the URL right?';
  return '';
}

/** The system's codes, in a sentence with the likely cause. */
const CAUSES: Readonly<Record<string, (url: URL) => string>> = {
  ECONNREFUSED: (url) => `connection refused: is a server running on ${url.host}?`,
  ECONNRESET: () => 'connection reset before a complete answer',
  UND_ERR_SOCKET: () => 'connection closed before a complete answer',
  HPE_INVALID_CONSTANT: (url) =>
    `${url.host} does not speak HTTP (${answerFault('HPE_INVALID_CONSTANT') ?? ''})`,
  [TLS_ANSWER_CODE]: (url) => `${url.host} answers with TLS: use https://`,
  EPIPE: () => 'connection closed while the request was being sent',
  ENOTFOUND: (url) => `host name ${url.hostname} not found: a typo, or no network?`,
  EAI_AGAIN: (url) => `host name ${url.hostname} cannot be looked up now: no network?`,
  EHOSTUNREACH: (url) => `no route to ${url.hostname}`,
  ENETUNREACH: (url) => `no route to ${url.hostname}`,
  ETIMEDOUT: (url) => `no connection to ${url.host}`,
  ERR_TLS_CERT_ALTNAME_INVALID: (url) => `the certificate is not for ${url.hostname}`,
  ERR_SSL_WRONG_VERSION_NUMBER: (url) => `no TLS on ${url.host}: does it speak http:// only?`,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: (url) => `no TLS on ${url.host}: does it speak http:// only?`,
  EPROTO: (url) => `TLS failed with ${url.host}: does it speak http:// only?`,
};

function knownCause(code: string, url: URL): string | undefined {
  return Object.hasOwn(CAUSES, code) ? CAUSES[code]?.(url) : certificateFault(code);
}

function unreachable({ code, reason }: Extract<Outcome, { kind: 'unreachable' }>, url: URL): string {
  if (code === 'ECONNREFUSED' && reason.startsWith('nothing listens')) return `connection refused: ${reason}`;
  if (code === 'UND_ERR_SOCKET' && reason === CLOSED_WITHOUT_ANSWER && url.protocol === 'http:')
    return 'closed without an answer: is it https://?';
  const cause = knownCause(code, url);
  if (cause !== undefined) return cause;
  const fault = answerFault(code);
  if (fault !== undefined) return `the answer is not valid HTTP: ${ownWords(code, reason) ?? fault}`;
  return `${printable(reason, 100)} (${printable(code, 40)})`;
}

/** The words of a status that must not have a body; those of the parser where it alone knows. */
function ownWords(code: string, reason: string): string | undefined {
  const parser = /^Response does not match the HTTP\/1\.1 protocol \((.+)\)$/.exec(reason)?.[1];
  if (parser !== undefined) return printable(parser, 100);
  return code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH' && /^\d{3} must/.test(reason)
    ? printable(reason, 100)
    : undefined;
}
