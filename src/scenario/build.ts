import { UsageError } from '../errors.ts';
import { buildEvent, type BuildOptions, type IdMap, type Event } from '../event/build.ts';
import type { Scenario, ScenarioStep } from './load.ts';
import { hasReferenceId, withReferenceId } from './reference-id.ts';
import { onTimeLine } from './time-line.ts';

export interface BuildScenarioOptions extends Pick<BuildOptions, 'random' | 'ids'> {
  /** When the first event happens, milliseconds since 1970. */
  readonly beginMs: number;
  /** `reference-id` of the person: of every inquiry and account. */
  readonly referenceId?: string | undefined;
}

/**
 * Builds the events of a scenario, one for each step in its order: shared ids, one time line. The same scenario,
 * options and state of `random` give the same events to the byte.
 * @throws {UsageError} for a reference id when no event is about a person
 */
export function buildScenario(scenario: Scenario, options: BuildScenarioOptions): Event[] {
  const { beginMs, random, referenceId } = options;
  const { steps } = scenario;
  const ids: IdMap = options.ids ?? new Map<string, string>();
  if (referenceId !== undefined && !steps.some(({ fixture }) => hasReferenceId(fixture.document))) {
    throw new UsageError(`\`referenceId\` ${referenceId}: no event of ${scenario.name} has a reference-id`);
  }
  return onTimeLine(scenario, beginMs).map((timed, index) => {
    const { event: name, offsetMs } = steps[index] as ScenarioStep;
    const document = referenceId === undefined ? timed : withReferenceId(timed, referenceId);
    const atMs = beginMs + offsetMs;
    return buildEvent({ name, document }, { random, ids, atMs, moveTime: (ms) => ms });
  });
}
