import {
  ATTEMPTS_LEFT_HEADER,
  ATTEMPTS_MADE_HEADER,
  FIRST_ATTEMPTED_AT_HEADER,
} from '../../persona/contract.ts';
import { POLICIES, type DeliveryPolicy } from '../../persona/policies.ts';
import type { Exchange } from '../../ports.ts';
import type { Check, Verdict, CheckContext } from '../check.ts';
import { attemptHeaders, mustBeProcessedOnce, times, unprocessedBefore } from '../kit/effects.ts';
import { describeExchange, gravest, isAccepted, mustAccept, verdict } from '../kit/expect.ts';
import { countInTheEnd, duringOutage, type Outage } from '../kit/outage.ts';

/** The days of a schedule become seconds: waiting as such proves nothing, the sequence of attempts does. */
const TIME_SCALE = 86_400;

const HEADER_VARIANTS: readonly (readonly [string, Readonly<Record<string, string | null>>])[] = [
  [
    'without attempt headers',
    { [ATTEMPTS_MADE_HEADER]: null, [ATTEMPTS_LEFT_HEADER]: null, [FIRST_ATTEMPTED_AT_HEADER]: null },
  ],
  ['last attempt', attemptHeaders(8, 8)],
];

export const RTY_CHECKS: readonly Check[] = [
  {
    id: 'RTY-01',
    slug: 'honest-failure',
    title: 'Honest failure',
    sends: 'a genuine event while a dependency of the receiver is down',
    requirement: 'refuses what it cannot process, or processes it later; never accepts and loses it',
    level: 'must',
    basis: 'Persona recommends',
    source: 'Persona, Webhook Best Practices: answer 2xx only for what is safe, the rest is sent again',
    needs: ['oracle', 'hook:dependency-down', 'hook:dependency-up'],
    async run(context) {
      return mustBeHonest(context, 'dependency', this.requirement);
    },
  },
  {
    id: 'RTY-02',
    slug: 'attempt-headers-optional',
    title: 'Attempt headers are optional',
    sends: 'a genuine event without the Persona-Webhook-… headers; another one as the last attempt',
    requirement: 'accepts both: the headers are for information',
    level: 'must',
    basis: 'Persona documents',
    source: "Persona, OpenAPI description: the webhooks' attempt headers are not required",
    async run(context) {
      const verdicts = [];
      for (const [variant, headers] of HEADER_VARIANTS) {
        const exchange = await context.send(await context.sample(), { label: variant, headers });
        verdicts.push({ ...mustAccept(exchange, context, `a genuine event (${variant})`), variant });
      }
      return gravest(verdicts);
    },
  },
  {
    id: 'RTY-03',
    slug: 'whole-schedule',
    title: 'The whole retry schedule',
    sends: 'all attempts of each schedule that Persona has documented, with an outage until the last of them',
    requirement: 'accepts the last attempt and processes the event once',
    level: 'should',
    basis: 'Persona requires',
    source: 'Persona, Webhooks: retry logic (2020, 2022 and 2026)',
    needs: ['oracle', 'hook:dependency-down', 'hook:dependency-up'],
    only: 'soak',
    async run(context) {
      const verdicts = [];
      for (const policy of POLICIES) {
        verdicts.push({
          ...(await recover(context, policy, this.requirement)),
          variant: policy.name,
        });
      }
      return gravest(verdicts);
    },
  },
  {
    id: 'RTY-04',
    slug: 'unsupported-back-channel',
    title: 'Unsupported back-channel',
    sends: 'an event with a wrong signature and a request that is not an event, to look at the refusals',
    requirement: 'does not rely on Retry-After, 410 or 429: Persona documents none of them',
    level: 'info',
    basis: 'Persona documents',
    source: 'Standard Webhooks has them; the Webhooks guide of Persona has not',
    async run(context) {
      const sample = await context.sample();
      const signature = context.sign(sample.body, { secrets: [context.foreignSecret] });
      const forged = await context.send(sample, { label: 'forged', signature, isPatient: false });
      const other = await context.send(Buffer.from('no event'), { label: 'no event', isPatient: false });
      const signals = [forged, other].flatMap(backChannel);
      const seen = signals.length === 0 ? 'none of them seen' : `will be ignored: ${signals.join(', ')}`;
      return verdict('info', this.requirement, seen);
    },
  },
  {
    id: 'RTY-05',
    slug: 'honest-about-failed-writes',
    title: 'Honest about failed writes',
    sends: 'a genuine event while the receiver can read but its writes fail',
    requirement: 'refuses what it cannot store, or processes it later; never accepts and loses it',
    level: 'must',
    basis: 'Persona recommends',
    source: 'Persona, Webhook Best Practices: answer 2xx only for what is safe, the rest is sent again',
    needs: ['oracle', 'hook:writes-down', 'hook:writes-up'],
    async run(context) {
      return mustBeHonest(context, 'writes', this.requirement);
    },
  },
];

/** What an event is answered during an outage must be true. */
async function mustBeHonest(context: CheckContext, outage: Outage, expected: string): Promise<Verdict> {
  const unproven = await unprocessedBefore(context, expected);
  if (unproven !== undefined) return unproven;
  const sample = await context.sample();
  const deviation = { label: 'during the outage', isPatient: false };
  const exchange = await duringOutage(context, () => context.send(sample, deviation), outage);
  const seen = describeExchange(exchange);
  if (!isAccepted(exchange, context)) return verdict('pass', expected, seen);
  const count = await countInTheEnd(context, sample);
  const kind = count === 1 ? 'pass' : 'fail';
  return verdict(kind, expected, `${seen}; ${inTheEnd(count)}`);
}

function inTheEnd(count: number): string {
  return `processed ${times(count)} ${count === 0 ? 'within 90 s of' : 'after'} the outage`;
}

/** Fails all attempts of a schedule but the last. */
async function recover(context: CheckContext, policy: DeliveryPolicy, expected: string): Promise<Verdict> {
  const sample = await context.sample();
  const attempts = policy.delaysSeconds.length + 1;
  const firstAttemptedAt = String(context.nowSeconds());
  const attempt = (number: number) =>
    context.send(sample, {
      label: `${policy.name}, attempt ${number}`,
      isPatient: false,
      headers: { ...attemptHeaders(number, attempts), [FIRST_ATTEMPTED_AT_HEADER]: firstAttemptedAt },
    });
  const early = await duringOutage(context, async () => {
    for (const [index, delaySeconds] of policy.delaysSeconds.entries()) {
      if (isAccepted(await attempt(index + 1), context)) return index + 1;
      await context.pause((delaySeconds * 1000) / TIME_SCALE);
    }
    return undefined;
  });
  if (early !== undefined) {
    const count = await countInTheEnd(context, sample);
    const seen = `attempt ${early} was accepted during the outage; ${inTheEnd(count)}`;
    return verdict(count === 1 ? 'pass' : 'fail', expected, seen);
  }
  const last = await attempt(attempts);
  const seen = `attempt ${attempts}: ${describeExchange(last)}`;
  if (!isAccepted(last, context)) return verdict('fail', expected, seen);
  return mustBeProcessedOnce(context, sample, { expected, seen });
}

/** What an answer says that only other senders listen to. */
function backChannel(exchange: Exchange): string[] {
  if (exchange.kind !== 'response') return [];
  const { status, headers } = exchange.response;
  const retryAfter = headers['retry-after'];
  return [
    ...(status === 410 || status === 429 ? [`status ${status}`] : []),
    ...(retryAfter === undefined ? [] : [`Retry-After: ${String(retryAfter)}`]),
  ];
}
