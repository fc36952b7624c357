import { HookcastError } from '../errors.ts';
import type { Check, Need, Verdict, CheckContext } from './check.ts';
import { createContext, type SuiteContext } from './create-context.ts';
import { ignoredAmong, isEnabled } from './kit/effects.ts';
import { verdict, describeExchange, isAccepted } from './kit/expect.ts';
import { LimitReached, isAway, isHangUp } from './patience.ts';
import type { Turn } from './turns.ts';
import type { WireRecord } from '../http/wire.ts';
import type { Exchange } from '../ports.ts';

/** The answer to a check, with all that the report shows of it. */
export interface CheckResult {
  readonly check: Check;
  readonly verdict: Verdict;
  /** Milliseconds since 1970. */
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly wire: readonly WireRecord[];
}

/**
 * Runs one check, between controls where it is negative. Never rejects for what a receiver does.
 * @param turn - given up while the check waits for something else than the receiver's answer
 */
export async function runCheck(check: Check, suite: SuiteContext, turn?: Turn): Promise<CheckResult> {
  const startedAtMs = suite.clock.now();
  const wire: WireRecord[] = [];
  const answer = await judge(check, { suite, wire, turn: check.mayBreak === true ? undefined : turn });
  return { check, verdict: answer, startedAtMs, durationMs: suite.clock.now() - startedAtMs, wire };
}

interface Run {
  readonly suite: SuiteContext;
  readonly wire: WireRecord[];
  readonly turn: Turn | undefined;
}

async function judge(check: Check, { suite, wire, turn }: Run): Promise<Verdict> {
  const missing = missingNeed(check, { ...suite, isHttps: suite.url.protocol === 'https:' });
  if (missing !== undefined) return notRun(check, missing);
  const useless = whyUseless(check, suite);
  if (useless !== undefined) return verdict('skipped', check.requirement, `not run: ${useless}`);
  const random = suite.randomFor?.(check.id) ?? suite.random;
  const context = createContext({ ...suite, random }, wire, { checkId: check.id, turn });
  try {
    return await (suite.unfounded === undefined
      ? runControlled(check, context, wire)
      : runUnfounded(check, context, suite.unfounded));
  } catch (error) {
    return verdict('error', check.requirement, reasonOf(error));
  }
}

/** Events that the receiver never gets, or has no use for, tell nothing about it. */
function whyUseless(
  { events = [], asksWhatIsIgnored }: Check,
  { settings, learnt }: SuiteContext,
): string | undefined {
  const disabled = events.find((name) => !isEnabled(name, settings.enabledEvents));
  if (disabled !== undefined) return `the webhook does not enable ${disabled}`;
  const ignored = learnt === undefined || asksWhatIsIgnored ? undefined : ignoredAmong(events, learnt);
  return ignored === undefined ? undefined : `the receiver accepts ${ignored} and does nothing with it`;
}

/** @throws {HookcastError} an oracle or a hook that breaks ends the run */
function reasonOf(error: unknown): string {
  if (error instanceof HookcastError) throw error;
  if (error instanceof LimitReached) return error.message;
  // A bug in a check must not pass for a finding.
  return `the check itself broke: ${error instanceof Error ? error.message : String(error)}`;
}

/** What the user gave, as far as it decides which checks can run. */
export interface Givens extends Pick<SuiteContext, 'oracle' | 'hooks' | 'readLog'> {
  readonly isHttps: boolean;
}

const HOOK = 'hook:';
/** Those that are not a hook. */
type PlainNeed = Exclude<Need, `${typeof HOOK}${string}`>;

const NEEDS: Readonly<Record<PlainNeed, (givens: Givens) => boolean>> = {
  oracle: ({ oracle }) => oracle !== undefined,
  'state-oracle': ({ oracle }) => oracle?.tellsState === true,
  'log-file': ({ readLog }) => readLog !== undefined,
  https: ({ isHttps }) => isHttps,
};

/** The first thing that a check needs and the user did not give; undefined when it can run. */
export function missingNeed(check: Check, givens: Givens): Need | undefined {
  return check.needs?.find((need) =>
    isHook(need) ? !(need.slice(HOOK.length) in givens.hooks) : !NEEDS[need](givens),
  );
}

function isHook(need: Need): need is Exclude<Need, PlainNeed> {
  return need.startsWith(HOOK);
}

const REMEDIES: Readonly<Record<PlainNeed, string>> = {
  oracle: 'give `oracle`',
  'state-oracle': 'the oracle must also tell the status of objects',
  'log-file': 'give `readLog`',
  https: 'the receiver is not behind https',
};

function notRun(check: Check, missing: Need): Verdict {
  const kind = missing === 'oracle' || missing === 'state-oracle' ? 'needs-oracle' : 'skipped';
  const remedy = isHook(missing) ? `give \`${missing.replace(':', 's.')}\`` : REMEDIES[missing];
  return verdict(kind, check.requirement, `not run: ${remedy}`);
}

/** A receiver that is away is looked for so often; the pauses grow from the first to a few seconds. */
const TRIES = 4;

const FIRST_PAUSE_MS = 500;

/**
 * Runs a check with its controls. A check that met a receiver that was away (being restarted, behind a proxy that
 * says 502) is run again when the receiver is back: what others did to it is not a finding of this check.
 */
async function runControlled(
  check: Check,
  context: CheckContext,
  wire: readonly WireRecord[],
): Promise<Verdict> {
  const answer = await runOnce(check, context);
  const absence = wire.map(({ exchange }) => exchange).find(isAway);
  if (absence === undefined || !isTellingAbsence(check, answer)) return answer;
  if (await isBack(context)) return runOnce(check, context);
  // The first that went wrong is the receiver's last word: it broke on what it was sent.
  if (isHangUp(absence)) return answer;
  const seen = `the receiver was away (${describeExchange(absence)}) and did not come back`;
  return verdict('error', check.requirement, `${seen}; nothing can be concluded`);
}

function runOnce(check: Check, context: CheckContext): Promise<Verdict> {
  return check.isNegative === true ? betweenControls(check, context) : check.run(context);
}

/** Checks that take the receiver down themselves look after that themselves. */
function isTellingAbsence({ mayBreak, needs = [], only }: Check, { kind }: Verdict): boolean {
  if (mayBreak === true || only === 'load' || needs.some((need) => need.startsWith('hook:'))) return false;
  return kind === 'fail' || kind === 'error' || kind === 'non-strict';
}

async function isBack(context: CheckContext): Promise<boolean> {
  for (let tried = 0; tried < TRIES; tried += 1) {
    if (isAccepted(await sendControl(context, 'control'), context)) return true;
    await context.pause(FIRST_PAUSE_MS * 2 ** tried);
  }
  return false;
}

/**
 * Runs a check without controls, where the genuine event is refused: an accepted forgery is one all the same, a
 * refusal says nothing then.
 */
async function runUnfounded(check: Check, context: CheckContext, reason: string): Promise<Verdict> {
  const answer = await check.run(context);
  if (answer.kind === 'fail' || answer.kind === 'needs-oracle') return answer;
  return verdict('error', check.requirement, reason);
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
  const exchange = await sendControl(context, label);
  if (isAccepted(exchange, context)) return undefined;
  return `the ${label} (a genuine event) was not accepted: ${describeExchange(exchange)}; nothing can be concluded`;
}

async function sendControl(context: CheckContext, label: string): Promise<Exchange> {
  return context.send(await context.sample(), { label });
}
