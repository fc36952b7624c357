import { ACK_CHECKS } from './checks/ack.ts';
import type { Check } from './check.ts';
import type { SuiteContext } from './create-context.ts';
import { isAccepted, statusOf, verdict } from './kit/expect.ts';
import { LimitBudget } from './patience.ts';
import { runCheck, type CheckResult } from './run-check.ts';
import { Turns, type Turn } from './turns.ts';
import { newLearnt, type Oracle, type OracleReading } from './oracle.ts';

export interface SuiteOptions {
  /** Called when a check is done, in the order of being done. */
  readonly onResult?: ((result: CheckResult, done: number, total: number) => void) | undefined;
}

/** The check on which all others rest: is a genuine event accepted? */
const FOUNDATION = 'ACK-01';

/**
 * Runs checks against one receiver. The foundation comes first, asked for or not, so that a check alone is judged
 * as it is in a whole run. The others send one after the other; what they wait for (the oracle, a pause) runs side
 * by side. Checks that stop the receiver run alone, and those that look back on the whole run last.
 * @returns the results in the order of `checks`; once `signal` is aborted no more are added, also not those of
 * the checks that it interrupted
 */
export async function runSuite(
  checks: readonly Check[],
  given: SuiteContext,
  { onResult }: SuiteOptions = {},
): Promise<CheckResult[]> {
  const suite = shared(given);
  const end = new EndOfRun(given.signal);
  const results = new Map<string, CheckResult>();
  const add = (result: CheckResult) => {
    if (end.isReached() || !checks.includes(result.check)) return;
    results.set(result.check.id, result);
    onResult?.(result, results.size, checks.length);
  };
  const foundation = await end.unlessReached(() => runCheck(foundationOf(checks), suite));
  if (foundation === undefined) return end.orThrow([]);
  add(foundation);
  // An oracle shows whether it tells states once it has been asked about an event.
  await end.unlessReached(() => suite.oracle?.read());
  const run = (check: Check, turn?: Turn) =>
    end.unlessReached(async () => add(await runOn(foundation, check, { suite, turn })));
  const turns = new Turns();
  const { together, alone, last } = lanes(checks);
  await Promise.all(
    together.map((check) => (check.isWaiting === true ? run(check) : turns.run((turn) => run(check, turn)))),
  );
  for (const check of [...alone, ...last]) await run(check);
  return end.orThrow(checks.flatMap(({ id }) => results.get(id) ?? []));
}

/** A run ends when it is interrupted, or when an oracle or a hook breaks; what is under way is waited for. */
class EndOfRun {
  readonly #signal: AbortSignal | undefined;
  #error: Error | undefined;

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  isReached(): boolean {
    return this.#error !== undefined || this.#signal?.aborted === true;
  }

  async unlessReached<T>(act: () => Promise<T> | undefined): Promise<T | undefined> {
    if (this.isReached()) return undefined;
    try {
      return await act();
    } catch (error) {
      this.#error ??= error instanceof Error ? error : new Error(String(error));
      return undefined;
    }
  }

  /** Ctrl-C reaches the commands of an oracle and of hooks, too: what they report then is no fault of theirs. */
  orThrow<T>(results: T): T {
    if (this.#error === undefined || this.#signal?.aborted === true) return results;
    throw this.#error;
  }
}

function shared(suite: SuiteContext): SuiteContext {
  const { limitBudget = new LimitBudget(), learnt = newLearnt() } = suite;
  const oracle = suite.oracle === undefined ? undefined : sharedOracle(suite.oracle);
  return { ...suite, oracle, limitBudget, learnt };
}

/** ACK-01, also where it was not chosen. */
export function foundationOf(checks: readonly Check[]): Check {
  const [foundation] = [...checks, ...ACK_CHECKS].filter(({ id }) => id === FOUNDATION);
  if (foundation === undefined) throw new Error(`${FOUNDATION} is missing`);
  return foundation;
}

function lanes(checks: readonly Check[]): { together: Check[]; alone: Check[]; last: Check[] } {
  const last = checks.filter(({ runsLast }) => runsLast === true);
  // A hook stops or breaks the receiver: nothing may run beside it.
  const isAlone = ({ needs = [], only }: Check) =>
    only === 'load' || needs.some((need) => need.startsWith('hook:'));
  const others = checks.filter((check) => !last.includes(check) && check.id !== FOUNDATION);
  return { together: others.filter((check) => !isAlone(check)), alone: others.filter(isAlone), last };
}

/** Where the genuine event itself is refused, only what proves itself can be concluded. */
export async function runOn(
  foundation: CheckResult,
  check: Check,
  { suite, turn }: { readonly suite: SuiteContext; readonly turn?: Turn | undefined },
): Promise<CheckResult> {
  if (foundation.verdict.kind !== 'fail') return runCheck(check, suite, turn);
  const exchange = foundation.wire.at(-1)?.exchange;
  const status = exchange === undefined ? undefined : statusOf(exchange);
  // When a receiver breaks on a genuine event, what else breaks it cannot be known.
  const canProve = check.provesAlone === true && status !== undefined && !(check.mayBreak && status >= 500);
  const unfounded = `not run: ${reasonOf(foundation, suite)}, so nothing can be concluded`;
  if (canProve) return runCheck(check, { ...suite, unfounded }, turn);
  const startedAtMs = suite.clock.now();
  const answer = verdict('error', check.requirement, unfounded);
  return { check, verdict: answer, startedAtMs, durationMs: 0, wire: [] };
}

function reasonOf({ wire }: CheckResult, suite: SuiteContext): string {
  const isTaken = wire.some(({ exchange }) => isAccepted(exchange, suite));
  const what = isTaken ? 'accepted, but not processed once by the oracle' : 'refused';
  return `the genuine event is ${what} (${FOUNDATION})`;
}

/** Checks that ask while a reading is under way share the next one: waiting side by side they ask once. */
function sharedOracle(oracle: Oracle): Oracle {
  let current: Promise<OracleReading> | undefined;
  let next: Promise<OracleReading> | undefined;
  const start = () => {
    next = undefined;
    current = oracle.read().finally(() => (current = undefined));
    return current;
  };
  return {
    get tellsState() {
      return oracle.tellsState;
    },
    read() {
      if (current === undefined) return next ?? start();
      next ??= current.then(start, start);
      return next;
    },
  };
}
