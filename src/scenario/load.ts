import { ContentError, UnknownNameError } from '../errors.ts';
import { storyTimeMs } from '../event/build.ts';
import { readSource, type FixtureLibrary } from '../fixture/load.ts';
import type { Fixture } from '../fixture/fixture.ts';
import { at } from '../json/node.ts';
import { validate } from '../json/validate.ts';
import { nearest } from '../text/nearest.ts';
import { SCENARIO_NAMES } from './catalogue.ts';
import { checkEventName, loadStepFixture, type LocatedStep } from './load-step.ts';
import { scenarioSchema } from './schema.ts';

/** Events that belong together, in the order in which they happen. */
export interface Scenario {
  readonly name: string;
  readonly description: string;
  readonly steps: readonly ScenarioStep[];
}

export interface ScenarioStep {
  /** The event's name. */
  readonly event: string;
  /** When it happens, in simulated milliseconds since the first step. Never less than that of the step before. */
  readonly offsetMs: number;
  /** What the event is built from, `set` included; its times are those of the fixtures' story. */
  readonly fixture: Fixture;
}

/**
 * Loads a scenario by its name, or from a file when `nameOrPath` looks like one (`./mine.json`).
 * @throws {UnknownNameError} with the nearest names
 * @throws {ContentError | FileError} when the file, or a fixture that it names, is broken or missing
 */
export async function loadScenario(nameOrPath: string, library: FixtureLibrary): Promise<Scenario> {
  const isShipped = SCENARIO_NAMES.includes(nameOrPath);
  if (!isShipped && !/[./\\]/.test(nameOrPath)) throw unknownScenario(nameOrPath);
  const path = isShipped ? `${library.directory}/scenarios/${nameOrPath}.json` : nameOrPath;
  const { node } = await readSource(path, library.files);
  const { description, steps } = validate(scenarioSchema, node, path);
  const located = steps.map((step, index) => ({ path, index, step, node: at(node, 'steps', index) }));
  for (const each of located) checkEventName(each);
  const fixtures = await Promise.all(located.map((each) => loadStepFixture(each, library)));
  return { name: nameOrPath, description, steps: withOffsets(located, fixtures) };
}

function withOffsets(located: readonly LocatedStep[], fixtures: readonly Fixture[]): ScenarioStep[] {
  let offsetMs = 0;
  return fixtures.map((fixture, index) => {
    const each = located[index] as LocatedStep;
    const before = fixtures[index - 1];
    offsetMs += before === undefined ? startOf(each) : distanceMs(each, before, fixture);
    return { event: each.step.event, offsetMs, fixture };
  });
}

function startOf({ path, step }: LocatedStep): number {
  if (step.after === undefined) return 0;
  throw new ContentError(path, {
    where: 'steps[0].after',
    expected: 'no such member',
    found: 'a duration',
    hint: 'the scenario begins with its first step',
  });
}

function distanceMs({ path, index, step }: LocatedStep, before: Fixture, fixture: Fixture): number {
  const ownMs = storyTimeMs(fixture.document) - storyTimeMs(before.document);
  if (step.after === undefined && ownMs < 0) {
    throw new ContentError(path, {
      where: `steps[${index}]`,
      expected: 'an "after"',
      found: 'none',
      hint: `by its fixture ${step.event} happens before ${before.name}; say how long after it, e.g. "after": "2m"`,
    });
  }
  return step.after ?? ownMs;
}

function unknownScenario(name: string): UnknownNameError {
  const hint = `Known: ${SCENARIO_NAMES.join(', ')}; or a JSON file: ./my-scenario.json`;
  return new UnknownNameError('scenario', name, { nearest: nearest(name, SCENARIO_NAMES), hint });
}
