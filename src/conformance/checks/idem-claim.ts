import type { Check, Verdict, CheckContext } from '../check.ts';
import {
  attemptHeaders,
  countOf,
  inconclusive,
  mustBeProcessedOnce,
  times,
  unprocessedBefore,
} from '../kit/effects.ts';
import { describeExchange, isAccepted, signedByStranger, verdict } from '../kit/expect.ts';
import { duringOutage, restart, type Outage } from '../kit/outage.ts';

/** Sends an event during an outage, and again when it is over. */
async function sendAgainAfter(
  context: CheckContext,
  outage: Outage,
  { expected, honesty }: { readonly expected: string; readonly honesty: string },
): Promise<Verdict> {
  const unproven = await unprocessedBefore(context, expected);
  if (unproven !== undefined) return unproven;
  const sample = await context.sample();
  const deviation = { label: 'during the outage', isPatient: false };
  const failed = await duringOutage(context, () => context.send(sample, deviation), outage);
  // Persona would not send it again: what becomes of it is another question.
  if (isAccepted(failed, context)) {
    return verdict('info', expected, `the attempt during the outage was accepted: see ${honesty}`);
  }
  const again = await context.send(sample, { label: 'after the outage', headers: attemptHeaders(2) });
  const seen = `${describeExchange(failed)}, then ${describeExchange(again)}`;
  return mustBeProcessedOnce(context, sample, { expected, seen });
}

/** What counts as seen, from when on, and for how long. */
export const IDEM_CLAIM_CHECKS: readonly Check[] = [
  {
    id: 'IDEM-06',
    slug: 'not-over-deduplicated',
    title: 'Different events are not duplicates',
    sends: 'inquiry.completed, then inquiry.approved of the same inquiry, which happened a second later',
    requirement: 'processes the decision: an event is not a duplicate of another one about the same inquiry',
    level: 'must',
    basis: 'general practice',
    source: 'robustness: an id of the object, a name or a time says nothing about the event',
    needs: ['oracle'],
    events: ['inquiry.completed', 'inquiry.approved'],
    async run(context) {
      const nowMs = Math.floor(context.clock.now());
      const first = await context.sample('inquiry.completed', { at: new Date(nowMs - 1_000) });
      const second = await context.sample('inquiry.approved', { at: new Date(nowMs), about: first });
      const before = await context.send(first, { label: 'first event' });
      if (!isAccepted(before, context)) return inconclusive(this.requirement, before);
      const after = await context.send(second, { label: 'second event' });
      const seen = `inquiry.approved: ${describeExchange(after)}`;
      return mustBeProcessedOnce(context, second, { expected: this.requirement, seen });
    },
  },
  {
    id: 'IDEM-07',
    slug: 'forgery-leaves-no-trace',
    title: 'A forgery does not use up the event id',
    sends: 'an event with a wrong signature, then the same event with the right one',
    requirement: 'processes the genuine event as if the forgery had never come',
    level: 'must',
    basis: 'general practice',
    source: 'Hookdeck, webhook handler sequence: verify first, look for duplicates afterwards',
    needs: ['oracle'],
    isNegative: true,
    async run(context) {
      const sample = await context.sample();
      await context.send(sample, { label: 'forged', ...signedByStranger(sample, context) });
      const forged = await countOf(context, sample);
      if (forged > 0) return verdict('fail', this.requirement, `the forgery was processed ${times(forged)}`);
      const genuine = await context.send(sample, { label: 'genuine, with the same id' });
      const seen = describeExchange(genuine);
      return mustBeProcessedOnce(context, sample, { expected: this.requirement, seen });
    },
  },
  {
    id: 'IDEM-08',
    slug: 'failed-attempt-not-seen',
    title: 'A failed attempt does not count as processed',
    sends: 'an event while a dependency is down, and the same event again when it is up',
    requirement: 'processes the event once, on the attempt that can succeed',
    level: 'should',
    basis: 'general practice',
    source: 'robustness: an id is remembered together with the work, or given back when the work fails',
    needs: ['oracle', 'hook:dependency-down', 'hook:dependency-up'],
    async run(context) {
      return sendAgainAfter(context, 'dependency', { expected: this.requirement, honesty: 'RTY-01' });
    },
  },
  {
    id: 'IDEM-09',
    slug: 'dedupe-survives-restart',
    title: 'Duplicates are recognised after a restart',
    sends: 'an event, a restart of the receiver, and the same event again',
    requirement: 'processes the event once: what was seen is stored, not only in memory',
    level: 'should',
    basis: 'general practice',
    source: 'robustness: the retries of one event are spread over days',
    needs: ['oracle', 'hook:restart'],
    async run(context) {
      const expected = this.requirement;
      const sample = await context.sample();
      const first = await context.send(sample, { label: 'before the restart' });
      if (!isAccepted(first, context)) return inconclusive(expected, first);
      const before = await countOf(context, sample);
      const up = await restart(context);
      if (!isAccepted(up, context)) return inconclusive(expected, up, 'a genuine event after the restart');
      const kept = await countOf(context, sample);
      if (before === 0 || kept < before) {
        return verdict('error', expected, `the oracle counted ${before}, and ${kept} after the restart`);
      }
      const again = await context.send(sample, { label: 'once more', headers: attemptHeaders(2) });
      return mustBeProcessedOnce(context, sample, { expected, seen: describeExchange(again) });
    },
  },
  {
    id: 'IDEM-10',
    slug: 'half-done-attempt-not-seen',
    title: 'A half-done attempt does not count as processed',
    sends: 'an event while writes fail, and the same event again when they work',
    requirement: 'processes the event once, on the attempt that can succeed',
    level: 'should',
    basis: 'general practice',
    source: 'robustness: storing the id and the effect is one transaction, or neither is stored',
    needs: ['oracle', 'hook:writes-down', 'hook:writes-up'],
    async run(context) {
      return sendAgainAfter(context, 'writes', { expected: this.requirement, honesty: 'RTY-05' });
    },
  },
];
