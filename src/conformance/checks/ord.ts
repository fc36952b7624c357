import { scalar } from '../../json/node.ts';
import type { Check } from '../check.ts';
import { gravest, mustAccept } from '../kit/expect.ts';
import { mustEndAsInOrder } from '../kit/story.ts';
import { ORD_DECISION_CHECKS, SOURCE } from './ord-decisions.ts';
import { ORD_EQUAL_TIMES, ORD_INTERLEAVED } from './ord-several.ts';

const LIFE = ['inquiry.created', 'inquiry.started', 'inquiry.completed', 'inquiry.approved'] as const;

export const ORD_CHECKS: readonly Check[] = [
  {
    id: 'ORD-01',
    slug: 'older-after-newer',
    title: 'Older event after a newer one',
    sends: 'inquiry.approved, then inquiry.started of the same inquiry, which happened before it',
    requirement: 'accepts both and leaves the inquiry approved',
    level: 'should',
    basis: 'Persona recommends',
    source: SOURCE,
    needs: ['state-oracle'],
    events: ['inquiry.started', 'inquiry.approved'],
    run(context) {
      return mustEndAsInOrder(context, ['inquiry.started', 'inquiry.approved'], this.requirement);
    },
  },
  {
    id: 'ORD-02',
    slug: 'life-backwards',
    title: 'A whole life backwards',
    sends: 'inquiry.approved, .completed, .started and .created of one inquiry, in this order',
    requirement: 'accepts all of them and leaves the inquiry approved',
    level: 'should',
    basis: 'Persona recommends',
    source: SOURCE,
    events: LIFE,
    run(context) {
      return mustEndAsInOrder(context, LIFE, this.requirement);
    },
  },
  ORD_EQUAL_TIMES,
  {
    id: 'ORD-04',
    slug: 'unknown-object',
    title: 'Event about an object never seen',
    sends: 'inquiry.approved with a reference-id that was never seen, and with none',
    requirement: 'accepts them, stored or ignored: a refusal only causes more of them',
    level: 'should',
    basis: 'general practice',
    source: 'robustness: events of other systems and tests come through the same webhook',
    events: ['inquiry.approved'],
    async run(context) {
      const unknown = `unknown-${context.random.below(1_000_000_000)}`;
      const stranger = await context.sample('inquiry.approved', { referenceId: unknown, isUnknown: true });
      const set = { kind: 'set', path: 'reference-id', value: scalar(null) } as const;
      const nobody = await context.sample('inquiry.approved', { overrides: [set], isUnknown: true });
      const verdicts = [];
      for (const [variant, sample] of [
        ['reference-id never seen', stranger],
        ['reference-id null', nobody],
      ] as const) {
        const exchange = await context.send(sample, { label: variant });
        verdicts.push({ ...mustAccept(exchange, context, 'an event about an unknown object'), variant });
      }
      return gravest(verdicts);
    },
  },
  ORD_INTERLEAVED,
  ...ORD_DECISION_CHECKS,
];
