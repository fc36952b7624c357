import type { Verdict, CheckContext } from '../check.ts';
import { inconclusive } from './effects.ts';
import { describeExchange, gravest, isAccepted, verdict } from './expect.ts';

type Variant = readonly [name: string, act: () => Promise<Verdict>];

/**
 * For what may break a receiver: a genuine event must be accepted before, or nothing can be concluded, and
 * after each variant, or the receiver has failed. Controls around a check would call both an error.
 */
export async function expectStillUp(
  context: CheckContext,
  expected: string,
  variants: readonly Variant[],
): Promise<Verdict> {
  const before = await context.send(await context.sample(), { label: 'before' });
  if (!isAccepted(before, context)) return inconclusive(expected, before);
  const verdicts = [];
  for (const [variant, act] of variants) {
    verdicts.push({ ...(await act()), variant });
    const next = await context.send(await context.sample(), { label: `next event after ${variant}` });
    const seen = `the next event: ${describeExchange(next)}`;
    verdicts.push({
      ...verdict(isAccepted(next, context) ? 'pass' : 'fail', expected, seen),
      variant: `after ${variant}`,
    });
  }
  return gravest(verdicts);
}
