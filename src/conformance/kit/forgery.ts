import type { Exchange } from '../../ports.ts';
import type { Verdict, CheckContext, Deviation, Sample } from '../check.ts';
import type { OracleReading } from '../oracle.ts';
import {
  describeExchange,
  gravest,
  isAccepted,
  judgeRefusal,
  statusOf,
  verdict,
  type Forged as Refused,
} from './expect.ts';

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
  forged: Refused & { readonly variant: string },
  reading: OracleReading | undefined,
) => Verdict;

/** Sends each forgery with an event of its own, then looks once at all effects; the gravest verdict counts. */
export async function mustRejectAll(
  context: CheckContext,
  forgeries: readonly Forgery[],
  judge: Judge = judgeRefusal,
): Promise<Verdict> {
  const sent = [];
  for (const { variant, what, forge } of forgeries) {
    const sample = await context.sample();
    const forged = forge(sample, context);
    if (forged === undefined) continue;
    const { body = sample.body, ...deviation } = forged;
    const { eventId } = forged.body === undefined ? sample : context.sampleOf(body);
    sent.push({
      variant,
      what,
      eventId,
      exchange: await context.send(body, { label: variant, ...deviation }),
    });
  }
  if (sent.length === 0) return verdict('skipped', 'refuses', 'cannot be made from this secret');
  const ids = sent.map(({ eventId }) => eventId);
  const reading = context.oracle === undefined ? undefined : await context.consult(ids);
  return gravest(
    sent.map(({ exchange, ...forged }) => ({ ...judge(exchange, forged, reading), variant: forged.variant })),
  );
}

/** Where it is the breaking that is asked for, an error of its own is not a refusal. */
export const mustRefuseCalmly: Judge = (exchange, forged, reading) => {
  const status = statusOf(exchange);
  if (status !== undefined && status < 500) return judgeRefusal(exchange, forged, reading);
  const expected = `refuses ${forged.what} with a 4xx status, not by an error of its own`;
  return verdict('fail', expected, describeExchange(exchange));
};

/**
 * Controls around an input that may break the receiver. Unlike those of the runner, the one after is part of
 * the question: a receiver that is down afterwards has failed.
 */
export async function expectStillUp(context: CheckContext, judge: () => Promise<Verdict>): Promise<Verdict> {
  if (!context.isFounded) return judge();
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
