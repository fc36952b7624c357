import type { WireRecord } from '../http/wire.ts';
import type { Exchange } from '../ports.ts';
import type { Check, Verdict, CheckContext } from './check.ts';
import { describeExchange, isAccepted, verdict } from './kit/expect.ts';
import { isAway, isHangUp } from './patience.ts';

/** A receiver that is away is looked for so often; the pauses grow from the first to a few seconds. */
const TRIES = 4;
const FIRST_PAUSE_MS = 500;

/**
 * Runs a check with its controls. A check that met a receiver that was away (being restarted, behind a proxy that
 * says 502) is run again when the receiver is back: what others did to it is not a finding of this check.
 */
export async function runControlled(
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
export async function runUnfounded(check: Check, context: CheckContext, reason: string): Promise<Verdict> {
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
