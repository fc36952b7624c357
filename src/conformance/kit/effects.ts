import { ATTEMPTS_LEFT_HEADER, ATTEMPTS_MADE_HEADER } from '../../persona/contract.ts';
import { DEFAULT_POLICY } from '../../persona/policies.ts';
import type { Exchange } from '../../ports.ts';
import type { Verdict } from '../check.ts';
import type { CheckContext, Sample } from '../context.ts';
import type { OracleReading } from '../oracle.ts';
import { describeExchange, isAccepted, statusOf, verdict } from './expect.ts';

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

/** Needs an oracle. `seen` is what the answers were, for the report. */
export async function mustBeProcessedOnce(
  context: CheckContext,
  sample: Sample,
  { expected, seen }: { readonly expected: string; readonly seen: string },
): Promise<Verdict> {
  const count = await countOf(context, sample);
  const actual = `processed ${times(count)} (${seen})`;
  if (count === 0 && !isDecision(sample)) return verdict('error', expected, `${actual}: ${NO_USE}`);
  return verdict(count === 1 ? 'pass' : 'fail', expected, actual);
}

const NO_USE = 'a receiver may have no use for this event; nothing can be concluded';

/** The events that no receiver ignores. Where the webhook enables neither, an event without an effect says little. */
const DECISIONS: readonly string[] = ['inquiry.approved', 'inquiry.declined'];

export function isDecision({ event }: Sample): boolean {
  return DECISIONS.includes(event.name);
}

/** Receivers keep their state under the id of the object, or under that of the person. */
export function stateIn(reading: OracleReading, { objectId, referenceId }: Sample): string | undefined {
  return reading.status(objectId) ?? (referenceId === undefined ? undefined : reading.status(referenceId));
}

export function stateIdsOf({ objectId, referenceId }: Sample): string[] {
  return referenceId === undefined ? [objectId] : [objectId, referenceId];
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
  const count = await countOf(context, sample);
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
