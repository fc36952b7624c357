import { createContext, type SuiteContext } from '../create-context.ts';
import type { CheckContext, Sample } from '../check.ts';
import { isAccepted, signedByStranger, statusOf } from '../kit/expect.ts';
import type { Exchange } from '../../ports.ts';
import { answerQuoted } from './answer-quoted.ts';
import { findRequest, sendFresh, spaced } from './find-request.ts';
import { findSignature } from './find-signature.ts';
import { explainOtherSuccess, explainRefusal, explainSilence } from './refusals.ts';
import { bodyOf, type WireRecord } from '../../http/wire.ts';
import type { CheckResult } from '../run-check.ts';

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

/**
 * Plain events are accepted, and those with other white space refused: then the receiver most likely signs a body
 * that it printed again, and this finds out how. Undefined where it does not.
 */
export async function explainReprinted(
  results: readonly CheckResult[],
  suite: SuiteContext,
): Promise<Diagnosis | undefined> {
  const spaced = results.find(({ check, verdict }) => check.id === 'RAW-01' && verdict.kind === 'fail');
  const refusal = spaced?.wire.find(({ exchange }) => !isAccepted(exchange, suite));
  if (refusal === undefined) return undefined;
  const context = createContext(suite, []);
  if (isAccepted(await sendFresh(context), context)) return undefined;
  const { expected } = await findSignature(context, suite);
  if (expected === undefined) return undefined;
  const explained = results.filter((result) => isExplained(result, refusal, suite));
  const ids = explained.map(({ check }) => check.id).filter((id) => id !== 'RAW-01');
  return { text: `your receiver expects ${expected}`, explains: ['RAW-01', ...ids] };
}

/** SIG-04 sends a body that prints the same; of the others, those that were refused where printing changes the body. */
function isExplained(
  { check, verdict, wire }: CheckResult,
  refusal: WireRecord,
  { settings }: SuiteContext,
): boolean {
  if (check.id === 'SIG-04') return verdict.kind === 'fail' || verdict.kind === 'needs-oracle';
  if (verdict.kind !== 'fail') return false;
  // What is not JSON is refused for another reason, and may be.
  const refused = wire.filter(
    ({ exchange, request }) => !isAccepted(exchange, { settings }) && printed(bodyOf(request)) !== undefined,
  );
  return (
    refused.length > 0 &&
    refused.every(
      (record) =>
        statusOf(record.exchange) === statusOf(refusal.exchange) &&
        isChangedByPrinting(bodyOf(record.request)),
    )
  );
}

function isChangedByPrinting(body: Buffer): boolean {
  return printed(body) !== body.toString('utf8');
}

/** Undefined for what is not JSON. */
function printed(body: Buffer): string | undefined {
  try {
    return JSON.stringify(JSON.parse(body.toString('utf8')));
  } catch {
    return undefined;
  }
}

/** Why several checks fail at once. */
export interface Diagnosis {
  /** One sentence for the owner of the receiver. */
  readonly text: string;
  /** Ids of the failed checks that it explains, the most telling first. */
  readonly explains: readonly string[];
}
