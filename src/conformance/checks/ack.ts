import type { Exchange } from '../../ports.ts';
import { inconclusive } from '../kit/accept-each.ts';
import type { Check, Verdict, CheckContext, Sample } from '../check.ts';
import { disguisedFailure } from '../kit/disguised-failure.ts';
import { countOfAccepted, isActedUpon, findUsualEvent } from '../kit/effects.ts';
import {
  describeExchange,
  isAccepted,
  isDelivered,
  mustAccept,
  POLICY_REMEDY,
  signedByStranger,
  statusOf,
  verdict,
} from '../kit/expect.ts';
import type { WireRequest } from '../../http/wire.ts';
import { ACK_REQUEST_CHECKS } from './ack-request.ts';

const GUIDE = 'Persona, Webhooks guide: retry logic';
const BEST_PRACTICES = 'Persona, Webhook Best Practices: answer first, work later';

/** Persona's guide lists these; its OpenAPI description speaks of any 2xx. */
const SHORT_LIST: readonly (number | undefined)[] = [200, 201, 202, 204];

const SERIES = 20;
/** Also proves that the oracle looks at this receiver: "not processed" means nothing otherwise. */
async function judgeEffect(context: CheckContext, sample: Sample, answer: Verdict): Promise<Verdict> {
  if (context.oracle === undefined) return answer;
  const count = await countOfAccepted(context, sample);
  const expected = `${answer.expected}, and processes it once`;
  const actual = `${answer.actual}, processed ${count} time(s)`;
  if (count === 1) return verdict(answer.kind, expected, actual);
  const usual = count === 0 ? await findUsualEvent(context, sample.event.name) : undefined;
  if (usual !== undefined) return verdict(answer.kind, expected, `${actual}; it acts on ${usual}`);
  if (count > 0 || isActedUpon(context, sample)) return verdict('fail', expected, actual);
  const reason = `it may have no use for ${sample.event.name}: what needs an oracle cannot be concluded`;
  return verdict('error', expected, `${actual}; ${reason}`);
}

/** Accepted, but would `send` call it delivered, too? */
function strictly(answer: Verdict, exchange: Exchange, context: CheckContext): Verdict {
  if (isDelivered(exchange, context)) return answer;
  return verdict('non-strict', answer.expected, `${answer.actual}: ${POLICY_REMEDY}`);
}

const QUICK_MS = 1_000;
const TOLERABLE_MS = 3_000;

/** How the answer must be. */
const ACK_ANSWER_CHECKS: readonly Check[] = [
  {
    id: 'ACK-01',
    slug: 'genuine-event-acknowledged',
    title: 'Genuine event is acknowledged',
    sends:
      'a genuine event with the default headers: `inquiry.approved`, or another that the webhook enables',
    requirement: 'answers with an accepted status, body included, in under 5 s, and processes it once',
    level: 'must',
    basis: 'Persona requires',
    source: `${GUIDE}; Webhook Best Practices`,
    async run(context) {
      const { sample, exchange } = await sendGenuine(context);
      const answer = mustAccept(exchange, context);
      if (answer.kind === 'fail') return answer;
      return judgeEffect(context, sample, strictly(answer, exchange, context));
    },
  },
  {
    id: 'ACK-02',
    slug: 'short-list-of-codes',
    title: 'Success code is on the short list',
    sends: 'a genuine event, for the code of its answer',
    requirement: 'answers 200, 201, 202 or 204, not another 2xx',
    level: 'should',
    basis: 'Persona requires',
    source: `${GUIDE} (four codes); Persona, OpenAPI description (any 2xx)`,
    async run(context) {
      const { exchange } = await sendGenuine(context);
      const status = statusOf(exchange);
      const seen = describeExchange(exchange);
      const expected = 'answers 200, 201, 202 or 204';
      if (status === undefined || status < 200 || status > 299)
        return verdict('error', expected, inconclusive(seen));
      if (!isAccepted(exchange, context)) return verdict('fail', expected, `${seen}: counts as a failure`);
      if (SHORT_LIST.includes(status)) return strictly(verdict('pass', expected, seen), exchange, context);
      return verdict('non-strict', expected, `${seen}: allowed here, but not on the list of Persona's guide`);
    },
  },
  {
    id: 'ACK-03',
    slug: 'latency-headroom',
    title: 'Latency headroom',
    sends: '20 genuine events, one after the other',
    requirement: 'answers 95 % of them within 1 s: work is queued, not done before answering',
    level: 'should',
    basis: 'Persona recommends',
    source: `${BEST_PRACTICES}; GitHub and Stripe, webhook best practices`,
    run: latencyHeadroom,
  },
  {
    id: 'ACK-04',
    slug: 'no-redirect',
    title: 'No redirect at the configured URL',
    sends: 'a genuine event to the exact URL, and for information with the trailing slash changed',
    requirement: 'answers at the URL itself, never with a 3xx status',
    level: 'must',
    basis: 'Persona requires',
    source: `${GUIDE}; redirects turn POST into GET`,
    async run(context) {
      const { exchange } = await sendGenuine(context);
      const expected = 'answers at the configured URL, without a redirect';
      const status = statusOf(exchange);
      const seen = describeExchange(exchange) + (await otherSlash(context));
      if (status !== undefined && status >= 300 && status < 400)
        return verdict('fail', expected, seen + locationOf(exchange));
      if (isAccepted(exchange, context)) return verdict('pass', expected, seen);
      return verdict('error', expected, inconclusive(seen));
    },
  },
  {
    id: 'ACK-05',
    slug: 'no-disguised-failure',
    title: 'Success is not a disguised failure',
    sends: 'a genuine event, a forged one and a signed text that is not JSON, for the bodies of 2xx answers',
    requirement: 'reports failure by the status, not in the body of a success',
    level: 'should',
    basis: 'general practice',
    source: 'Svix, receiving webhooks: a failure answered with 2xx is never sent again',
    run: noDisguisedFailure,
  },
];

