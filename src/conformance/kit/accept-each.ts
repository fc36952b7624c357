import type { Verdict, CheckContext, Deviation } from '../check.ts';
import { describeExchange, isAccepted, verdict } from './expect.ts';

/** A spelling of the same genuine request. */
export interface Spelling {
  readonly variant: string;
  readonly deviation: Deviation;
}

/**
 * All spellings of a genuine request must be accepted. They are each other's controls: where none is accepted,
 * it is not the spelling that is refused, and nothing can be said about it.
 */
export async function mustAcceptEach(
  context: CheckContext,
  spellings: readonly Spelling[],
  what: string,
): Promise<Verdict> {
  const answers = [];
  for (const { variant, deviation } of spellings) {
    const exchange = await context.send(await context.sample(), { label: variant, ...deviation });
    answers.push({ variant, exchange, isAccepted: isAccepted(exchange, context) });
  }
  const refused = answers.filter((answer) => !answer.isAccepted);
  const actual = (refused.length === 0 ? answers : refused)
    .map(({ variant, exchange }) => `${variant}: ${describeExchange(exchange)}`)
    .join('; ');
  const kind = refused.length === 0 ? 'pass' : refused.length === answers.length ? 'error' : 'fail';
  return verdict(kind, `accepts ${what} in every spelling`, kind === 'error' ? inconclusive(actual) : actual);
}

/** Of a genuine event that is refused for whatever reason no more can be said. */
export function inconclusive(actual: string): string {
  return `genuine events are not accepted (${actual}); nothing can be concluded`;
}
