import { bodyOf } from '../../http/wire.ts';
import { jsonIn } from '../../json/text.ts';
import { createContext, type SuiteContext } from '../create-context.ts';
import { isAccepted, statusOf } from '../kit/expect.ts';
import type { CheckResult } from '../run-check.ts';
import type { Diagnosis } from './diagnose.ts';
import { rightExpectation, type SignatureExpectation } from './expectations.ts';
import { freshBody, tellingBody, type BodySource } from './find-request.ts';
import { findSignature } from './find-signature.ts';

/** Checks that such receivers fail, and bodies that bring out how they change them: white space, then text. */
const TELLING: readonly (readonly [id: string, bodySource: BodySource])[] = [
  ['RAW-01', freshBody],
  ['RAW-05', tellingBody],
];

/**
 * Plain events are accepted, and those in another spelling refused: then the receiver most likely signs a body that it
 * decoded or printed again, and this finds out how. Undefined where it does not.
 */
export async function explainChangedBody(
  results: readonly CheckResult[],
  suite: SuiteContext,
): Promise<Diagnosis | undefined> {
  for (const [id, bodySource] of TELLING) {
    const failed = results.find(({ check, verdict }) => check.id === id && verdict.kind === 'fail');
    const refusal = failed?.wire.find(({ exchange }) => !isAccepted(exchange, suite));
    if (refusal === undefined) continue;
    const context = createContext(suite, []);
    const genuine = await context.send(await bodySource(context), { label: 'diagnosis' });
    if (isAccepted(genuine, context)) continue;
    const { expected, expectation } = await findSignature(context, suite, bodySource);
    if (expectation === undefined) continue;
    const cause = { expectation, status: statusOf(refusal.exchange) };
    const others = results.filter((result) => result !== failed && isExplained(result, cause, suite));
    const text = `your receiver expects ${expected}`;
    return { text, explains: [id, ...others.map(({ check }) => check.id)] };
  }
  return undefined;
}

interface Cause {
  readonly expectation: SignatureExpectation;
  readonly status: number | undefined;
}

/** SIG-04 sends a body that prints the same; of the others, those refused where the receiver changes the body. */
function isExplained(
  { check, verdict, wire }: CheckResult,
  { expectation, status }: Cause,
  suite: SuiteContext,
): boolean {
  if (check.id === 'SIG-04') return verdict.kind === 'fail' || verdict.kind === 'needs-oracle';
  if (verdict.kind !== 'fail') return false;
  // What is not JSON is refused for another reason, and may be.
  const refused = wire.filter(
    ({ exchange, request }) => !isAccepted(exchange, suite) && jsonIn(bodyOf(request)) !== undefined,
  );
  return (
    refused.length > 0 &&
    refused.every(
      ({ exchange, request }) =>
        statusOf(exchange) === status && isChanged(bodyOf(request), expectation, suite),
    )
  );
}

/** Does the receiver expect another signature of this body than the right one? */
function isChanged(body: Buffer, expectation: SignatureExpectation, suite: SuiteContext): boolean {
  const input = { body, nowSeconds: 0 };
  const expected = expectation.write(input);
  return expected !== undefined && expected.value !== rightExpectation(suite).write(input)?.value;
}
