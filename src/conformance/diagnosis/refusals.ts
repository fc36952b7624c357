import { answerFault } from '../../delivery/answer-faults.ts';
import { TRUST_HINT } from '../../delivery/certificate-faults.ts';
import type { Exchange } from '../../ports.ts';
import { printable } from '../../text/printable.ts';
import type { SuiteContext } from '../create-context.ts';
import { answerQuoted, answerText } from './answer-quoted.ts';
import { describeExchange, statusOf } from '../kit/expect.ts';

/** Why there was no answer at all; undefined when there was one. */
export function explainSilence(exchange: Exchange, url: URL): string | undefined {
  if (exchange.kind === 'timed-out')
    return 'your receiver does not answer within 5 s: answer first, and do the work afterwards';
  if (exchange.kind !== 'unreachable') return undefined;
  if (exchange.code === 'ECONNREFUSED')
    return `nothing listens on ${url.host}: your receiver is not running, or not on that port`;
  if (exchange.code === 'ECONNRESET')
    return 'your receiver closes the connection without an answer: it broke, or something stands before it';
  if (/SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET)/.test(exchange.code))
    return `your receiver's certificate is not trusted (${exchange.code}): ${TRUST_HINT}`;
  const fault = answerFault(exchange.code);
  if (fault !== undefined) return `your receiver's answer is not valid HTTP: ${fault} (${exchange.code})`;
  return `your receiver cannot be reached (${exchange.code}: ${exchange.reason})`;
}

/** A success that is not on the list has nothing to do with signatures. */
export function explainOtherSuccess(exchange: Exchange): string | undefined {
  const status = statusOf(exchange);
  if (status === undefined || status < 200 || status > 299) return undefined;
  return `your receiver answers with status ${status}, which does not count as accepted`;
}

export interface RefusalEvidence {
  readonly genuine: Exchange;
  readonly forged: Exchange;
  /** The answer at a path where no route is; only for a 404. */
  readonly elsewhere?: Exchange | undefined;
  /** A rate limit ended the search for other forms. */
  readonly isLimited?: boolean;
}

/** The refusal of a genuine event that no other form could turn into a success. */
export function explainRefusal(
  evidence: RefusalEvidence,
  { url, secret }: Pick<SuiteContext, 'url' | 'secret'>,
): string {
  const { genuine, forged, isLimited = false } = evidence;
  const [status, forgedStatus] = [statusOf(genuine), statusOf(forged)];
  if (status === undefined || forgedStatus === undefined)
    return `your receiver does not answer steadily: ${describeExchange(genuine)}, then ${describeExchange(forged)}`;
  if (status !== forgedStatus) return behindTheSignature({ status, forgedStatus, genuine });
  const known = byStatus(status, evidence, url);
  if (known !== undefined) return known;
  const oddity = secret.oddity === undefined ? '' : `; the secret given here ${secret.oddity}`;
  const likely = isLimited ? LIMITED : 'most likely it has another secret';
  return `your receiver refuses everything with status ${status}${answerQuoted(genuine)}, in every known form; ${likely}${oddity}`;
}

const LIMITED = 'a rate limit (429) ended the search for the reason: lift it for the test';

interface Behind {
  readonly status: number;
  readonly forgedStatus: number;
  readonly genuine: Exchange;
}

function behindTheSignature({ status, forgedStatus, genuine }: Behind): string {
  const accepts = `your receiver tells a genuine signature from a forged one (status ${forgedStatus})`;
  const seen = `status ${status}${answerQuoted(genuine)}`;
  if (status >= 500) return `${accepts}, but then breaks on the event with ${seen}`;
  const unknown =
    status === 404 || status === 422
      ? '; if it looks up the inquiry or the person first, create them with `create`, or set `referenceTemplate`'
      : '';
  return `${accepts}, but refuses the event itself with ${seen}${unknown}`;
}

function byStatus(status: number, evidence: RefusalEvidence, url: URL): string | undefined {
  const { genuine } = evidence;
  const seen = `status ${status} whatever is sent${answerQuoted(genuine)}`;
  if (status >= 500) return `your receiver breaks: ${seen}; its own log has the reason`;
  if (status >= 300 && status < 400) {
    const to = printable(headerOf(genuine, 'location') ?? 'another place');
    return `your receiver redirects to ${to}: Persona does not follow; configure the URL that answers itself`;
  }
  if (status === 401 || status === 403) return authentication(status, evidence);
  if (status === 404) return notFound(evidence, url, seen);
  return BY_STATUS[status]?.(url, seen);
}

const BY_STATUS: Readonly<Record<number, (url: URL, seen: string) => string>> = {
  405: ({ pathname }, seen) => `your receiver does not accept POST at ${pathname}: ${seen}`,
  413: (_, seen) => `your receiver does not accept a body of this size: ${seen}`,
  415: (_, seen) => `your receiver does not accept JSON here: ${seen}`,
  429: (_, seen) => `your receiver limits the rate: ${seen}`,
};

/** A framework says the same at every path that it does not know; a handler has words of its own. */
function notFound({ genuine, elsewhere }: RefusalEvidence, { pathname }: URL, seen: string): string {
  const isOwn = elsewhere !== undefined && !looksAlike(genuine, elsewhere, pathname);
  if (!isOwn) return `your receiver has no route at ${pathname}: ${seen}`;
  return `your receiver has a route at ${pathname}, which itself answers ${seen}; if it looks up the inquiry or the person first, create them with \`create\`, or set \`referenceTemplate\``;
}

function looksAlike(one: Exchange, other: Exchange, pathname: string): boolean {
  const textOf = (exchange: Exchange) =>
    answerText(exchange)
      .replaceAll(pathname, '')
      .replace(/\/?no-route-\d+/g, '')
      .replace(/\d+/g, '');
  return statusOf(one) === statusOf(other) && textOf(one) === textOf(other);
}

function authentication(status: number, { genuine, isLimited = false }: RefusalEvidence): string {
  const scheme = headerOf(genuine, 'www-authenticate');
  const seen = `your receiver refuses everything with status ${status}${answerQuoted(genuine)}, in every known form`;
  if (isLimited) return `${seen}; ${LIMITED}`;
  if (scheme !== undefined) return `${seen}, and asks for a login (${printable(scheme)}): exempt the route`;
  return `${seen}; either it has another secret, or a login or firewall stands before it`;
}

function headerOf(exchange: Exchange, name: string): string | undefined {
  const value = exchange.kind === 'response' ? exchange.response.headers[name] : undefined;
  return typeof value === 'string' ? value : value?.[0];
}
