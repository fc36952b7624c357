import { SIGNATURE_HEADER } from '../../persona/contract.ts';
import { mustAcceptEach, type Spelling } from '../kit/accept-each.ts';
import type { Check, Verdict, CheckContext } from '../check.ts';
import { describeExchange, gravest, mustNotBreak, mustReject, statusOf, verdict } from '../kit/expect.ts';

/** The header as a header, and what stands before it in the order of things. */
export const SIG_HEADER_CHECKS: readonly Check[] = [
  {
    id: 'SIG-16',
    slug: 'header-name-in-any-case',
    title: 'Header name in any case',
    sends: 'genuine events with the header name in lower and in upper case',
    requirement: 'accepts them: header names have no case',
    level: 'must',
    basis: 'general practice',
    source: 'RFC 9110, 5.1',
    run: (context) =>
      mustAcceptEach(
        context,
        [SIGNATURE_HEADER, SIGNATURE_HEADER.toLowerCase(), SIGNATURE_HEADER.toUpperCase()].map(named),
        'the signature header',
      ),
  },
  {
    id: 'SIG-17',
    slug: 'two-header-lines',
    title: 'Two header lines',
    sends: 'the signature header twice: good and bad, bad and good, bad and bad',
    requirement: 'refuses two bad ones, and never breaks',
    level: 'should',
    basis: 'general practice',
    source: 'RFC 9110, 5.3',
    isNegative: true,
    run: twoHeaderLines,
  },
  {
    id: 'SIG-18',
    slug: 'verify-before-parsing',
    title: 'Verify before parsing',
    sends: 'a body that is not JSON, with a wrong and with a right signature',
    requirement: 'answers the first like any wrong signature, and the second with a 4xx status',
    level: 'should',
    basis: 'general practice',
    source: 'Hookdeck, webhook skills: the order of a handler',
    isNegative: true,
    async run(context) {
      const wrong = await wrongSignature(context);
      return gravest([wrong, await rightSignature(context)]);
    },
  },
];

/** Signed when it is sent, hence on the wire request: the name alone is odd. */
function named(name: string): Spelling {
  return {
    variant: name,
    deviation: {
      wire: (request) => ({
        ...request,
        headers: request.headers.map(([known, value]) => [known === SIGNATURE_HEADER ? name : known, value]),
      }),
    },
  };
}

async function twoHeaderLines(context: CheckContext): Promise<Verdict> {
  const verdicts = [];
  for (const [first, second] of [
    ['good', 'bad'],
    ['bad', 'good'],
    ['bad', 'bad'],
  ] as const) {
    const variant = `${first}, ${second}`;
    const { exchange, eventId } = await sendTwice(context, first, second);
    const answer = mustNotBreak(exchange, 'two signature headers');
    const isJudged = answer.kind === 'pass' && variant === 'bad, bad';
    const what = 'two wrong signature headers';
    verdicts.push({
      variant,
      ...(isJudged ? await mustReject(exchange, context, { eventId, what }) : answer),
    });
  }
  const worst = gravest(verdicts);
  if (worst.kind !== 'pass') return worst;
  // No rule says which line counts; it is reported because an attacker may add one.
  const seen = verdicts.map(({ variant, actual }) => `${variant}: ${actual}`).join('; ');
  return verdict('pass', 'refuses two wrong signature headers, and never breaks', seen);
}

async function sendTwice(context: CheckContext, first: string, second: string) {
  const sample = await context.sample();
  const signatures = {
    good: context.sign(sample.body),
    bad: context.sign(sample.body, { secrets: [context.foreignSecret] }),
  };
  const line = (kind: string) => (kind === 'good' ? signatures.good : signatures.bad);
  const exchange = await context.send(sample, {
    label: `${first}, ${second}`,
    signature: line(first),
    wire: (request) => ({ ...request, headers: [...request.headers, [SIGNATURE_HEADER, line(second)]] }),
  });
  return { exchange, eventId: sample.eventId };
}

/** Half an event: a parser that sees it before the signature is checked gives itself away. */
async function unparsable(context: CheckContext): Promise<Buffer> {
  const { body } = await context.sample();
  return body.subarray(0, Math.floor(body.length / 2));
}

async function wrongSignature(context: CheckContext): Promise<Verdict & { variant: string }> {
  const secrets = [context.foreignSecret];
  const { body } = await context.sample();
  const label = 'JSON, wrong signature';
  const usual = await context.send(body, { label, signature: context.sign(body, { secrets }) });
  const half = await unparsable(context);
  const variant = 'not JSON, wrong signature';
  const exchange = await context.send(half, { label: variant, signature: context.sign(half, { secrets }) });
  const [known, seen] = [describeExchange(usual), describeExchange(exchange)];
  const expected = 'checks the signature before it parses: the same answer whether the body is JSON or not';
  return {
    variant,
    ...verdict(known === seen ? 'pass' : 'fail', expected, `${seen}; with a body of JSON: ${known}`),
  };
}

async function rightSignature(context: CheckContext): Promise<Verdict & { variant: string }> {
  const variant = 'not JSON, right signature';
  const exchange = await context.send(await unparsable(context), { label: variant });
  const expected = 'refuses signed text that is not JSON with a 4xx status';
  const status = statusOf(exchange);
  const seen = describeExchange(exchange);
  if (status === undefined || status >= 500) return { variant, ...verdict('fail', expected, seen) };
  if (status >= 400) return { variant, ...verdict('pass', expected, seen) };
  return { variant, ...verdict('non-strict', expected, `${seen}: acknowledges what it cannot read`) };
}
