import { createContext, type SuiteContext } from '../create-context.ts';
import type { CheckContext, Sample } from '../check.ts';
import { isAccepted, signedByStranger, statusOf } from '../kit/expect.ts';
import type { Exchange } from '../../ports.ts';
import { answerQuoted } from './answer-quoted.ts';
import { findRequest, sendFresh, spaced } from './find-request.ts';
import { findSignature } from './find-signature.ts';
import { explainOtherSuccess, explainRefusal, explainSilence } from './refusals.ts';

/**
 * Says in one sentence why a receiver refuses genuine events, by sending them in every known wrong form until
 * one is accepted; with an oracle also that it accepts them and does nothing. Undefined when all is well.
 */
export async function diagnose(suite: SuiteContext): Promise<string | undefined> {
  const context = createContext(suite, []);
  const sample = await context.sample();
  const genuine = await context.send(spaced(sample.body), { label: 'diagnosis' });
  if (genuine.kind === 'cancelled') return undefined;
  if (isAccepted(genuine, context)) return explainIdleness(context, sample, genuine);
  const plain = explainSilence(genuine, suite.url) ?? explainOtherSuccess(genuine);
  return plain ?? explainRefused(context, suite, genuine);
}

/** Accepted, and the oracle saw no effect. */
async function explainIdleness(
  context: CheckContext,
  { eventId, event }: Sample,
  exchange: Exchange,
): Promise<string | undefined> {
  if (context.oracle === undefined) return undefined;
  const reading = await context.consult([eventId]);
  if (reading.processed(eventId) > 0) return undefined;
  return (
    `your receiver accepts a genuine ${event.name} (status ${statusOf(exchange)}${answerQuoted(exchange)}) and does nothing: ` +
    'the oracle counts no effect under its event id; either the receiver ignores it, looks for a person or an inquiry ' +
    'that it does not know (`referenceTemplate`, `create`), or the oracle counts by another id'
  );
}

async function explainRefused(
  context: CheckContext,
  suite: SuiteContext,
  genuine: Exchange,
): Promise<string> {
  // Early: a hundred refusals later a rate limit may answer in the receiver's place.
  const forged = await sendFresh(context, (body) => signedByStranger({ body }, context));
  if (isAccepted(forged, context))
    return 'your receiver accepts a forged event and refuses a genuine one: is the comparison the wrong way round?';
  const elsewhere = statusOf(genuine) === 404 ? await askElsewhere(context) : undefined;
  const request = await findRequest(context);
  const finding = request === undefined ? await findSignature(context, suite) : { expected: request };
  if (finding.expected === undefined)
    return explainRefusal({ genuine, forged, elsewhere, isLimited: finding.isLimited === true }, suite);
  if (isAccepted(await sendFresh(context), context))
    return 'your receiver refused a genuine event and accepted the same kind of event a moment later';
  return `your receiver expects ${finding.expected}`;
}

/** What is answered where certainly no route is. */
async function askElsewhere(context: CheckContext): Promise<Exchange> {
  return sendFresh(context, () => ({
    wire: (request) => ({ ...request, url: new URL(`/no-route-${context.random.below(1e9)}`, request.url) }),
  }));
}

/** Why several checks fail at once. */
export interface Diagnosis {
  /** One sentence for the owner of the receiver. */
  readonly text: string;
  /** Ids of the failed checks that it explains, the most telling first. */
  readonly explains: readonly string[];
}
