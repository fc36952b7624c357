import type { Check, Verdict } from '../check.ts';
import type { CheckContext } from '../context.ts';
import { canarySample, newCanary, releaseCanary, traces } from '../kit/canary.ts';
import { inconclusive } from '../kit/effects.ts';
import { isAccepted, verdict } from '../kit/expect.ts';
import { leaksIn } from '../kit/leaks.ts';

/** How long a log may take to reach its file. */
const LOG_MS = 1_000;

export const SEC_LEAK_CHECKS: readonly Check[] = [
  {
    id: 'SEC-01',
    slug: 'no-secret-in-answers',
    title: 'No secret in any answer',
    sends: 'some requests that go wrong, and looks through all answers of the run',
    requirement: 'never answers with the secret, an expected signature or a stack trace',
    level: 'must',
    basis: 'general practice',
    source: 'robustness: answers go to anybody who can send a request',
    runsLast: true,
    async run(context) {
      const digests = await provoke(context);
      const texts = context.answers().map((answer) => answer.toString('utf8'));
      const leaks = texts.flatMap((text) => leaksIn(text, context.secret, digests));
      const words = [...new Set(leaks.map(({ what }) => what))].join(', ');
      if (leaks.length === 0) {
        return texts.length === 0
          ? verdict('error', this.requirement, 'the receiver never answered')
          : verdict('pass', this.requirement, `nothing in ${texts.length} answers`);
      }
      const kind = leaks.some(({ isGrave }) => isGrave) ? 'fail' : 'non-strict';
      return verdict(kind, this.requirement, `${words}, in ${leaks.length} of ${texts.length} answers`);
    },
  },
  {
    id: 'SEC-02',
    slug: 'personal-data-not-echoed',
    title: 'Personal data is not echoed',
    sends:
      'unique personal data in an event that is accepted, one that is refused and a body that is no JSON',
    requirement: 'does not repeat personal data in its answers',
    level: 'must',
    basis: 'general practice',
    source: 'robustness: answers are logged by senders and proxies',
    async run(context) {
      const canary = newCanary(context);
      const released = await releaseCanary(context, canary);
      const [genuine] = released;
      if (genuine !== undefined && !isAccepted(genuine[1], context)) {
        return inconclusive(this.requirement, genuine[1]);
      }
      const echoes = released.flatMap(([what, exchange]) => {
        const text = exchange.kind === 'response' ? exchange.response.body.toString('utf8') : '';
        const found = traces(canary, text);
        return found.length === 0 ? [] : [`${what}: ${found.join(', ')}`];
      });
      if (echoes.length > 0) return verdict('fail', this.requirement, echoes.join('; '));
      return verdict('pass', this.requirement, 'nothing of it in the answers');
    },
  },
  {
    id: 'SEC-03',
    slug: 'personal-data-not-logged',
    title: 'Personal data is not logged',
    sends:
      'unique personal data in an event that is accepted, one that is refused and a body that is no JSON',
    requirement: 'does not write personal data to its log',
    level: 'should',
    basis: 'general practice',
    source: 'robustness: logs are read by more people, and kept longer, than the data may be',
    needs: ['log-file'],
    async run(context) {
      const canary = newCanary(context);
      const [genuine] = await releaseCanary(context, canary);
      if (genuine !== undefined && !isAccepted(genuine[1], context)) {
        return inconclusive(this.requirement, genuine[1]);
      }
      await context.pause(LOG_MS);
      const log = await context.log();
      return judgeLog(log, traces(canary, log), this.requirement);
    },
  },
];

function judgeLog(log: string, found: readonly string[], expected: string): Verdict {
  if (found.length > 0) return verdict('fail', expected, `in the log: ${found.join(', ')}`);
  if (log.trim() === '') return verdict('info', expected, 'the log file is empty: nothing is proven');
  return verdict('pass', expected, 'nothing of it in the log');
}

/** Requests that make careless receivers talk; the signatures that they would have had to have. */
async function provoke(context: CheckContext): Promise<readonly string[]> {
  const sample = await canarySample(context, newCanary(context));
  const timestampSeconds = context.nowSeconds();
  const good = context.sign(sample.body, { timestampSeconds });
  const t = `t=${timestampSeconds}`;
  const foreign = context.sign(sample.body, { secrets: [context.foreignSecret], timestampSeconds });
  for (const [label, signature] of [
    ['forged', foreign],
    ['short v1', `${t},v1=a`],
    ['no v1', t],
    ['no signature', null],
  ] as const) {
    await context.send(sample, { label, signature });
  }
  for (const body of ['{', 'null', '{"data":{"attributes":null}}']) {
    await context.send(Buffer.from(body), { label: `signed ${body}` });
  }
  return [good.slice(good.indexOf('v1=') + 'v1='.length)];
}
