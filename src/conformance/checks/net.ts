import type { Check, Verdict, CheckContext } from '../check.ts';
import { describeExchange, isAccepted, LIMIT_MS, mustAccept, statusOf, verdict } from '../kit/expect.ts';
import { NET_CONNECTION_CHECKS } from './net-connection.ts';
import { NET_SIZE, NET_TLS } from './net-report.ts';
import { inPieces } from '../kit/pieces.ts';

const HTTP = 'RFC 9110, HTTP Semantics';

/** A limit must leave a busy machine time to answer, also where waiting is scaled down. */
const SHORTEST_LIMIT_MS = 1_000;

const UNKNOWN_HEADERS = 50;

const [REUSE, BROKEN] = NET_CONNECTION_CHECKS;

export const NET_CHECKS: readonly Check[] = [
  {
    id: 'NET-01',
    slug: 'chunked-body',
    title: 'Chunked body',
    sends: 'a genuine event with Transfer-Encoding: chunked and no Content-Length',
    requirement: 'accepts a body whose length is not announced',
    level: 'should',
    basis: 'general practice',
    source: 'RFC 9112, HTTP/1.1: a receiver must be able to decode chunked',
    async run(context) {
      const sample = await context.sample();
      const exchange = await context.send(sample, {
        label: 'chunked',
        headers: { 'Content-Length': null, 'Transfer-Encoding': 'chunked' },
        wire: (request) => ({ ...request, parts: inPieces(sample.body, 3, 0) }),
      });
      return mustAccept(exchange, context, 'a chunked body');
    },
  },
  {
    id: 'NET-02',
    slug: 'expect-continue',
    title: 'Expect: 100-continue',
    sends: 'a genuine event with Expect: 100-continue, its body held back for up to a second',
    requirement: 'accepts it, or says 417; does not hang',
    level: 'may',
    basis: 'general practice',
    source: HTTP,
    async run(context) {
      const exchange = await context.send(await context.sample(), {
        label: 'Expect: 100-continue',
        headers: { Expect: '100-continue' },
        wire: (request) => ({ ...request, expectContinueMs: 1_000 / context.pauseScale }),
        timeoutMs: Math.max(SHORTEST_LIMIT_MS, LIMIT_MS / context.pauseScale),
      });
      const isFine = isAccepted(exchange, context) || statusOf(exchange) === 417;
      return verdict(isFine ? 'pass' : 'fail', this.requirement, describeExchange(exchange));
    },
  },
  REUSE,
  BROKEN,
  NET_SIZE,
  {
    id: 'NET-06',
    slug: 'many-headers',
    title: 'Many headers',
    sends:
      "a genuine event with the webhook's custom headers and 50 unknown ones, 8 kB in all; where it is refused, 4 kB",
    requirement: 'accepts headers that it does not know',
    level: 'should',
    basis: 'Persona documents',
    source: 'Persona, webhook custom HTTP headers; proxies add more',
    async run(context) {
      const answer = await takeHeaders(context, 8);
      if (answer.kind === 'pass') return answer;
      // Servers stop at 8 KiB by default, and Persona sends far less.
      const fewer = await takeHeaders(context, 4);
      if (fewer.kind !== 'pass') return answer;
      return { ...fewer, actual: `${fewer.actual}; with 8 kB: ${answer.actual}, a limit of the server` };
    },
  },
  {
    id: 'NET-07',
    slug: 'query-string',
    title: 'Query string',
    sends: 'a genuine event to the URL with a=1&b=%2F in its query',
    requirement: 'accepts it: the query is part of the URL, not of the route',
    level: 'should',
    basis: 'general practice',
    source: HTTP,
    async run(context) {
      const exchange = await context.send(await context.sample(), {
        label: 'with a query',
        wire: (request) => ({ ...request, url: withQuery(request.url) }),
      });
      return mustAccept(exchange, context, 'a URL with a query');
    },
  },
  {
    id: 'NET-08',
    slug: 'slow-upload',
    title: 'Slow upload',
    sends: 'a genuine event whose body comes in ten pieces over three seconds',
    requirement: 'accepts it, or says 408',
    level: 'may',
    basis: 'general practice',
    source: HTTP,
    isWaiting: true,
    async run(context) {
      const sample = await context.sample();
      const parts = inPieces(sample.body, 10, 300 / context.pauseScale);
      const exchange = await context.send(sample, {
        label: 'ten pieces',
        wire: (request) => ({ ...request, parts }),
      });
      const isFine = isAccepted(exchange, context) || statusOf(exchange) === 408;
      return verdict(isFine ? 'pass' : 'fail', this.requirement, describeExchange(exchange));
    },
  },
  NET_TLS,
];

async function takeHeaders(context: CheckContext, kilobytes: number): Promise<Verdict> {
  const names = Array.from(
    { length: UNKNOWN_HEADERS },
    (_, index) => `X-Unknown-${String(index + 1).padStart(2, '0')}`,
  );
  const value = 'a'.repeat((kilobytes * 1_000) / UNKNOWN_HEADERS - 'X-Unknown-00'.length);
  const headers = Object.fromEntries(names.map((name) => [name, value]));
  const label = `50 unknown headers, ${kilobytes} kB`;
  return mustAccept(await context.send(await context.sample(), { label, headers }), context, label);
}

function withQuery(url: URL): URL {
  const changed = new URL(url);
  changed.search = url.search === '' ? '?a=1&b=%2F' : `${url.search}&a=1&b=%2F`;
  return changed;
}
