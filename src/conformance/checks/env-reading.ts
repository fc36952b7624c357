import { scalar } from '../../json/node.ts';
import type { PayloadConfiguration } from '../../payload/compose.ts';
import { changesFor } from '../../payload/versions/index.ts';
import { KEY_INFLECTIONS, NEWEST_API_VERSION } from '../../persona/contract.ts';
import type { Exchange } from '../../ports.ts';
import type { Check, Verdict, CheckContext } from '../check.ts';
import { anyProcessed, ignoredAmong, stateIdsOf, stateIn } from '../kit/effects.ts';
import { describeExchange, isAccepted, mustNotBreak, verdict } from '../kit/expect.ts';
import { stateAfter, stateOf } from '../kit/story.ts';
import { addMembers, EVENT, recomposed, rewritten } from '../kit/rewrite.ts';
import { listed, mustTakeAll, sendAll, type Trial } from '../kit/trials.ts';

export const ENV_READING_CHECKS: readonly Check[] = [
  {
    id: 'ENV-08',
    slug: 'inflection-and-api-version',
    title: 'Key inflection and API version',
    sends: 'an event in the configured inflection and API version, then in the others and the newest',
    requirement: 'processes the configured form; what the others break is reported only',
    level: 'must',
    basis: 'Persona documents',
    source: "Persona's OpenAPI description: api-key-inflection and api-version of a webhook",
    provesAlone: true,
    run: judgeForms,
  },
  {
    id: 'ENV-10',
    slug: 'right-field-read',
    title: 'Right field read',
    sends: 'an approved inquiry beside a decoy status of the event itself, and a declined one',
    requirement: 'takes id and status from data.attributes.payload.data, not from the event around it',
    level: 'must',
    basis: 'Persona documents',
    source: 'Persona, webhooks guide: understanding a payload',
    needs: ['state-oracle'],
    events: ['inquiry.approved', 'inquiry.declined'],
    run: judgeReading,
  },
  {
    id: 'ENV-11',
    slug: 'completed-is-not-approved',
    title: 'Completed is not approved',
    sends: 'inquiry.completed alone, then inquiry.approved for the same inquiry',
    requirement: 'treats nobody as verified before the decision',
    level: 'should',
    basis: 'Persona recommends',
    source:
      'Persona, inquiry lifecycle: completed says that a person has finished, approved what was decided',
    needs: ['state-oracle'],
    events: ['inquiry.completed', 'inquiry.approved'],
    asksWhatIsIgnored: true,
    run: judgeCompleted,
  },
];

async function judgeForms(context: CheckContext): Promise<Verdict> {
  const configured = { variant: 'as configured', sample: await context.sample() };
  const taken = await mustTakeAll(context, [configured], 'an event in the configured form');
  const others = await sendAll(context, await otherForms(context));
  const broken = others.filter(({ exchange }) => mustNotBreak(exchange, '').kind !== 'pass');
  // Where genuine events are refused, only another form that is accepted proves that the form is the reason.
  const isUnproven = !context.isFounded && !(await isFormTheReason(others, context));
  const answer: Verdict = isUnproven ? { ...taken, kind: 'error' } : taken;
  if (answer.kind !== 'pass') return { ...answer, actual: answer.actual + otherFormTaken(others, context) };
  if (broken.length === 0) return { ...answer, actual: `${answer.actual}; ${listed(others)}` };
  return verdict('info', answer.expected, `${answer.actual}; but other forms break it: ${listed(broken)}`);
}

async function isFormTheReason(
  others: readonly { exchange: Exchange }[],
  context: CheckContext,
): Promise<boolean> {
  const again = await context.send(await context.sample(), { label: 'as configured, to compare' });
  return !isAccepted(again, context) && others.some(({ exchange }) => isAccepted(exchange, context));
}

/** The form that a receiver wants where it refuses the configured one. */
function otherFormTaken(
  others: readonly { variant: string; exchange: Exchange }[],
  context: CheckContext,
): string {
  const taken = others.filter(({ exchange }) => isAccepted(exchange, context)).map(({ variant }) => variant);
  if (taken.length === 0) return '';
  const { inflection } = context.payload.inflection;
  return `; it accepts ${taken.join(', ')}: is the webhook set to ${inflection} at Persona?`;
}

