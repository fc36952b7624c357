import { CONTENT_TYPE } from '../../persona/contract.ts';
import type { Exchange } from '../../ports.ts';
import { inconclusive, mustAcceptEach } from '../kit/accept-each.ts';
import type { Check, Verdict, CheckContext, Deviation, Sample } from '../check.ts';
import { countOf } from '../kit/effects.ts';
import { sendWhenUp } from '../kit/outage.ts';
import { describeExchange, gravest, isAccepted, mustAccept, statusOf, verdict } from '../kit/expect.ts';

/** Where a restart hook returns before the receiver listens: so often it is asked again. */
const BOOT_TRIES = 40;

/** What a browser would send and a webhook sender never does. */
export const BROWSER_HEADERS: Readonly<Record<string, string>> = {
  'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  Accept: 'text/html,application/json;q=0.9,*/*;q=0.8',
  'Accept-Language': 'en',
  Cookie: 'session=1; csrftoken=1',
  'X-CSRF-Token': '1',
};

/** How the request may be. */
export const ACK_REQUEST_CHECKS: readonly Check[] = [
  {
    id: 'ACK-06',
    slug: 'no-browser-requirements',
    title: 'No browser requirements',
    sends: 'a genuine event without cookie, Origin, Referer, CSRF token and User-Agent',
    requirement: 'accepts it: the route is exempt from login, CSRF and bot protection',
    level: 'must',
    basis: 'Persona recommends',
    source: 'Persona, Webhook Best Practices: exempt the route from CSRF protection',
    run: withoutBrowser,
  },
  {
    id: 'ACK-07',
    slug: 'other-methods-harmless',
    title: 'Other methods are harmless',
    sends: 'GET, HEAD and OPTIONS without a body; GET, PUT and DELETE with a genuine event',
    requirement: 'does not break and processes nothing; 405 with Allow is best',
    level: 'should',
    basis: 'general practice',
    source: 'RFC 9110, 9 and 15.5.6',
    run: otherMethods,
  },
  {
    id: 'ACK-08',
    slug: 'content-type-spellings',
    title: 'Content-Type as sent',
    sends: "genuine events with Persona's Content-Type, without its charset, and in upper case",
    requirement: 'accepts all of them',
    level: 'must',
    basis: 'Persona documents',
    source: 'Persona, webhooks quickstart: sample request; RFC 9110, 8.3.1',
    run: (context) =>
      mustAcceptEach(
        context,
        [CONTENT_TYPE, 'application/json', CONTENT_TYPE.toUpperCase()].map((type) => ({
          variant: type,
          deviation: { headers: { 'Content-Type': type } },
        })),
        'the media type of JSON',
      ),
  },
  {
    id: 'ACK-09',
    slug: 'first-request-after-boot',
    title: 'First request after a restart',
    sends: 'one genuine event right after the hook `restart`',
    requirement: 'answers the first one in under 5 s too',
    level: 'should',
    basis: 'Persona requires',
    source: 'Persona, Webhooks guide: retry logic',
    needs: ['hook:restart'],
    run: afterRestart,
  },
];

async function withoutBrowser(context: CheckContext): Promise<Verdict> {
  const what = 'a genuine event without anything of a browser';
  const send = async (deviation: Deviation) => context.send(await context.sample(), deviation);
  const bare = await send({ label: 'without User-Agent', headers: { 'User-Agent': null } });
  const answer = mustAccept(bare, context, what);
  if (answer.kind === 'pass') return answer;
  const { origin, href } = new URL(context.url);
  const headers = { ...BROWSER_HEADERS, Origin: origin, Referer: href };
  // Tells a receiver that wants a browser from one that wants no genuine event at all.
  const browser = await send({ label: 'as a browser would', headers });
  if (isAccepted(browser, context))
    return { ...answer, actual: `${answer.actual}, but accepted with the headers of a browser` };
  const control = await send({ label: 'control' });
  if (isAccepted(control, context)) return answer;
  return verdict('error', answer.expected, inconclusive(answer.actual));
}

async function otherMethods(context: CheckContext): Promise<Verdict> {
  const verdicts = [];
  for (const method of ['GET', 'HEAD', 'OPTIONS']) {
    const exchange = await sendMethod(context, { method });
    verdicts.push({ ...mustNotBreakOn(exchange, method), variant: method });
  }
  for (const method of ['GET', 'PUT', 'DELETE']) {
    const sample = await context.sample();
    const exchange = await sendMethod(context, { method, sample });
    const answer = await mustNotProcess(exchange, context, { method, sample });
    verdicts.push({ ...answer, variant: `${method} with an event` });
  }
  return gravest(verdicts);
}

async function sendMethod(
  context: CheckContext,
  { method, sample }: { readonly method: string; readonly sample?: Sample },
): Promise<Exchange> {
  if (sample !== undefined)
    return context.send(sample, {
      label: `${method} with an event`,
      wire: (request) => ({ ...request, method }),
    });
  return context.send(Buffer.alloc(0), {
    label: method,
    headers: { 'Content-Type': null, 'Content-Length': null },
    wire: (request) => ({ ...request, method, parts: [] }),
  });
}

/** 501 is how some servers say that they know no such method: right in substance, though meant otherwise. */
function mustNotBreakOn(exchange: Exchange, method: string): Verdict {
  const expected = `answers ${method} without a 5xx status`;
  const status = statusOf(exchange);
  const allow = exchange.kind === 'response' ? exchange.response.headers['allow'] : undefined;
  const seen = describeExchange(exchange) + (status === 405 && allow === undefined ? ' without Allow' : '');
  if (status === undefined || (status >= 500 && status !== 501)) return verdict('fail', expected, seen);
  return verdict(status === 501 ? 'non-strict' : 'pass', expected, seen);
}

async function mustNotProcess(
  exchange: Exchange,
  context: CheckContext,
  { method, sample }: { readonly method: string; readonly sample: Sample },
): Promise<Verdict> {
  const answer = mustNotBreakOn(exchange, method);
  if (answer.kind === 'fail') return answer;
  const expected = `processes nothing that comes by ${method}`;
  if (context.oracle === undefined) {
    const isSuccess = (statusOf(exchange) ?? 0) < 300;
    if (!isSuccess) return answer;
    return verdict('needs-oracle', expected, `${answer.actual}: only an oracle can tell whether it acted`);
  }
  const count = await countOf(context, sample);
  if (count === 0) return answer;
  return verdict('fail', expected, `${answer.actual}, and processed ${count} time(s)`);
}

async function afterRestart(context: CheckContext): Promise<Verdict> {
  await context.hook('restart');
  const send = async () => context.send(await context.sample(), { label: 'first after the restart' });
  const first = await sendWhenUp(context, send, BOOT_TRIES);
  const answer = mustAccept(first, context, 'the first event after a restart');
  if (answer.kind === 'pass') return answer;
  if (first.kind === 'unreachable')
    return verdict('error', answer.expected, `${answer.actual}: it does not listen after the hook restart`);
  const second = await context.send(await context.sample(), { label: 'control: the second' });
  if (isAccepted(second, context)) return answer;
  return verdict('error', answer.expected, inconclusive(answer.actual));
}
