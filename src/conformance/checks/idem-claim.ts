import type { Check } from '../check.ts';
import { attemptHeaders, countOf, inconclusive, mustBeProcessedOnce, times } from '../kit/effects.ts';
import { describeExchange, isAccepted, verdict } from '../kit/expect.ts';
import { duringOutage, restart } from '../kit/outage.ts';

/** What counts as seen, from when on, and for how long. */
export const IDEM_CLAIM_CHECKS: readonly Check[] = [
  {
    id: 'IDEM-06',
    slug: 'not-over-deduplicated',
    title: 'Two events are no duplicates',
    sends: 'two events with ids of their own, with the same name, about the same inquiry, at the same time',
    requirement: 'processes both: only the id of the event tells duplicates apart',
    level: 'must',
    basis: 'general practice',
    source: 'robustness: an id of the object, a name or a time says nothing about the event',
    needs: ['oracle'],
    async run(context) {
      const at = new Date(Math.floor(context.clock.now()));
      const first = await context.sample('inquiry.approved', { at });
      const second = await context.sample('inquiry.approved', { at, about: first });
      const before = await context.send(first, { label: 'first event' });
      if (!isAccepted(before, context)) return inconclusive(this.requirement, before);
      const after = await context.send(second, { label: 'second event' });
      const reading = await context.consult([first.eventId, second.eventId]);
      const counts = [first, second].map(({ eventId }) => reading.processed(eventId));
      return verdict(
        counts.every((count) => count === 1) ? 'pass' : 'fail',
        this.requirement,
        `the first processed ${times(counts[0] ?? 0)}, the second ${times(counts[1] ?? 0)} (${describeExchange(after)})`,
      );
    },
  },
  {
    id: 'IDEM-07',
    slug: 'forgery-leaves-no-trace',
    title: 'A forgery does not use up the id',
    sends: 'an event with a wrong signature, then the same event with the right one',
    requirement: 'processes the genuine event as if the forgery had never come',
    level: 'must',
    basis: 'general practice',
    source: 'Hookdeck, webhook handler sequence: verify first, look for duplicates afterwards',
    needs: ['oracle'],
    isNegative: true,
    async run(context) {
      const sample = await context.sample();
      const signature = context.sign(sample.body, { secrets: [context.foreignSecret] });
      await context.send(sample, { label: 'forged', signature });
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
    title: 'A failed attempt does not count as seen',
    sends: 'an event while a dependency is down, and the same event again when it is up',
    requirement: 'processes the event once, on the attempt that can succeed',
    level: 'should',
    basis: 'general practice',
    source: 'robustness: an id is remembered together with the work, or given back when the work fails',
    needs: ['oracle', 'hook:dependency-down', 'hook:dependency-up'],
    async run(context) {
      const sample = await context.sample();
      const failed = await duringOutage(context, () => context.send(sample, { label: 'during the outage' }));
      // Persona would not send it again: what becomes of it is the question of RTY-01.
      if (isAccepted(failed, context)) {
        return verdict('info', this.requirement, 'the attempt during the outage was accepted: see RTY-01');
      }
      const again = await context.send(sample, { label: 'after the outage', headers: attemptHeaders(2) });
      const seen = `${describeExchange(failed)}, then ${describeExchange(again)}`;
      return mustBeProcessedOnce(context, sample, { expected: this.requirement, seen });
    },
  },
  {
    id: 'IDEM-09',
    slug: 'dedupe-survives-restart',
    title: 'Duplicates are known after a restart',
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
];
