import type { CheckResult } from '../run-check.ts';
import { statusOf } from '../kit/expect.ts';

/** The plainest forgeries: no signature, another secret, another body. */
const PLAINEST = ['SIG-01', 'SIG-02', 'SIG-03'];

/**
 * Says so when everything that was forged was accepted: then each of those failures has one and the same cause.
 * Undefined where the receiver refused a forgery, or where too few were sent to tell.
 */
export function explainNoVerification(results: readonly CheckResult[]): string | undefined {
  const forgeries = results.filter(
    ({ check, wire }) => check.id.startsWith('SIG-') && check.isNegative === true && wire.length > 0,
  );
  const exchanges = forgeries.flatMap(({ wire }) =>
    wire.filter(({ label }) => label !== 'genuine' && !label.startsWith('control')),
  );
  const isPlain = PLAINEST.every((id) => forgeries.some(({ check }) => check.id === id));
  const isAccepting = exchanges.every(({ exchange }) => {
    const status = statusOf(exchange) ?? 0;
    return status >= 200 && status < 300;
  });
  if (!isPlain || !isAccepting) return undefined;
  return `your receiver accepted all ${exchanges.length} forged events: it does not check the signature`;
}
