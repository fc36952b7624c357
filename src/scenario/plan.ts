import { UsageError } from '../errors.ts';
import { didYouMean } from '../text/nearest.ts';
import { shuffled } from '../text/shuffled.ts';
import type { Random } from '../ports.ts';
import type { Scenario, ScenarioStep } from './load.ts';

/** How the arrival of a scenario's events differs from the order in which they happened. */
export interface PlanOptions {
  /** The moments of sending stay, which event is sent at which is drawn: any order is as likely as any other. */
  readonly shuffle?: boolean | undefined;
  /** The probability, 0 to 1, that an event is sent twice: the same bytes again, up to 10 s later. @default 0 */
  readonly duplicates?: number | undefined;
  /** Each sending is late by up to this much, so that neighbours change places. @default 0 */
  readonly jitterMs?: number | undefined;
  /** Only the events of these names. @default all */
  readonly only?: readonly string[] | undefined;
  /** Nothing after the first event of this name. @default the last event */
  readonly until?: string | undefined;
}

/** One delivery to begin. */
export interface PlannedSend {
  /** Of the scenario's steps. */
  readonly eventIndex: number;
  /** When, in simulated milliseconds since the first sending. */
  readonly dueMs: number;
  /** 1, or 2 for a duplicate. */
  readonly copy: number;
}

/** No figure of Persona's: long enough for another event to come between, short enough to be met by a cache. */
const DUPLICATE_DELAY_MAX_MS = 10_000;

/**
 * Decides what is sent when, in the order of sending. Bodies have no part in it: an event's times are its own,
 * however late it is sent. The same scenario, options and state of `random` give the same plan.
 * @throws {UsageError} for options that make no sense, or that leave nothing to send
 */
export function planScenario(scenario: Scenario, options: PlanOptions, random: Random): PlannedSend[] {
  const chosen = chooseEvents(scenario, options);
  const slotsMs = chosen.map(({ step }) => step.offsetMs);
  const order = options.shuffle === true ? shuffled(chosen, random) : chosen;
  const sends = order.map(({ eventIndex }, slot) => ({
    eventIndex,
    dueMs: (slotsMs[slot] ?? 0) + lateness(options, random),
    copy: 1,
  }));
  const duplicates = sends.flatMap((send) => duplicateOf(send, options, random));
  return fromZero([...sends, ...duplicates].sort((a, b) => a.dueMs - b.dueMs));
}

interface Choice {
  readonly step: ScenarioStep;
  readonly eventIndex: number;
}

function chooseEvents({ name, steps }: Scenario, { only, until }: PlanOptions): Choice[] {
  const names = [...new Set(steps.map(({ event }) => event))];
  if (until !== undefined) checkNames('`until`', [until], { name, names });
  if (only !== undefined) checkNames('`only`', only, { name, names });
  const end = until === undefined ? steps.length : steps.findIndex(({ event }) => event === until) + 1;
  const chosen = steps
    .map((step, eventIndex) => ({ step, eventIndex }))
    .slice(0, end)
    .filter(({ step }) => only === undefined || only.includes(step.event));
  if (chosen.length > 0) return chosen;
  throw new UsageError(
    `nothing to send: in ${name}, ${only?.join(', ') ?? ''} comes after ${until ?? 'the end'}; leave out \`only\` or \`until\``,
  );
}

function checkNames(
  flag: string,
  asked: readonly string[],
  { name, names }: { name: string; names: readonly string[] },
): void {
  if (asked.length === 0 || asked.includes(''))
    throw new UsageError(`${flag}: names no event; the events of ${name}: ${names.join(', ')}`);
  const unknown = asked.find((event) => !names.includes(event));
  if (unknown === undefined) return;
  throw new UsageError(
    `${flag} ${unknown}: not in ${name}${didYouMean(unknown, names)}\nIts events: ${names.join(', ')}`,
  );
}

function lateness({ jitterMs = 0 }: PlanOptions, random: Random): number {
  if (!Number.isFinite(jitterMs) || jitterMs < 0)
    throw new UsageError(`\`jitterMs\` ${jitterMs}: expected a number of milliseconds`);
  return jitterMs === 0 ? 0 : random.below(Math.floor(jitterMs) + 1);
}

function duplicateOf(send: PlannedSend, { duplicates = 0 }: PlanOptions, random: Random): PlannedSend[] {
  if (!(duplicates >= 0 && duplicates <= 1))
    throw new UsageError(`\`duplicates\` ${duplicates}: expected a probability from 0 to 1, e.g. 0.2`);
  if (random.below(1_000_000) >= duplicates * 1_000_000) return [];
  return [{ ...send, dueMs: send.dueMs + 1 + random.below(DUPLICATE_DELAY_MAX_MS), copy: 2 }];
}

/** Events that are not sent are not waited for: the first sending is due at once. */
function fromZero(sends: readonly PlannedSend[]): PlannedSend[] {
  const firstMs = sends[0]?.dueMs ?? 0;
  return sends.map((send) => ({ ...send, dueMs: send.dueMs - firstMs }));
}

/**
 * The latest beginning of the scenario, milliseconds since 1970, with which no event is sent before it happens
 * when the sending starts at `nowMs`. @param timeScale - simulated seconds per real second
 */
export function latestBeginMs(
  { steps }: Scenario,
  plan: readonly PlannedSend[],
  { nowMs, timeScale }: { nowMs: number; timeScale: number },
): number {
  const marginsMs = plan.map(
    ({ eventIndex, dueMs }) => dueMs / timeScale - (steps[eventIndex]?.offsetMs ?? 0),
  );
  return Math.floor(nowMs + Math.min(...marginsMs));
}
