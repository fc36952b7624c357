import { stringAt, type JsonObject } from '../../json/node.ts';
import { canonicalKey } from '../../persona/key-convention.ts';
import type { Decision, Rule } from '../settings.ts';
import { isRedacted, statusOf } from './allowed.ts';
import { fieldOf, inquiryOf, step } from './transitions.ts';
import { verify } from './verifying.ts';
import { nowMs, type World } from './world.ts';

/** Lets the rules, or else `--decide`, end the inquiry after a while, unless it has ended by then. */
export function decideLater(world: World, id: string): void {
  const { settings } = world;
  if (settings.decide === 'none' && settings.rules.length === 0) return;
  world.agenda.add(nowMs(world) + settings.decideAfterMs, () => {
    const { inquiry } = inquiryOf(world, id);
    if (isOpen(inquiry)) finish(world, id, decisionFor(world, inquiry));
  });
}

function isOpen(inquiry: JsonObject): boolean {
  return !isRedacted(inquiry) && ['created', 'pending'].includes(statusOf(inquiry));
}

/** The first rule that holds; without one, what `--decide` says. */
export function decisionFor({ settings }: World, inquiry: JsonObject): Decision {
  return settings.rules.find((rule) => holds(rule, inquiry))?.then ?? settings.decide;
}

function holds({ when }: Rule, inquiry: JsonObject): boolean {
  const { fields = {}, referenceId, templateId } = when;
  const isSame = (wanted: string | undefined, found: string | undefined) =>
    wanted === undefined || wanted.toLowerCase() === found?.toLowerCase();
  return (
    isSame(referenceId, stringAt(inquiry, 'attributes', 'reference-id')) &&
    isSame(templateId, stringAt(inquiry, 'relationships', 'inquiry-template', 'data', 'id')) &&
    Object.entries(fields).every(([name, value]) => isSame(value, fieldOf(inquiry, canonicalKey(name))))
  );
}

/** How an inquiry can be ended by a person on the hosted page, or by a decision. */
export type Ending = 'approve' | 'decline' | 'review' | 'fail' | 'complete';

/** Walks an inquiry through a person's whole flow to its end, with every event on the way. */
export function finish(world: World, id: string, ending: Ending | 'none'): void {
  if (ending === 'none') return;
  if (statusOf(inquiryOf(world, id).inquiry) === 'created') step(world, id, { event: 'inquiry.started' });
  const result = ending === 'fail' || ending === 'decline' ? 'failed' : 'passed';
  verify(world, id, { kind: 'government-id', result });
  if (ending === 'fail') {
    step(world, id, { event: 'inquiry.failed' });
    return;
  }
  verify(world, id, { kind: 'selfie', result: 'passed' });
  step(world, id, { event: 'inquiry.completed' });
  const by = { isByWorkflow: true };
  if (ending === 'approve') step(world, id, { event: 'inquiry.approved', ...by });
  if (ending === 'decline') step(world, id, { event: 'inquiry.declined', ...by });
  if (ending === 'review') step(world, id, { event: 'inquiry.marked-for-review', ...by });
}