export const ACK_CHECKS: readonly Check[] = [...ACK_ANSWER_CHECKS, ...ACK_REQUEST_CHECKS];

async function sendGenuine(context: CheckContext, label = 'genuine') {
  const sample = await context.sample();
  return { sample, exchange: await context.send(sample, { label }) };
}

async function latencyHeadroom(context: CheckContext): Promise<Verdict> {
  const expected = '95 % of the answers within 1 s, none over 5 s';
  const durationsMs: number[] = [];
  for (let n = 1; n <= SERIES; n += 1) {
    const { exchange } = await sendGenuine(context, `genuine ${n} of ${SERIES}`);
    // One is enough to fail, and the rest would take 5 s each.
    if (exchange.kind === 'timed-out')
      return verdict('fail', expected, `event ${n}: ${describeExchange(exchange)}`);
    if (!isAccepted(exchange, context))
      return verdict('error', expected, inconclusive(describeExchange(exchange)));
    durationsMs.push(exchange.timings.totalMs);
  }
  durationsMs.sort((a, b) => a - b);
  const p95Ms = durationsMs[Math.ceil(SERIES * 0.95) - 1] ?? Number.POSITIVE_INFINITY;
  const kind = p95Ms < QUICK_MS ? 'pass' : p95Ms <= TOLERABLE_MS ? 'non-strict' : 'fail';
  const slowestMs = durationsMs.at(-1) ?? 0;
  return verdict(kind, expected, `95 % within ${p95Ms.toFixed(0)} ms, slowest ${slowestMs.toFixed(0)} ms`);
}

/** What the neighbouring URL does is not judged, since it was not configured. It shows what a typing error would do. */
async function otherSlash(context: CheckContext): Promise<string> {
  const url = new URL(context.url);
  const hasSlash = url.pathname.endsWith('/');
  url.pathname = hasSlash ? url.pathname.slice(0, -1) : `${url.pathname}/`;
  if (url.pathname === context.url.pathname) return ''; // The root has no other spelling.
  const name = `${hasSlash ? 'without' : 'with'} the trailing slash`;
  const wire = (request: WireRequest) => ({ ...request, url });
  return `; ${name}: ${describeExchange(await context.send(await context.sample(), { label: name, wire }))}`;
}

function locationOf(exchange: Exchange): string {
  const location = exchange.kind === 'response' ? exchange.response.headers['location'] : undefined;
  return typeof location === 'string' ? `; it points to ${location}` : '';
}

async function noDisguisedFailure(context: CheckContext): Promise<Verdict> {
  const expected = 'no error in the body of a success';
  const sample = await context.sample();
  const forged = await context.sample();
  const exchanges = [
    ['genuine', await context.send(sample, { label: 'genuine' })],
    ['forged', await context.send(forged, { label: 'forged', ...signedByStranger(forged, context) })],
    ['not JSON', await context.send(Buffer.from('{"data":'), { label: 'not JSON' })],
  ] as const;
  const successes = exchanges.flatMap(([label, exchange]) => {
    if (exchange.kind !== 'response') return [];
    const { status, body } = exchange.response;
    return status >= 200 && status < 300 ? [{ label, status, sign: disguisedFailure(body) }] : [];
  });
  if (successes.length === 0)
    return verdict('error', expected, inconclusive(describeExchange(exchanges[0][1])));
  const disguised = successes.find(({ sign }) => sign !== undefined);
  if (disguised === undefined) return verdict('pass', expected, `${successes.length} success(es), none odd`);
  const actual = `${disguised.label}: status ${disguised.status}, but the body has ${disguised.sign ?? ''}`;
  return verdict('fail', expected, actual);
}
