import type { VerdictKind } from '../check.ts';
import type { SuiteContext } from '../create-context.ts';
import type { CheckResult } from '../run-check.ts';
import { explainChangedBody } from './changed-bodies.ts';
import { diagnose, type Diagnosis } from './diagnose.ts';
import { explainEarlyEffect, explainNoVerification } from './no-verification.ts';
import { explainOncePerObject } from './once-per-object.ts';

/** One cause for what failed, where there is one. */
export async function explain(
  results: readonly CheckResult[],
  suite: SuiteContext,
): Promise<Diagnosis | undefined> {
  const unverified = explainNoVerification(results) ?? explainEarlyEffect(results);
  if (suite.signal?.aborted === true) return unverified;
  if (!isHopeless(results))
    return unverified ?? (await explainChangedBody(results, suite)) ?? explainOncePerObject(results, suite);
  const text = await diagnose(suite);
  return text === undefined ? undefined : { text, explains: ['ACK-01', ...otherSchemes(results)] };
}

/** Signatures in another scheme than Persona's. */
const OTHER_SCHEMES: readonly string[] = ['SIG-10', 'SIG-11', 'SIG-12', 'SIG-13', 'SIG-14'];

/** A receiver that refuses genuine events and accepts another scheme takes it for Persona's: one mistake, not two. */
function otherSchemes(results: readonly CheckResult[]): string[] {
  return results
    .filter(({ check, verdict: { kind } }) => OTHER_SCHEMES.includes(check.id) && isAccepting(kind))
    .map(({ check }) => check.id);
}

function isAccepting(kind: VerdictKind): boolean {
  return kind === 'fail' || kind === 'needs-oracle';
}

/** Genuine events seem to be refused: ACK-01 found so, or, with `--only`, no check could be judged. */
function isHopeless(results: readonly CheckResult[]): boolean {
  const isRefused = results.some(({ check, verdict }) => check.id === 'ACK-01' && verdict.kind === 'fail');
  const kinds = results.map(({ verdict }) => verdict.kind);
  return isRefused || (kinds.includes('error') && !kinds.includes('pass'));
}
