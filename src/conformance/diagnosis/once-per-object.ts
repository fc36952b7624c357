import type { SuiteContext } from '../create-context.ts';
import { isAccepted } from '../kit/expect.ts';
import type { CheckResult } from '../run-check.ts';
import type { Diagnosis } from './diagnose.ts';

/** Each sends several events about one inquiry. */
const SEVERAL_EVENTS: readonly string[] = ['ORD-01', 'ORD-02', 'ORD-03', 'ORD-06', 'ORD-07', 'ENV-11'];

/**
 * Says so when the second event about an inquiry is accepted without an effect, by a receiver that knows repeats:
 * whatever comes after the first is dropped, and what asks for the end state fails with it.
 */
export function explainOncePerObject(
  results: readonly CheckResult[],
  suite: SuiteContext,
): Diagnosis | undefined {
  const resultOf = (id: string) => results.find(({ check }) => check.id === id);
  const verdictOf = (id: string) => resultOf(id)?.verdict.kind;
  const isTaken = resultOf('IDEM-06')?.wire.every(({ exchange }) => isAccepted(exchange, suite)) === true;
  if (verdictOf('IDEM-06') !== 'fail' || !isTaken || verdictOf('IDEM-02') !== 'pass') return undefined;
  const others = SEVERAL_EVENTS.filter((id) => verdictOf(id) === 'fail');
  return {
    text: 'your receiver takes the second event about an inquiry for a repeat of the first, and drops it: it must know repeats by the event id (data.id), not by the id of the inquiry',
    explains: ['IDEM-06', ...others],
  };
}
