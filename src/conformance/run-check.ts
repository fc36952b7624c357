import { HookcastError } from '../errors.ts';
import type { Check, Need, Verdict } from './check.ts';
import type { CheckContext } from './context.ts';
import { createContext, type SuiteContext } from './create-context.ts';
import { describeExchange, isAccepted, verdict } from './kit/expect.ts';
import type { WireRecord } from '../http/wire.ts';

/** The answer to a check, with all that the report shows of it. */
export interface CheckResult {
  readonly check: Check;
  readonly verdict: Verdict;
  /** Milliseconds since 1970. */
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly wire: readonly WireRecord[];
}

/** Runs one check, between controls where it is negative. Never rejects for what a receiver does. */
export async function runCheck(check: Check, suiteContext: SuiteContext): Promise<CheckResult> {
  const startedAtMs = suiteContext.clock.now();
  const wire: WireRecord[] = [];
  const answer = await judge(check, suiteContext, wire);
  return { check, verdict: answer, startedAtMs, durationMs: suiteContext.clock.now() - startedAtMs, wire };
}

async function judge(check: Check, suiteContext: SuiteContext, wire: WireRecord[]): Promise<Verdict> {
  const missing = missingNeed(check, { ...suiteContext, isHttps: suiteContext.url.protocol === 'https:' });
  if (missing !== undefined) return notRun(check, missing);
  const random = suiteContext.randomFor?.(check.id) ?? suiteContext.random;
  const context = createContext({ ...suiteContext, random }, wire);
  try {
    return check.isNegative === true ? await betweenControls(check, context) : await check.run(context);
  } catch (error) {
    // An oracle or a hook that breaks ends the run; a bug in a check must not pass for a finding.
    if (error instanceof HookcastError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    return verdict('error', check.requirement, `the check itself broke: ${reason}`);
  }
}

/** What the user gave, as far as it decides which checks can run. */
export interface Givens extends Pick<SuiteContext, 'oracle' | 'hooks' | 'readLog'> {
  readonly isHttps: boolean;
}

const NEEDS: Readonly<Record<Need, (givens: Givens) => boolean>> = {
  oracle: ({ oracle }) => oracle !== undefined,
  'state-oracle': ({ oracle }) => oracle?.tellsState === true,
  'hook:restart': ({ hooks }) => 'restart' in hooks,
  'hook:dependency-down': ({ hooks }) => 'dependency-down' in hooks,
  'hook:dependency-up': ({ hooks }) => 'dependency-up' in hooks,
  'hook:unset-secret': ({ hooks }) => 'unset-secret' in hooks,
  'log-file': ({ readLog }) => readLog !== undefined,
  https: ({ isHttps }) => isHttps,
};

/** The first thing that a check needs and the user did not give; undefined when it can run. */
export function missingNeed(check: Check, givens: Givens): Need | undefined {
  return check.needs?.find((need) => !NEEDS[need](givens));
}

const REMEDIES: Readonly<Record<Need, string>> = {
  oracle: 'give --oracle-url or --oracle-cmd',
  'state-oracle': 'the oracle must also tell the status of objects',
  'hook:restart': 'give --hook restart=<command>',
  'hook:dependency-down': 'give --hook dependency-down=<command>',
  'hook:dependency-up': 'give --hook dependency-up=<command>',
  'hook:unset-secret': 'give --hook unset-secret=<command>',
  'log-file': 'give --log-file <file>',
  https: 'the receiver is not behind https',
};

function notRun(check: Check, missing: Need): Verdict {
  const kind = missing === 'oracle' || missing === 'state-oracle' ? 'needs-oracle' : 'skipped';
  return verdict(kind, check.requirement, `not run: ${REMEDIES[missing]}`);
}

/** "Refused" means something only where the same event, genuine, is accepted just before and just after. */
async function betweenControls(check: Check, context: CheckContext): Promise<Verdict> {
  const before = await control(context, 'control before');
  if (before !== undefined) return verdict('error', check.requirement, before);
  const answer = await check.run(context);
  const after = await control(context, 'control after');
  return after === undefined ? answer : verdict('error', check.requirement, after);
}

/** What went wrong with a genuine event; undefined when it was accepted, as it must be. */
async function control(context: CheckContext, label: string): Promise<string | undefined> {
  const exchange = await context.send(await context.sample(), { label });
  if (isAccepted(exchange, context)) return undefined;
  return `the ${label} (a genuine event) was not accepted: ${describeExchange(exchange)}; nothing can be concluded`;
}
