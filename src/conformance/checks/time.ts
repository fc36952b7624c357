import { FIRST_ATTEMPTED_AT_HEADER } from '../../persona/contract.ts';
import type { Check, Verdict, CheckContext, Deviation, Sample } from '../check.ts';
import { attemptHeaders } from '../kit/effects.ts';
import { describeExchange, isAccepted, mustReject, verdict } from '../kit/expect.ts';
import { mustTakeAll, summary } from '../kit/trials.ts';
import { TIME_REPLAY_CHECKS } from './time-replay.ts';

const HOUR_SECONDS = 3_600;
const DAY_SECONDS = 24 * HOUR_SECONDS;
const WITHIN_A_MINUTE_SECONDS = 55;
const WINDOW_SOURCE = 'Standard Webhooks: refuse a timestamp that is outside of the tolerance';

/** Persona documents no tolerance: nothing here is required but what keeps genuine traffic flowing. */
export const TIME_CHECKS: readonly Check[] = [
  {
    id: 'TIME-01',
    slug: 'small-skew-past',
    title: 'Small skew, past',
    sends: 'a genuine event signed 60 seconds ago; where it is refused, one signed 55 seconds ago',
    requirement: 'allows for a clock that is a minute behind, or a slow network',
    level: 'must',
    basis: 'general practice',
    source: 'Stripe and Standard Webhooks: a tolerance of five minutes',
    async run(context) {
      const answer = await takeAged(context, 60);
      if (answer.kind !== 'fail') return answer;
      // A window of exactly a minute is sound: the request itself takes a moment.
      const within = await takeAged(context, WITHIN_A_MINUTE_SECONDS);
      return within.kind === 'pass'
        ? { ...within, actual: `${within.actual}; ${answer.actual} at 60 s: its window is a minute` }
        : answer;
    },
  },
  {
    id: 'TIME-02',
    slug: 'small-skew-future',
    title: 'Small skew, future',
    sends: 'a genuine event signed 30 seconds ahead of the clock',
    requirement: 'allows for a clock that is half a minute ahead',
    level: 'should',
    basis: 'general practice',
    source: 'Standard Webhooks: the tolerance holds in both directions',
    run: (context) => takeAged(context, -30),
  },
  {
    id: 'TIME-03',
    slug: 'stale-timestamp',
    title: 'Stale timestamp',
    sends: 'correctly signed events, 10 minutes, a day and 30 days old',
    requirement: 'refuses what was signed long ago',
    level: 'should',
    basis: 'general practice',
    source: WINDOW_SOURCE,
    isNegative: true,
    run: refuseStale,
  },
  {
    id: 'TIME-04',
    slug: 'far-future-timestamp',
    title: 'Far future timestamp',
    sends: 'a correctly signed event with a timestamp a day ahead',
    requirement: 'refuses what claims to come from the future',
    level: 'should',
    basis: 'general practice',
    source: WINDOW_SOURCE,
    isNegative: true,
    async run(context) {
      const sample = await context.sample();
      const timestampSeconds = context.nowSeconds() + DAY_SECONDS;
      const exchange = await context.send(sample, { label: 'a day ahead', timestampSeconds });
      const forged = { eventId: sample.eventId, what: 'a timestamp a day ahead' };
      const answer = await mustReject(exchange, context, forged);
      // As for stale ones: only a window that its owner promises can be missed.
      const { toleranceIsGiven, toleranceSeconds } = context.settings;
      const isMild = answer.kind === 'fail' && !(toleranceIsGiven && toleranceSeconds < DAY_SECONDS);
      return isMild ? { ...answer, kind: 'non-strict' } : answer;
    },
  },
  ...TIME_REPLAY_CHECKS,
  {
    id: 'TIME-07',
    slug: 'late-retry-fresh-timestamp',
    title: 'Late retry, fresh timestamp',
    sends: 'the last attempt for an event of 51 hours ago, signed now',
    requirement: "judges the age of the signature, never the event's date",
    level: 'must',
    basis: 'Persona documents',
    source: 'Persona, webhooks guide: retries go on for more than two days; t is when the request was sent',
    async run(context) {
      const { sample, deviation } = await lateRetry(context);
      return mustTakeAll(
        context,
        [{ variant: 'late retry', sample, deviation }],
        'a late retry that is signed again',
      );
    },
  },
  {
    id: 'TIME-08',
    slug: 'late-retry-original-timestamp',
    title: 'Late retry, original timestamp',
    sends: 'the same late attempt with the timestamp of the first one',
    requirement: 'none: it shows what becomes of late retries if Persona does not re-sign each attempt',
    level: 'info',
    basis: 'general practice',
    source: 'Persona, Webhook Best Practices: "the time the request was sent" implies it, no more',
    run: reportOriginal,
  },
];

