import { verdict } from './kit/expect.ts';
import type { Check } from './check.ts';
import { createContext, type SuiteContext } from './create-context.ts';
import { runCheck, type CheckResult } from './run-check.ts';

export interface SuiteOptions {
  /** Called when a check is done, in the order of being done. */
  readonly onResult?: ((result: CheckResult, done: number, total: number) => void) | undefined;
}

/** The check on which all others rest: is a genuine event accepted? */
const FOUNDATION = 'ACK-01';

/**
 * Runs checks against one receiver: one after the other; those that mostly wait side by side; those that look
 * back on the whole run last. When the genuine event itself is refused, nothing else can be concluded.
 * @returns the results in the order of `checks`; once `signal` is aborted no more are added, also not those of
 * the checks that it interrupted
 */
export async function runSuite(
  checks: readonly Check[],
  suiteContext: SuiteContext,
  { onResult }: SuiteOptions = {},
): Promise<CheckResult[]> {
  const results = new Map<string, CheckResult>();
  const run = async (check: Check) => {
    if (isInterrupted(suiteContext)) return;
    const isFounded = results.get(FOUNDATION)?.verdict.kind !== 'fail';
    const result = isFounded ? await runCheck(check, suiteContext) : unfounded(check, suiteContext);
    if (isInterrupted(suiteContext)) return;
    results.set(check.id, result);
    onResult?.(result, results.size, checks.length);
  };
  const { inTurn, waiting, last } = lanes(checks);
  if (!inTurn.some(({ id }) => id === FOUNDATION) && checks.some(needsState)) await fillOracle(suiteContext);
  for (const check of inTurn) {
    await run(check);
    // An oracle shows whether it tells states once it has been asked about an event.
    if (check.id === FOUNDATION) await suiteContext.oracle?.read();
  }
  await Promise.all(waiting.map(run));
  for (const check of last) await run(check);
  return checks.flatMap(({ id }) => results.get(id) ?? []);
}

function isInterrupted({ signal }: SuiteContext): boolean {
  return signal?.aborted === true;
}

function needsState({ needs = [] }: Check): boolean {
  return needs.includes('state-oracle');
}

/** Where nothing has been sent yet, an oracle has nothing to tell, so that nobody knows whether it tells states. */
async function fillOracle(suiteContext: SuiteContext): Promise<void> {
  if (suiteContext.oracle === undefined || suiteContext.oracle.tellsState) return;
  const random = suiteContext.randomFor?.('oracle') ?? suiteContext.random;
  const context = createContext({ ...suiteContext, random }, []);
  const sample = await context.sample();
  await context.send(sample);
  await context.consult([sample.eventId, sample.objectId]);
}

function lanes(checks: readonly Check[]): { inTurn: Check[]; waiting: Check[]; last: Check[] } {
  const last = checks.filter(({ runsLast }) => runsLast === true);
  // A hook stops or breaks the receiver: nothing may run beside it.
  const isQuiet = ({ needs = [] }: Check) => !needs.some((need) => need.startsWith('hook:'));
  const waiting = checks.filter(
    (check) => check.isWaiting === true && !last.includes(check) && isQuiet(check),
  );
  const others = checks.filter((check) => !last.includes(check) && !waiting.includes(check));
  const foundation = others.filter(({ id }) => id === FOUNDATION);
  return { inTurn: [...foundation, ...others.filter(({ id }) => id !== FOUNDATION)], waiting, last };
}

function unfounded(check: Check, { clock }: SuiteContext): CheckResult {
  const reason = `not run: the genuine event is refused (${FOUNDATION}), so nothing can be concluded`;
  const startedAtMs = clock.now();
  return {
    check,
    verdict: verdict('error', check.requirement, reason),
    startedAtMs,
    durationMs: 0,
    wire: [],
  };
}
