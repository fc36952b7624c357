import { scalar } from '../../json/node.ts';
import type { Exchange } from '../../ports.ts';
import type { Check, Verdict } from '../check.ts';
import type { CheckContext } from '../context.ts';
import { describeAll } from '../kit/effects.ts';
import { gravest, isAccepted, mustAccept, verdict } from '../kit/expect.ts';
import { said, sendInTurn, stateInOrder, stateOf, story } from '../kit/story.ts';
import { ORD_EQUAL_TIMES, ORD_INTERLEAVED } from './ord-several.ts';

const SOURCE = 'Persona, Webhook Best Practices: order is not guaranteed, compare created-at';
const LIFE = ['inquiry.created', 'inquiry.started', 'inquiry.completed', 'inquiry.approved'] as const;

/** Sends a life backwards; the state must be that of the same life in its order. */
async function mustEndAsInOrder(
  context: CheckContext,
  names: readonly string[],
  expected: string,
): Promise<Verdict> {
  const endsAtMs = context.clock.now();
  const backwards = [...(await story(context, names, endsAtMs))].reverse();
  const exchanges = await sendInTurn(context, backwards, 'backwards');
  const answers = judgeAnswers(exchanges, context, expected);
  if (answers.kind !== 'pass' || context.oracle?.tellsState !== true) return answers;
  const state = await stateOf(context, backwards[0]?.objectId ?? '');
  const wanted = await stateInOrder(context, names, endsAtMs);
  if (wanted === undefined) {
    return verdict('error', expected, 'the oracle tells no state of an inquiry whose events came in order');
  }
  return verdict(
    state === wanted ? 'pass' : 'fail',
    expected,
    `${said(state)} in the end, ${said(wanted)} in order`,
  );
}

function judgeAnswers(exchanges: readonly Exchange[], context: CheckContext, expected: string): Verdict {
  const isFine = exchanges.every((exchange) => isAccepted(exchange, context));
  return verdict(isFine ? 'pass' : 'fail', expected, describeAll(exchanges));
}

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
    async run(context) {
      const unknown = `unknown-${context.random.below(1_000_000_000)}`;
      const stranger = await context.sample('inquiry.approved', { referenceId: unknown });
      const set = { kind: 'set', path: 'reference-id', value: scalar(null) } as const;
      const nobody = await context.sample('inquiry.approved', { overrides: [set] });
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
];