async function takeAged(context: CheckContext, ageSeconds: number): Promise<Verdict> {
  const sample = await context.sample();
  const timestampSeconds = context.nowSeconds() - ageSeconds;
  const variant = `signed ${Math.abs(ageSeconds)} s ${ageSeconds > 0 ? 'ago' : 'ahead'}`;
  return mustTakeAll(
    context,
    [{ variant, sample, deviation: { timestampSeconds } }],
    `a genuine event ${variant}`,
  );
}

const STALE = [
  { variant: '10 minutes', ageSeconds: 600 },
  { variant: '1 day', ageSeconds: DAY_SECONDS },
  { variant: '30 days', ageSeconds: 30 * DAY_SECONDS },
] as const;

async function refuseStale(context: CheckContext): Promise<Verdict> {
  const { toleranceIsGiven, toleranceSeconds } = context.settings;
  const stale = STALE.filter(({ ageSeconds }) => !toleranceIsGiven || ageSeconds > toleranceSeconds);
  if (stale.length === 0) {
    return verdict('skipped', 'refuses what was signed long ago', 'not run: the tolerance is over 30 days');
  }
  const findings = [];
  for (const { variant, ageSeconds } of stale) {
    const sample = await context.sample();
    const timestampSeconds = context.nowSeconds() - ageSeconds;
    const exchange = await context.send(sample, { label: `signed ${variant} ago`, timestampSeconds });
    const answer = await mustReject(exchange, context, {
      eventId: sample.eventId,
      what: `what was signed ${variant} ago`,
    });
    // Persona asks for no window: a receiver without one fails only by its owner's word, and only far outside.
    const isMild = answer.kind === 'fail' && !(toleranceIsGiven && variant === '30 days');
    findings.push({ ...answer, kind: isMild ? ('non-strict' as const) : answer.kind, variant });
  }
  return summary(findings);
}

/** An attempt at the end of the retry schedule. */
async function lateRetry(
  context: CheckContext,
): Promise<{ sample: Sample; deviation: Deviation; firstSeconds: number }> {
  const firstSeconds = context.nowSeconds() - 51 * HOUR_SECONDS;
  const sample = await context.sample(undefined, { at: new Date(firstSeconds * 1000) });
  const headers = { ...attemptHeaders(8, 8), [FIRST_ATTEMPTED_AT_HEADER]: String(firstSeconds) };
  return { sample, deviation: { headers }, firstSeconds };
}

async function reportOriginal(context: CheckContext): Promise<Verdict> {
  const { sample, deviation, firstSeconds } = await lateRetry(context);
  const exchange = await context.send(sample, {
    label: 'late retry with its first signature',
    ...deviation,
    timestampSeconds: firstSeconds,
  });
  const fate = isAccepted(exchange, context)
    ? 'late retries would be accepted even if they kept their first signature'
    : 'late retries would be lost if they kept their first signature';
  return verdict('info', 'nothing: reported only', `${describeExchange(exchange)}: ${fate}`);
}
