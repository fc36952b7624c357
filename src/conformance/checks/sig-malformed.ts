import type { Check, CheckContext } from '../check.ts';
import { statusOf, mustRefuseCalmly, mustRejectAll, expectStillUp, type Forgery } from '../kit/expect.ts';

/** Headers carry bytes, not characters: these are the emoji's, in UTF-8. */
const EMOJI = Buffer.from('🔑', 'utf8').toString('latin1');

const LONG = '65 digits';

/** What must not break a receiver. Controls of their own: a receiver that is down afterwards fails. */
export const SIG_MALFORMED_CHECKS: readonly Check[] = [
  {
    id: 'SIG-08',
    slug: 'over-long-or-non-hex-digest',
    title: 'Over-long or non-hex v1',
    sends: 'a v1 of 65 digits, of 10 kB, of an odd count of digits, of letters that are not hex, of emoji',
    requirement: 'refuses with a 4xx status, does not break, and accepts the next genuine event',
    level: 'must',
    basis: 'general practice',
    source: 'comparing in constant time throws for unequal lengths in several languages',
    provesAlone: true,
    mayBreak: true,
    run: (context) =>
      expectStillUp(context, () =>
        mustRejectAll(
          context,
          [
            digest(LONG, (v1) => `${v1}0`),
            digest('10 kB', () => 'a'.repeat(10_240)),
            digest('odd count of digits', () => 'a'.repeat(63)),
            digest('not hex', () => 'z'.repeat(64)),
            digest('emoji', () => EMOJI.repeat(16)),
          ],
          (exchange, forged, reading) => {
            const answer = mustRefuseCalmly(exchange, forged, reading);
            // The first 64 digits are right: only a sender who can sign can send them.
            const isHarmless = forged.variant === LONG && (statusOf(exchange) ?? 500) < 300;
            return isHarmless ? { ...answer, kind: 'non-strict' } : answer;
          },
        ),
      ),
  },
  {
    id: 'SIG-09',
    slug: 'malformed-header',
    title: 'Malformed header',
    sends: 'headers that are not sets: `abc`, `;;;`, `=`, `t=,v1=`, t alone, v1 alone, nothing',
    requirement: 'refuses with a 4xx status, not by an error of its own',
    level: 'should',
    basis: 'general practice',
    source: 'robustness: a header that cannot be read is a signature that does not match',
    provesAlone: true,
    mayBreak: true,
    run: (context) =>
      expectStillUp(context, () =>
        mustRejectAll(
          context,
          [
            header('abc', () => 'abc'),
            header(';;;', () => ';;;'),
            header('=', () => '='),
            header('t=,v1=', () => 't=,v1='),
            header('t alone', (signature) => signature.split(',')[0] ?? ''),
            header('v1 alone', (signature) => signature.split(',')[1] ?? ''),
            header('empty value', () => ''),
          ],
          mustRefuseCalmly,
        ),
      ),
  },
];

function digest(variant: string, change: (v1: string) => string): Forgery {
  return {
    variant,
    what: 'a v1 that cannot be a digest',
    forge: ({ body }, context: CheckContext) => ({
      signature: context.sign(body).replace(/[0-9a-f]{64}/, (v1) => change(v1)),
    }),
  };
}

function header(variant: string, change: (signature: string) => string): Forgery {
  return {
    variant,
    what: 'a header that cannot be read',
    forge: ({ body }, context) => ({ signature: change(context.sign(body)) }),
  };
}
