import { answerFault } from '../../delivery/answer-faults.ts';
import type { Exchange } from '../../ports.ts';
import type { SuiteContext } from '../create-context.ts';
import { describeExchange, statusOf } from '../kit/expect.ts';

/** Why there was no answer at all; undefined when there was one. */
export function explainSilence(exchange: Exchange, url: URL): string | undefined {
  if (exchange.kind === 'timed-out')
    return 'your receiver does not answer within 5 s: answer first, and do the work afterwards';
  if (exchange.kind !== 'unreachable') return undefined;
  if (exchange.code === 'ECONNREFUSED')
    return `nothing listens at ${url.host}: your receiver is not running, or not on that port`;
  if (exchange.code === 'ECONNRESET')
    return 'your receiver closes the connection without an answer: it broke, or something stands before it';
  if (/SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET)/.test(exchange.code))
    return `your receiver's certificate is not trusted (${exchange.code}): trust its authority with --ca <pem>, or any certificate with --insecure`;
  const fault = answerFault(exchange.code);
  if (fault !== undefined) return `your receiver's answer is not valid HTTP: ${fault} (${exchange.code})`;
  return `your receiver cannot be reached (${exchange.code}: ${exchange.reason})`;
}

/** A success that is not on the list is no matter of signatures. */
export function explainOtherSuccess(exchange: Exchange): string | undefined {
  const status = statusOf(exchange);
  if (status === undefined || status < 200 || status > 299) return undefined;
  return `your receiver answers with status ${status}, which does not count as accepted`;
}

/** The refusal of a genuine event that no other form could turn into a success. */
export function explainRefusal(
  { genuine, forged }: { readonly genuine: Exchange; readonly forged: Exchange },
  { url, secret }: Pick<SuiteContext, 'url' | 'secret'>,
): string {
  const [status, forgedStatus] = [statusOf(genuine), statusOf(forged)];
  if (status === undefined || forgedStatus === undefined)
    return `your receiver does not answer steadily: ${describeExchange(genuine)}, then ${describeExchange(forged)}`;
  if (status !== forgedStatus) return behindTheSignature(status, forgedStatus);
  const known = byStatus(status, { genuine, url });
  if (known !== undefined) return known;
  const oddity = secret.oddity === undefined ? '' : `; the secret given here ${secret.oddity}`;
  return `your receiver refuses everything with status ${status}, in every form known here: most likely it has another secret${oddity}`;
}

function behindTheSignature(status: number, forgedStatus: number): string {
  const accepts = `your receiver tells a genuine signature from a forged one (status ${forgedStatus})`;
  return status >= 500
    ? `${accepts}, but then breaks on the event with status ${status}`
    : `${accepts}, but refuses the event itself with status ${status}`;
}

function byStatus(
  status: number,
  { genuine, url }: { readonly genuine: Exchange; readonly url: URL },
): string | undefined {
  const seen = `status ${status} whatever is sent`;
  if (status >= 500) return `your receiver breaks: ${seen}; its own log has the reason`;
  if (status >= 300 && status < 400) {
    const to = headerOf(genuine, 'location') ?? 'another place';
    return `your receiver redirects to ${to}: Persona does not follow; configure the URL that answers itself`;
  }
  if (status === 401 || status === 403) return authentication(status, genuine);
  return BY_STATUS[status]?.(url, seen);
}

const BY_STATUS: Readonly<Record<number, (url: URL, seen: string) => string>> = {
  404: ({ pathname }, seen) => `your receiver has no route at ${pathname}: ${seen}`,
  405: ({ pathname }, seen) => `your receiver takes no POST at ${pathname}: ${seen}`,
  413: (_, seen) => `your receiver takes no body of this size: ${seen}`,
  415: (_, seen) => `your receiver takes no JSON here: ${seen}`,
  429: (_, seen) => `your receiver limits the rate: ${seen}`,
};

function authentication(status: number, exchange: Exchange): string {
  const scheme = headerOf(exchange, 'www-authenticate');
  const seen = `your receiver refuses everything with status ${status}, in every form known here`;
  if (scheme !== undefined) return `${seen}, and asks for a login (${scheme}): exempt the route`;
  return `${seen}: either it has another secret, or a login or firewall stands before it`;
}

function headerOf(exchange: Exchange, name: string): string | undefined {
  const value = exchange.kind === 'response' ? exchange.response.headers[name] : undefined;
  return typeof value === 'string' ? value : value?.[0];
}
