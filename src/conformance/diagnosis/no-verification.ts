import { statusOf } from '../kit/expect.ts';
import type { CheckResult } from '../run-check.ts';
import type { Diagnosis } from './diagnose.ts';

/** The plainest forgeries: no signature, another secret, another body. */
export const PLAINEST_FORGERIES: readonly string[] = ['SIG-01', 'SIG-02', 'SIG-03'];

/** Says how to mend a receiver that acts on forgeries before it refuses them. */
const TELLING = 'IDEM-07';

/**
 * Says so when everything that was forged was accepted: then each of those failures has one and the same cause.
 * Undefined where the receiver refused a forgery, or where too few were sent to tell.
 */
export function explainNoVerification(results: readonly CheckResult[]): Diagnosis | undefined {
  const forgeries = results.filter(
    ({ check, wire }) => check.id.startsWith('SIG-') && isForgery(check, wire),
  );
  const isPlain = PLAINEST_FORGERIES.every((id) => forgeries.some(({ check }) => check.id === id));
  if (!isPlain || !forgeries.every(isTaken)) return undefined;
  const count = forgeries.flatMap(variantsOf).length;
  const explained = results.filter(
    (result) => isForgery(result.check, result.wire) && isFailedByTaking(result),
  );
  return {
    text: `your receiver accepted all ${count} forged events: it does not check the signature`,
    explains: explained.map(({ check }) => check.id),
  };
}

/**
 * Says so when the plainest forgeries were refused, and failed all the same: then the oracle saw their effect.
 * Undefined where one of them had none, or where too few were sent to tell.
 */
export function explainEarlyEffect(results: readonly CheckResult[]): Diagnosis | undefined {
  const explained = results.filter(
    (result) => isForgery(result.check, result.wire) && result.verdict.kind === 'fail' && isRefused(result),
  );
  const ids = explained.map(({ check }): string => check.id);
  if (!PLAINEST_FORGERIES.every((id) => ids.includes(id))) return undefined;
  return {
    text: 'your receiver acts before it checks the signature: it refuses forged events and processes them all the same',
    explains: [...ids].sort((one, other) => Number(other === TELLING) - Number(one === TELLING)),
  };
}

function isForgery(check: CheckResult['check'], wire: CheckResult['wire']): boolean {
  return check.isNegative === true && wire.length > 0;
}

function isFailedByTaking(result: CheckResult): boolean {
  const { kind } = result.verdict;
  return (kind === 'fail' || kind === 'needs-oracle') && isTaken(result);
}

function variantsOf({ wire }: CheckResult): CheckResult['wire'] {
  return wire.filter(({ label }) => label !== 'genuine' && !label.startsWith('control'));
}

function isTaken(result: CheckResult): boolean {
  return isAnswered(result, (status) => status >= 200 && status < 300);
}

function isRefused(result: CheckResult): boolean {
  return isAnswered(result, (status) => status >= 400 && status < 500);
}

function isAnswered(result: CheckResult, isMeant: (status: number) => boolean): boolean {
  return variantsOf(result).every(({ exchange }) => isMeant(statusOf(exchange) ?? 0));
}
