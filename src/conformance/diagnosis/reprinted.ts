import { bodyOf, type WireRecord } from '../../http/wire.ts';
import { createContext, type SuiteContext } from '../create-context.ts';
import { isAccepted, statusOf } from '../kit/expect.ts';
import type { CheckResult } from '../run-check.ts';
import type { Diagnosis } from './diagnosis.ts';
import { findSignature } from './find-signature.ts';
import { sendFresh } from './find-request.ts';

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
