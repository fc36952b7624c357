import type { Exchange } from '../../ports.ts';
import type { Check, Verdict, CheckContext } from '../check.ts';
import { describeExchange, isAccepted, mustNotBreak, mustReject, statusOf, verdict } from '../kit/expect.ts';
import { summary } from '../kit/trials.ts';

const DAY_SECONDS = 86_400;

/** Old requests sent again, and timestamps that are not unix seconds. */
export const TIME_REPLAY_CHECKS: readonly Check[] = [
  {
    id: 'TIME-05',
    slug: 'exact-replay',
    title: 'Exact replay',
    sends: 'an accepted request again to the byte, after a second and as if its tolerance were over',
    requirement: 'does nothing a second time; a 2xx answer to the first replay is fine',
    level: 'should',
    basis: 'general practice',
    source: 'Standard Webhooks: replay attacks; Persona, Webhook Best Practices: duplicates',
    isNegative: true,
    isWaiting: true,
    run: replay,
  },
  {
    id: 'TIME-06',
    slug: 'odd-timestamps',
    title: 'Odd timestamps',
    sends:
      'correctly signed events whose t is in milliseconds, 1e9, negative, with leading zeros, in hex, of 400 digits',
    requirement: 'does not break on any, and does not take milliseconds for a fresh time',
    level: 'should',
    basis: 'general practice',
    source: 'Standard Webhooks: t is unix seconds',
    isNegative: true,
    run: judgeOdd,
  },
];

async function replay(context: CheckContext): Promise<Verdict> {
  const expected = 'does nothing a second time for a request that it has accepted';
  const sample = await context.sample();
  const nowSeconds = context.nowSeconds();
  const first = await context.send(sample, { label: 'first', timestampSeconds: nowSeconds });
  if (!isAccepted(first, context)) {
    return verdict('error', expected, `the event itself was not accepted: ${describeExchange(first)}`);
  }
  await context.pause(1_000);
  const soon = await context.send(sample, { label: 'replay after 1 s', timestampSeconds: nowSeconds });
  // The tolerance cannot be waited for: the same event with an old t shows the same.
  const oldSeconds = nowSeconds - Math.max(600, 2 * context.settings.toleranceSeconds);
  const late = await context.send(sample, { label: 'replay, old t', timestampSeconds: oldSeconds });
  return judgeReplays(context, { eventId: sample.eventId, expected, replays: [soon, late] });
}

async function judgeReplays(
  context: CheckContext,
  { eventId, expected, replays }: { eventId: string; expected: string; replays: readonly Exchange[] },
): Promise<Verdict> {
  const seen = `replays: ${replays.map(describeExchange).join(', ')}`;
  const isRefused = (exchange: Exchange) => Math.floor((statusOf(exchange) ?? 0) / 100) === 4;
  if (context.oracle !== undefined) {
    const count = (await context.consult([eventId])).processed(eventId);
    if (count === 0) return verdict('error', expected, `${seen}; the event itself was never processed`);
    if (count > 1) return verdict('fail', expected, `${seen}; processed ${count} times`);
  } else if (!replays.every(isRefused)) {
    return verdict('needs-oracle', expected, `${seen}: only an oracle can tell whether it acted again`);
  }
  const broken = replays.find((exchange) => mustNotBreak(exchange, 'a replay').kind !== 'pass');
  return verdict(broken === undefined ? 'pass' : 'non-strict', expected, seen);
}

async function judgeOdd(context: CheckContext): Promise<Verdict> {
  const now = context.nowSeconds();
  const odd = {
    '1e9': '1e9',
    negative: `-${now}`,
    'leading zeros': `00${now}`,
    hex: `0x${now.toString(16)}`,
    '400 digits': '9'.repeat(400),
  };
  const findings = [{ ...(await judgeMilliseconds(context)), variant: 'milliseconds' }];
  for (const [variant, t] of Object.entries(odd)) {
    const { exchange } = await sendSignedAt(context, t, `t: ${variant}`);
    findings.push({ ...mustNotBreak(exchange, 'an odd t that is signed right'), variant });
  }
  return summary(findings);
}

/** A receiver that takes any time whatever has no notion of a fresh one: that is another check's finding. */
async function judgeMilliseconds(context: CheckContext): Promise<Verdict> {
  const t = String(context.nowSeconds() * 1000);
  const { exchange, eventId } = await sendSignedAt(context, t, 't in milliseconds');
  const survived = mustNotBreak(exchange, 'a t in milliseconds');
  if (survived.kind === 'fail') return survived;
  const answer = await mustReject(exchange, context, { eventId, what: 'a t in milliseconds' });
  if (answer.kind !== 'fail') return answer;
  const ahead = String(context.nowSeconds() + DAY_SECONDS);
  const any = await sendSignedAt(context, ahead, 't a day ahead, in seconds, to compare');
  if (!isAccepted(any.exchange, context)) return answer;
  return { ...answer, kind: 'non-strict', actual: `${answer.actual}; it takes any t at all` };
}

async function sendSignedAt(
  context: CheckContext,
  t: string,
  label: string,
): Promise<{ exchange: Exchange; eventId: string }> {
  const sample = await context.sample();
  const signature = `t=${t},v1=${context.secret.key.hex(`${t}.`, sample.body)}`;
  return { exchange: await context.send(sample, { label, signature }), eventId: sample.eventId };
}
