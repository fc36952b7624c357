import { ATTEMPTS_LEFT_HEADER, ATTEMPTS_MADE_HEADER, ALL_EVENTS } from '../../persona/contract.ts';
import { DEFAULT_POLICY } from '../../persona/policies.ts';
import type { Exchange } from '../../ports.ts';
import type { Verdict, CheckContext, Sample } from '../check.ts';
import type { OracleReading, Learnt } from '../oracle.ts';
import { describeExchange, isAccepted, statusOf, verdict, gravest } from './expect.ts';
import { FIXTURE_NAMES } from '../../fixture/catalogue.ts';

/** Headers of the n-th attempt, 1 for the first. */
export function attemptHeaders(
  attempt: number,
  attempts = DEFAULT_POLICY.delaysSeconds.length + 1,
): Record<string, string> {
  return {
    [ATTEMPTS_MADE_HEADER]: String(attempt),
    [ATTEMPTS_LEFT_HEADER]: String(attempts - attempt),
  };
}

/** What a check rests on was not to be had: it says so instead of blaming the receiver for something else. */
export function inconclusive(expected: string, exchange: Exchange, what = 'a genuine event'): Verdict {
  return verdict(
    'error',
    expected,
    `${what} was not accepted (${describeExchange(exchange)}); nothing can be concluded`,
  );
}

export async function countOf(context: CheckContext, { eventId }: Sample): Promise<number> {
  return (await context.consult([eventId])).processed(eventId);
}

/** As {@link countOf}, of an event that was accepted: a queue gets time to work it off. */
export async function countOfAccepted(context: CheckContext, sample: Sample): Promise<number> {
  const { eventId } = sample;
  const isDone = (reading: OracleReading) => reading.processed(eventId) > 0;
  const reading = await context.consult([eventId], isActedUpon(context, sample) ? isDone : undefined);
  return reading.processed(eventId);
}

/** Needs an oracle. `seen` is what the answers were, for the report. */
export async function mustBeProcessedOnce(
  context: CheckContext,
  sample: Sample,
  { expected, seen }: { readonly expected: string; readonly seen: string },
): Promise<Verdict> {
  const count = await countOfAccepted(context, sample);
  const actual = `processed ${times(count)} (${seen})`;
  if (count === 0 && !isActedUpon(context, sample)) return verdict('error', expected, `${actual}: ${NO_USE}`);
  return verdict(count === 1 ? 'pass' : 'fail', expected, actual);
}

const NO_USE = 'a receiver may have no use for this event; nothing can be concluded';

/** The events that hardly a receiver ignores. */
const DECISIONS: readonly string[] = ['inquiry.approved', 'inquiry.declined'];

/** Must this event have an effect? Of others, one without an effect says little. */
export function isActedUpon(
  { learnt: { usualEvent } }: Pick<CheckContext, 'learnt'>,
  { event }: Sample,
): boolean {
  return usualEvent === undefined ? DECISIONS.includes(event.name) : event.name === usualEvent;
}

/** Of these, the first that the receiver is known to ignore. */
export function ignoredAmong(names: readonly string[], { usualEvent }: Learnt): string | undefined {
  if (usualEvent === undefined) return undefined;
  return names.find((name) => name !== usualEvent && DECISIONS.includes(name));
}

/** Receivers keep their state under the id of the object, or under one of the person's. */
export function stateIn(reading: OracleReading, sample: Sample): string | undefined {
  return stateIdsOf(sample)
    .map((id) => reading.status(id))
    .find((status) => status !== undefined);
}

export function stateIdsOf({ objectId, referenceId, accountId }: Sample): string[] {
  return [objectId, referenceId, accountId].filter((id) => id !== undefined);
}

/** For `consult`: has any of these had its effect? A queue that has begun is soon done with the rest. */
export function anyProcessed(samples: readonly Sample[]): (reading: OracleReading) => boolean {
  return (reading) => samples.some(({ eventId }) => reading.processed(eventId) > 0);
}

/** A genuine event must be accepted and processed before an outage; what is wrong otherwise. */
export async function unprocessedBefore(
  context: CheckContext,
  expected: string,
): Promise<Verdict | undefined> {
  const sample = await context.sample();
  const exchange = await context.send(sample, { label: 'before the outage' });
  if (!isAccepted(exchange, context))
    return inconclusive(expected, exchange, 'a genuine event before the outage');
  const count = await countOfAccepted(context, sample);
  if (count > 0) return undefined;
  const seen = `${describeExchange(exchange)}, but not processed, already before the outage`;
  return verdict('error', expected, `${seen}; nothing can be concluded`);
}

export function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

/**
 * The answer to a copy whose twin may still be in work: an honest "not now" does no harm, Persona tries again,
 * but costs an attempt.
 */
export function answerToCopy(exchange: Exchange, context: CheckContext): 'accepted' | 'not now' | 'refused' {
  if (isAccepted(exchange, context)) return 'accepted';
  const status = statusOf(exchange) ?? 0;
  return [409, 423, 425, 429].includes(status) || status >= 500 ? 'not now' : 'refused';
}

/** `status 200` for equal answers, `8x status 200, 2x status 409` otherwise. */
export function describeAll(exchanges: readonly Exchange[]): string {
  const counts = new Map<string, number>();
  for (const exchange of exchanges) {
    const words = describeExchange(exchange);
    counts.set(words, (counts.get(words) ?? 0) + 1);
  }
  if (counts.size === 1) return [...counts.keys()].join('');
  return [...counts].map(([words, count]) => `${count}x ${words}`).join(', ');
}

/** Does the webhook send events of this name? */
export function isEnabled(name: string, enabledEvents: readonly string[]): boolean {
  return enabledEvents.includes(ALL_EVENTS) || enabledEvents.includes(name);
}

/** What is sent where nothing else matters, the first that the webhook enables: decisions are acted upon by all. */
const PREFERRED = [
  'inquiry.approved',
  'inquiry.declined',
  'inquiry.completed',
  'inquiry.failed',
  'inquiry.created',
];

export function defaultEventOf(enabledEvents: readonly string[]): string {
  const candidates = [...PREFERRED, ...FIXTURE_NAMES];
  return candidates.find((name) => isEnabled(name, enabledEvents)) ?? 'inquiry.approved';
}

/** What receivers act on that do not act on decisions, the commonest first. */
const CANDIDATES = [
  ...['inquiry.completed', 'inquiry.failed', 'inquiry.marked-for-review', 'inquiry.created'],
  ...['inquiry.declined', 'inquiry.expired', 'inquiry.transitioned', 'verification.passed'],
  ...['account.created', 'case.created', 'report/watchlist.ready', 'transaction.created'],
];

/**
 * Looks for an event that the receiver acts on, where it accepts another and does nothing: it may have a list of
 * its own. What is found stands in for the usual event from then on. Undefined where none has an effect.
 */
export async function findUsualEvent(context: CheckContext, ignored: string): Promise<string | undefined> {
  const { enabledEvents } = context.settings;
  const names = CANDIDATES.filter(
    (name) => name !== ignored && isEnabled(name, enabledEvents) && FIXTURE_NAMES.includes(name),
  );
  const accepted: Sample[] = [];
  for (const name of names) {
    const sample = await context.sample(name);
    const exchange = await context.send(sample, { label: name });
    if (isAccepted(exchange, context)) accepted.push(sample);
  }
  if (accepted.length === 0) return undefined;
  const reading = await context.consult(accepted.map(({ eventId }) => eventId));
  const processed = accepted.find(({ eventId }) => reading.processed(eventId) === 1);
  context.learnt.usualEvent = processed?.event.name;
  return processed?.event.name;
}

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
