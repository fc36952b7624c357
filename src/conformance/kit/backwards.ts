import type { Exchange } from '../../ports.ts';
import type { Verdict, CheckContext } from '../check.ts';
import { describeAll } from './effects.ts';
import { isAccepted, verdict } from './expect.ts';
import { said, sendInTurn, stateAfter, stateInOrder, story } from './story.ts';

/** Sends a life backwards; the state must be that of the same life in its order. */
export async function mustEndAsInOrder(
  context: CheckContext,
  names: readonly string[],
  expected: string,
): Promise<Verdict> {
  const endsAtMs = context.clock.now();
  const backwards = [...(await story(context, names, endsAtMs))].reverse();
  const exchanges = await sendInTurn(context, backwards, 'backwards');
  const answers = judgeAnswers(exchanges, context, expected);
  if (answers.kind !== 'pass' || context.oracle?.tellsState !== true) return answers;
  const state = await stateAfter(context, backwards);
  const wanted = await stateInOrder(context, names, endsAtMs);
  if (wanted === undefined) {
    return verdict('error', expected, 'the oracle tells no state of an inquiry whose events came in order');
  }
  return verdict(
    state === wanted ? 'pass' : 'fail',
    expected,
    `${said(state)} in the end, ${said(wanted)} in order`,
  );
}

function judgeAnswers(exchanges: readonly Exchange[], context: CheckContext, expected: string): Verdict {
  const isFine = exchanges.every((exchange) => isAccepted(exchange, context));
  return verdict(isFine ? 'pass' : 'fail', expected, describeAll(exchanges));
}
