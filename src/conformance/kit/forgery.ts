import type { Exchange } from '../../ports.ts';
import type { Verdict } from '../check.ts';
import type { CheckContext, Deviation, Sample } from '../context.ts';
import { describeExchange, gravest, isAccepted, mustReject, statusOf, verdict } from './expect.ts';

/** One way to make a genuine event a forged one. */
export interface Forgery {
  readonly variant: string;
  /** Completes "refuses …". */
  readonly what: string;
  /** Undefined where it cannot be made, e.g. of a secret without the prefix. */
  readonly forge: (sample: Sample, context: CheckContext) => Forged | undefined;
}

interface Forged extends Deviation {
  /** Sent in place of the sample. */
  readonly body?: Buffer;
}

type Judge = (
  exchange: Exchange,
  context: CheckContext,
  forged: { readonly eventId: string; readonly what: string },
) => Promise<Verdict>;

/** Sends each forgery with an event of its own; the gravest verdict counts. */
export async function mustRejectAll(
  context: CheckContext,
  forgeries: readonly Forgery[],
  judge: Judge = mustReject,
): Promise<Verdict> {
  const verdicts = [];
  for (const { variant, what, forge } of forgeries) {
    const sample = await context.sample();
    const forged = forge(sample, context);
    if (forged === undefined) continue;
    const { body = sample.body, ...deviation } = forged;
    const { eventId } = forged.body === undefined ? sample : context.specimenOf(body);
    const exchange = await context.send(body, { label: variant, ...deviation });
    verdicts.push({ ...(await judge(exchange, context, { eventId, what })), variant });
  }
  if (verdicts.length > 0) return gravest(verdicts);
  return verdict('skipped', 'refuses', 'cannot be made from this secret');
}

/** Where it is the breaking that is asked for, an error of its own is no refusal. */
export async function mustRefuseCalmly(
  exchange: Exchange,
  context: CheckContext,
  forged: { readonly eventId: string; readonly what: string },
): Promise<Verdict> {
  const status = statusOf(exchange);
  if (status !== undefined && status < 500) return mustReject(exchange, context, forged);
  const expected = `refuses ${forged.what} with a 4xx status, not by an error of its own`;
  return verdict('fail', expected, describeExchange(exchange));
}

/**
 * Controls around an input that may break the receiver. Unlike those of the runner, the one after is part of
 * the question: a receiver that is down afterwards has failed.
 */
export async function expectStillUp(context: CheckContext, judge: () => Promise<Verdict>): Promise<Verdict> {
  const expected = 'accepts genuine events before and after';
  const before = await context.send(await context.sample(), { label: 'control before' });
  if (!isAccepted(before, context))
    return verdict('error', expected, `the control before was not accepted: ${describeExchange(before)}`);
  const answer = await judge();
  const after = await context.send(await context.sample(), { label: 'the next genuine event' });
  if (isAccepted(after, context)) return answer;
  const actual = `${answer.actual}; the next genuine event was not accepted: ${describeExchange(after)}`;
  return verdict('fail', answer.expected, actual);
}
