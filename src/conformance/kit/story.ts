import type { Exchange } from '../../ports.ts';
import type { CheckContext, Sample, Verdict } from '../check.ts';
import { anyProcessed, stateIdsOf, stateIn, describeAll } from './effects.ts';
import { isAccepted, verdict } from './expect.ts';

const MINUTE_MS = 60_000;

/** An inquiry's life in its right order; events are a minute apart and the last happens at `endsAtMs`. */
export async function story(
  context: CheckContext,
  names: readonly string[],
  endsAtMs: number,
): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  for (const [index, name] of names.entries()) {
    const at = new Date(Math.floor(endsAtMs) - (names.length - 1 - index) * MINUTE_MS);
    const about = samples[0] === undefined ? {} : { about: samples[0] };
    samples.push(await context.sample(name, { at, ...about }));
  }
  return samples;
}

/** Sends one after the other, each only when the one before was answered. */
export async function sendInTurn(
  context: CheckContext,
  samples: readonly Sample[],
  label = '',
): Promise<readonly Exchange[]> {
  const exchanges: Exchange[] = [];
  for (const sample of samples) {
    const words = `${label === '' ? '' : `${label}: `}${sample.event.name}`;
    exchanges.push(await context.send(sample, { label: words }));
  }
  return exchanges;
}

/**
 * What the receiver calls the state of an inquiry whose events came in their order. Receivers have words of
 * their own for states, so that only two inquiries can be compared.
 */
export async function stateInOrder(
  context: CheckContext,
  names: readonly string[],
  endsAtMs: number,
): Promise<string | undefined> {
  const samples = await story(context, names, endsAtMs);
  await sendInTurn(context, samples, 'in order');
  return stateAfter(context, samples);
}

/** The state of an inquiry now, whether its events had an effect or not. */
export async function stateOf(context: CheckContext, sample: Sample): Promise<string | undefined> {
  return stateIn(await context.consult(stateIdsOf(sample)), sample);
}

/** The state of the inquiry that these events are about, once the work on them is done. */
export async function stateAfter(
  context: CheckContext,
  samples: readonly Sample[],
): Promise<string | undefined> {
  const [first] = samples;
  if (first === undefined) return undefined;
  const ids = [...stateIdsOf(first), ...samples.map(({ eventId }) => eventId)];
  return stateIn(await context.consult(ids, anyProcessed(samples)), first);
}

export function said(state: string | undefined): string {
  return state === undefined ? 'unknown' : `'${state}'`;
}

export function shuffled<T>(items: readonly T[], { random }: Pick<CheckContext, 'random'>): T[] {
  const copy = [...items];
  for (let last = copy.length - 1; last > 0; last -= 1) {
    const other = random.below(last + 1);
    [copy[last], copy[other]] = [copy[other] as T, copy[last] as T];
  }
  return copy;
}

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
