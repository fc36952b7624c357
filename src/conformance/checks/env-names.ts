import { FIXTURE_NAMES } from '../../fixture/catalogue.ts';
import { scalar } from '../../json/node.ts';
import { ALL_EVENTS } from '../../persona/contract.ts';
import type { Check, Verdict, CheckContext, Sample } from '../check.ts';
import { describeExchange, isAccepted, mustAccept, verdict } from '../kit/expect.ts';
import { editAt, EVENT, rewritten } from '../kit/rewrite.ts';
import { isEnabled } from '../kit/effects.ts';
import { mustAcceptAll, summary, type Trial } from '../kit/trials.ts';

export const ENV_NAME_CHECKS: readonly Check[] = [
  {
    id: 'ENV-01',
    slug: 'every-enabled-event',
    title: 'Every enabled event',
    sends: 'one genuine event of each name that the webhook enables',
    requirement: 'accepts every event that it is subscribed to',
    level: 'must',
    basis: 'Persona requires',
    source: 'Persona, webhooks guide: an event that is not accepted is sent again until it is given up',
    run: acceptEnabled,
  },
  {
    id: 'ENV-02',
    slug: 'unknown-event-name',
    title: 'Unknown event name',
    sends: 'a genuine event called inquiry.teleported',
    requirement: 'accepts and ignores an event that it does not know: the list can grow at any time',
    level: 'must',
    basis: 'Persona recommends',
    source: 'Persona, Events: more events may be added at any time',
    async run(context) {
      // Persona sends new names only to a webhook that enables all events.
      if (!context.settings.enabledEvents.includes(ALL_EVENTS)) {
        const reason = 'the webhook enables a fixed list of events, which no new name joins';
        return verdict('skipped', this.requirement, `not run: ${reason}`);
      }
      const sample = renamed(await context.sample(), 'inquiry.teleported');
      const exchange = await context.send(sample, { label: 'inquiry.teleported' });
      return mustAccept(exchange, context, 'an event with a name that it does not know');
    },
  },
  {
    id: 'ENV-09',
    slug: 'odd-names-and-types',
    title: 'Odd names and types',
    sends:
      'genuine events with a slash or an underscore in their names, and about other objects, as far as the webhook enables them',
    requirement: 'routes by the whole name, and accepts any type of object',
    level: 'must',
    basis: 'Persona documents',
    source: 'Persona, Events and OpenAPI: the list of event names',
    async run(context) {
      const trials: Trial[] = [];
      const { enabledEvents } = context.settings;
      for (const { name, as } of ODD_EVENTS.filter((odd) => isEnabled(odd.as ?? odd.name, enabledEvents))) {
        const sample = await context.sample(name, { isWhole: true });
        trials.push({ variant: as ?? name, sample: as === undefined ? sample : renamed(sample, as) });
      }
      if (trials.length > 0) return mustAcceptAll(context, trials, 'an event with an odd name or type');
      return verdict('skipped', this.requirement, 'not run: the webhook enables no event of this kind');
    },
  },
];

/** `as`: a name without a published body, given to the event that comes closest. */
const ODD_EVENTS: readonly { readonly name: string; readonly as?: string }[] = [
  { name: 'report/watchlist.ready' },
  { name: 'report/crypto-address-watchlist.ready', as: 'report/crypto_address.ready' },
  { name: 'verification.passed' },
  { name: 'account.created' },
  { name: 'case.created' },
  { name: 'transaction.created' },
  { name: 'inquiry-session.started' },
];

function renamed(sample: Sample, name: string): Sample {
  return rewritten(sample, (document) => editAt(document, [...EVENT, 'name'], () => scalar(name)));
}

/** This many at a time: a wildcard stands for more than a hundred events, and Persona does not queue either. */
const AT_ONCE = 5;

async function acceptEnabled(context: CheckContext): Promise<Verdict> {
  const enabled = new Set(context.settings.enabledEvents);
  const names = FIXTURE_NAMES.filter((name) => enabled.has(ALL_EVENTS) || enabled.has(name));
  const bodiless = [...enabled].filter((name) => name !== ALL_EVENTS && !FIXTURE_NAMES.includes(name));
  const expected = 'accepts one event of each name that is enabled';
  if (names.length === 0) {
    return verdict('skipped', expected, `not run: no published body for ${bodiless.join(', ')}`);
  }
  const findings = [];
  for (let start = 0; start < names.length; start += AT_ONCE) {
    const batch = names.slice(start, start + AT_ONCE);
    findings.push(...(await Promise.all(batch.map((name) => acceptOne(context, name)))));
  }
  const left = bodiless.length === 0 ? '' : `; not sent, for want of a body: ${bodiless.join(', ')}`;
  const answer = summary(findings);
  return { ...answer, expected, actual: answer.actual + left };
}

async function acceptOne(
  context: CheckContext,
  name: string,
): Promise<Verdict & { readonly variant: string }> {
  const exchange = await context.send(await context.sample(name, { isWhole: true }), { label: name });
  const kind = isAccepted(exchange, context) ? 'pass' : 'fail';
  return { ...verdict(kind, `accepts ${name}`, describeExchange(exchange)), variant: name };
}
