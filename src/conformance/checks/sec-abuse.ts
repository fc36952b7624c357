import type { Check, Verdict, CheckContext } from '../check.ts';
import { describeExchange, mustNotBreak, mustReject, verdict } from '../kit/expect.ts';
import { inPieces } from '../kit/pieces.ts';
import { padded } from '../kit/rewrite.ts';
import { expectStillUp } from '../kit/effects.ts';

const QUICK_MS = 1_000;
const MUCH_SLOWER = 3;
const KIB = 1024;
const SETS = 2_000;
const PIECES = 80;
const PIECE_PAUSE_MS = 5;
const LEVELS = 10_000;

export const SEC_ABUSE_CHECKS: readonly Check[] = [
  {
    id: 'SEC-04',
    slug: 'oversize-signature-header',
    title: 'Oversize signature header',
    sends: 'signature headers of 7 and of 15 KiB, and one with 2,000 v1',
    requirement: 'refuses them with 4xx within a second and stays up',
    level: 'should',
    basis: 'general practice',
    source: 'RFC 6585: 431; robustness: work per request must not grow with what a stranger sends',
    mayBreak: true,
    run(context) {
      const t = `t=${context.nowSeconds()}`;
      const headers = {
        '7 KiB': `${t},v1=${'a'.repeat(7 * KIB)}`,
        '15 KiB': `${t},v1=${'a'.repeat(15 * KIB)}`,
        '2,000 v1': t + ',v1=a'.repeat(SETS),
      };
      const variants = Object.entries(headers).map(
        ([variant, signature]) => [variant, () => mustRefuseQuickly(context, variant, signature)] as const,
      );
      return expectStillUp(context, this.requirement, variants);
    },
  },
  {
    id: 'SEC-05',
    slug: 'oversize-unsigned-body',
    title: 'Oversize unsigned body',
    sends: 'a body of 5 MiB with a wrong signature',
    requirement: 'refuses it and stores nothing of it',
    level: 'should',
    basis: 'general practice',
    source: 'Standard Webhooks: payloads are small; a limit protects memory and disk',
    isNegative: true,
    async run(context) {
      const sample = await padded(context, 5 * KIB * KIB);
      const signature = context.sign(sample.body, { secrets: [context.foreignSecret] });
      // Who refuses by the length answers and closes at once: what is written then would lose the answer.
      const parts = inPieces(sample.body, PIECES, PIECE_PAUSE_MS / context.pauseScale);
      const exchange = await context.send(sample, {
        ...{ label: '5 MiB, forged', signature },
        wire: (request) => ({ ...request, parts }),
      });
      return mustReject(exchange, context, { eventId: sample.eventId, what: 'a forged body of 5 MiB' });
    },
  },
  {
    id: 'SEC-06',
    slug: 'deep-nesting-broken-utf8',
    title: 'Deep nesting, broken UTF-8',
    sends:
      'a body with 10,000 levels and one with bytes that are not UTF-8, each with good and bad signature',
    requirement: 'answers without a 5xx status and stays up',
    level: 'should',
    basis: 'general practice',
    source: 'RFC 8259: a parser may limit depth; robustness: a limit is not a crash',
    mayBreak: true,
    run(context) {
      const bodies = {
        '10,000 levels': Buffer.from(`"deep":${'['.repeat(LEVELS)}${']'.repeat(LEVELS)}`),
        'broken UTF-8': Buffer.from('"note":"\xff\xfe\xc0\x80"', 'latin1'),
      };
      const variants = Object.entries(bodies).flatMap(([name, member]) =>
        (['good', 'bad'] as const).map(
          (which) =>
            [`${name}, ${which} signature`, () => mustSurvive(context, { name, member, which })] as const,
        ),
      );
      return expectStillUp(context, this.requirement, variants);
    },
  },
];

async function mustRefuseQuickly(context: CheckContext, label: string, signature: string): Promise<Verdict> {
  const sample = await context.sample();
  const exchange = await context.send(sample, { label, signature });
  const forged = { eventId: sample.eventId, what: `a signature header with ${label}` };
  const answer = await mustReject(exchange, context, forged);
  const ms = Math.round(exchange.timings.totalMs);
  if (ms <= QUICK_MS || answer.kind === 'fail' || (await isAlwaysSlow(context, { label, signature, ms })))
    return answer;
  return verdict('fail', answer.expected, `${describeExchange(exchange)} after ${ms} ms`);
}

/** A busy machine is slow once, and a slow receiver with every request: neither is due to the header. */
async function isAlwaysSlow(
  context: CheckContext,
  { label, signature, ms }: { readonly label: string; readonly signature: string; readonly ms: number },
): Promise<boolean> {
  const again = await context.send(await context.sample(), { label: `${label}, again`, signature });
  if (again.timings.totalMs <= QUICK_MS) return true;
  const short = context.sign(Buffer.from('another text'));
  const usual = await context.send(await context.sample(), {
    label: 'a forged header of the usual length, to compare',
    signature: short,
  });
  return usual.timings.totalMs * MUCH_SLOWER > ms;
}

/** The oddity stands beside the event's own data, as one more member. */
async function mustSurvive(
  context: CheckContext,
  { name, member, which }: { name: string; member: Buffer; which: 'good' | 'bad' },
): Promise<Verdict> {
  const { body } = await context.sample();
  const odd = Buffer.concat([Buffer.from('{'), member, Buffer.from(','), body.subarray(1)]);
  const secrets = [which === 'good' ? context.secret : context.foreignSecret];
  const signature = context.sign(odd, { secrets });
  const exchange = await context.send(odd, { label: `${name}, ${which} signature`, signature });
  return mustNotBreak(exchange, `a body with ${name}`);
}
