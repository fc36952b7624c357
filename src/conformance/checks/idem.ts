import type { Exchange } from '../../ports.ts';
import type { Check, Verdict, CheckContext, Sample } from '../check.ts';
import {
  answerToCopy,
  attemptHeaders,
  describeAll,
  inconclusive,
  mustBeProcessedOnce,
} from '../kit/effects.ts';
import { describeExchange, isAccepted, mustAccept, verdict } from '../kit/expect.ts';
import { respelled } from '../kit/rewrite.ts';
import { IDEM_CLAIM_CHECKS } from './idem-claim.ts';

const SOURCE = 'Persona, Webhook Best Practices: handling duplicates';

const COPIES = 10;

async function sendTwice(context: CheckContext, sample: Sample): Promise<readonly [Exchange, Exchange]> {
  const first = await context.send(sample, { label: 'first' });
  const second = await context.send(sample, { label: 'duplicate', headers: attemptHeaders(2) });
  return [first, second];
}

/** Once done, and every copy answered; `exchanges` are those that the sender waited for. */
async function judgeCopies(
  context: CheckContext,
  sample: Sample,
  { expected, exchanges }: { readonly expected: string; readonly exchanges: readonly Exchange[] },
): Promise<Verdict> {
  const seen = describeAll(exchanges);
  const effect = await mustBeProcessedOnce(context, sample, { expected, seen });
  if (effect.kind !== 'pass') return effect;
  const answers = exchanges.map((exchange) => answerToCopy(exchange, context));
  if (answers.includes('refused')) return { ...effect, kind: 'fail' };
  return answers.includes('not now') ? { ...effect, kind: 'non-strict' } : effect;
}

export const IDEM_CHECKS: readonly Check[] = [
  {
    id: 'IDEM-01',
    slug: 'duplicate-acknowledged',
    title: 'Duplicate is acknowledged',
    sends: 'the same event twice, the second time as a new attempt with a new signature',
    requirement: 'accepts the second one too, since a refusal only causes more of them',
    level: 'must',
    basis: 'Persona recommends',
    source: SOURCE,
    async run(context) {
      const [first, second] = await sendTwice(context, await context.sample());
      if (!isAccepted(first, context)) return inconclusive(this.requirement, first);
      return mustAccept(second, context, 'a duplicate');
    },
  },
  {
    id: 'IDEM-02',
    slug: 'duplicate-without-effect',
    title: 'Duplicate has no second effect',
    sends: 'the same event twice, the second time as a new attempt with a new signature',
    requirement: 'processes an event once, however often it comes',
    level: 'must',
    basis: 'Persona recommends',
    source: SOURCE,
    needs: ['oracle'],
    async run(context) {
      const sample = await context.sample();
      const exchanges = await sendTwice(context, sample);
      if (!isAccepted(exchanges[0], context)) return inconclusive(this.requirement, exchanges[0]);
      const seen = describeAll(exchanges);
      return mustBeProcessedOnce(context, sample, { expected: this.requirement, seen });
    },
  },
  {
    id: 'IDEM-03',
    slug: 'concurrent-duplicates',
    title: 'Concurrent duplicates',
    sends: 'ten copies of one event at the same moment, each on a connection of its own',
    requirement: 'processes the event once and accepts every copy',
    level: 'should',
    basis: 'general practice',
    source: 'robustness: looking for an id and storing it must be one step',
    needs: ['oracle'],
    async run(context) {
      const sample = await context.sample();
      const labels = Array.from({ length: COPIES }, (_, index) => `copy ${index + 1}`);
      const exchanges = await Promise.all(
        labels.map((label) => context.send(sample, { label, isPatient: false })),
      );
      return judgeCopies(context, sample, { expected: this.requirement, exchanges });
    },
  },
  {
    id: 'IDEM-04',
    slug: 'duplicate-after-timeout',
    title: 'Duplicate after a sender timeout',
    sends: 'an event whose sender hangs up before the answer, and the same event again three seconds later',
    requirement: 'processes the event once and accepts the second attempt',
    level: 'should',
    basis: 'Persona requires',
    source: 'Persona, Webhooks: an attempt without an answer within 5 s has failed and is made again',
    needs: ['oracle'],
    isWaiting: true,
    async run(context) {
      const sample = await context.sample();
      // Not after 5 s but at once: a receiver that answers quickly would never see its sender hang up.
      await context.send(sample, {
        label: 'sender hangs up',
        wire: (request) => ({ ...request, hangUp: true }),
      });
      await context.pause(3_000);
      const second = await context.send(sample, { label: 'next attempt', headers: attemptHeaders(2) });
      return judgeCopies(context, sample, { expected: this.requirement, exchanges: [second] });
    },
  },
  {
    id: 'IDEM-05',
    slug: 'duplicate-in-other-bytes',
    title: 'Duplicate with other bytes',
    sends: 'an event, and the same event with its members in another order and other white space',
    requirement: 'recognises a duplicate by the id of the event, not by its bytes',
    level: 'should',
    basis: 'general practice',
    source: 'Stripe, webhook best practices: log the ids of processed events',
    needs: ['oracle'],
    async run(context) {
      const sample = await context.sample();
      const first = await context.send(sample, { label: 'first' });
      if (!isAccepted(first, context)) return inconclusive(this.requirement, first);
      const second = await context.send(respelled(sample.body), {
        label: 'the same in other bytes',
        headers: attemptHeaders(2),
      });
      const effect = { expected: this.requirement, seen: `the second: ${describeExchange(second)}` };
      if (answerToCopy(second, context) === 'refused') return verdict('error', effect.expected, effect.seen);
      return mustBeProcessedOnce(context, sample, effect);
    },
  },
  ...IDEM_CLAIM_CHECKS,
];
