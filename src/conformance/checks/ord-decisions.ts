import type { Check, Verdict, CheckContext } from '../check.ts';
import { mustEndAsInOrder } from '../kit/story.ts';
import { summary } from '../kit/trials.ts';

export const SOURCE = 'Persona, Webhook Best Practices: order is not guaranteed, compare created-at';
const DECISIONS = ['inquiry.approved', 'inquiry.declined'] as const;
/** Where a person's part ends without a decision. */
const STEPS = ['inquiry.completed', 'inquiry.failed', 'inquiry.marked-for-review'] as const;

type Pair = readonly [older: string, newer: string];

/** A retry of an older event may come after a decision: each pair in which that can happen. */
export const ORD_DECISION_CHECKS: readonly Check[] = [
  {
    id: 'ORD-06',
    slug: 'older-decision-after-newer',
    title: 'Older decision after a newer one',
    sends: 'inquiry.approved, then an older inquiry.declined of the same inquiry; and the reverse',
    requirement: 'accepts both and ends as if they had come in their order',
    level: 'should',
    basis: 'Persona recommends',
    source: SOURCE,
    needs: ['state-oracle'],
    events: DECISIONS,
    run(context) {
      const pairs: Pair[] = [
        ['inquiry.declined', 'inquiry.approved'],
        ['inquiry.approved', 'inquiry.declined'],
      ];
      return judgePairs(context, pairs, this.requirement);
    },
  },
  {
    id: 'ORD-07',
    slug: 'older-step-after-decision',
    title: 'Older step after a decision',
    sends: 'a decision, then an older inquiry.completed, .failed or .marked-for-review of the same inquiry',
    requirement: 'accepts both and leaves the inquiry as it was decided',
    level: 'should',
    basis: 'Persona recommends',
    source: SOURCE,
    needs: ['state-oracle'],
    events: [...DECISIONS, ...STEPS],
    run(context) {
      const pairs = DECISIONS.flatMap((decision) => STEPS.map((step): Pair => [step, decision]));
      return judgePairs(context, pairs, this.requirement);
    },
  },
];

async function judgePairs(context: CheckContext, pairs: readonly Pair[], expected: string): Promise<Verdict> {
  const findings = [];
  for (const pair of pairs) {
    const variant = `${pair[0]} after a newer ${pair[1]}`;
    findings.push({ ...(await mustEndAsInOrder(context, pair, expected)), variant });
  }
  return summary(findings);
}
