import { ATTEMPTS_LEFT_HEADER, ATTEMPTS_MADE_HEADER } from '../../persona/contract.ts';
import { DEFAULT_POLICY } from '../../persona/policies.ts';
import type { Exchange } from '../../ports.ts';
import type { Verdict } from '../check.ts';
import type { CheckContext, Sample } from '../context.ts';
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
  return verdict(count === 1 ? 'pass' : 'fail', expected, `processed ${times(count)} (${seen})`);
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