async function otherForms(context: CheckContext): Promise<Trial[]> {
  const { inflection } = context.payload;
  const forms: (Partial<PayloadConfiguration> & { readonly variant: string })[] = KEY_INFLECTIONS.filter(
    (other) => other !== inflection.inflection,
  ).map((other) => ({ variant: other, inflection: { ...inflection, inflection: other } }));
  if (inflection.apiVersion !== NEWEST_API_VERSION) {
    forms.push({
      variant: NEWEST_API_VERSION,
      versionChanges: changesFor(NEWEST_API_VERSION),
      inflection: { ...inflection, apiVersion: NEWEST_API_VERSION },
    });
  }
  const trials = [];
  for (const { variant, ...changes } of forms) {
    trials.push({ variant, sample: recomposed(await context.sample(), context, changes) });
  }
  return trials;
}

/** An oracle speaks the receiver's language: what it calls an approved inquiry is learnt, not presumed. */
async function judgeReading(context: CheckContext): Promise<Verdict> {
  const expected = "holds the inquiry's own status under the inquiry's own id";
  const plain = await context.sample();
  const decoyed = rewritten(await context.sample(), (document) =>
    addMembers(document, EVENT, [{ key: 'status', value: scalar('declined') }]),
  );
  const declined = await context.sample('inquiry.declined');
  const samples = [plain, decoyed, declined];
  const exchanges = await sendAll(context, [
    { variant: 'approved', sample: plain },
    { variant: 'approved, the event has a status of its own', sample: decoyed },
    { variant: 'declined', sample: declined },
  ]);
  const refused = exchanges.filter(({ exchange }) => !isAccepted(exchange, context));
  if (refused.length > 0) return verdict('error', expected, `not accepted: ${listed(refused)}`);
  const ids = samples.flatMap((sample) => [sample.eventId, ...stateIdsOf(sample)]);
  const reading = await context.consult(
    ids,
    (seen) => anyProcessed([plain])(seen) && anyProcessed([decoyed])(seen),
  );
  const [approved, other, no] = samples.map((sample) => stateIn(reading, sample));
  const seen = `approved: ${said(approved)}, approved beside a decoy: ${said(other)}, declined: ${said(no)}`;
  const isRight = approved !== undefined && other === approved && no !== approved;
  return verdict(isRight ? 'pass' : 'fail', expected, seen);
}

const MINUTE_MS = 60_000;

async function judgeCompleted(context: CheckContext): Promise<Verdict> {
  const expected = 'holds another status for a completed inquiry than for an approved one';
  const completed = await context.sample('inquiry.completed', {
    at: new Date(context.clock.now() - MINUTE_MS),
  });
  const first = await context.send(completed, { label: 'inquiry.completed' });
  const before = await stateOf(context, completed);
  if (ignoredAmong(['inquiry.approved'], context.learnt) !== undefined) {
    return judgeWord(before, expected);
  }
  const approved = await context.sample('inquiry.approved', { about: completed });
  const second = await context.send(approved, { label: 'inquiry.approved' });
  const after = await stateAfter(context, [approved]);
  const refused = [first, second].find((exchange) => !isAccepted(exchange, context));
  if (refused !== undefined) return verdict('error', expected, `not accepted: ${describeExchange(refused)}`);
  const seen = `after completed: ${said(before)}, after approved: ${said(after)}`;
  if (after === undefined) {
    return verdict(
      'error',
      expected,
      `${seen}; the oracle knows no approved inquiry: nothing can be concluded`,
    );
  }
  return verdict(before === after ? 'fail' : 'pass', expected, seen);
}

/** Where no decision is acted upon, only the receiver's own word for the state can give it away. */
function judgeWord(state: string | undefined, expected: string): Verdict {
  const seen = `after completed: ${said(state)}; inquiry.approved has no effect`;
  if (/^(?:approved|verified|passed)$/i.test(state ?? '')) return verdict('fail', expected, seen);
  return verdict(
    'skipped',
    expected,
    'not run: the receiver accepts inquiry.approved and does nothing with it',
  );
}

function said(status: string | undefined): string {
  return status ?? 'nothing';
}
