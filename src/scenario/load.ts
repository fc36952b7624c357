import { ContentError, UnknownNameError, UsageError } from '../errors.ts';
import { storyTimeMs } from '../event/build.ts';
import {
  readSource,
  loadFixture,
  loadOwnFixture,
  type FixtureLibrary,
  type Fixture,
} from '../fixture/load.ts';
import { at, type JsonNode, type JsonObject } from '../json/node.ts';
import { validate } from '../json/validate.ts';
import { meant, nearest } from '../text/nearest.ts';
import { scenarioSchema, type StepFile } from './schema.ts';
import { dirname, join } from 'node:path';
import { applyOverrides, existingPaths, type Override } from '../event/overrides.ts';
import { EVENT_NAMES, isEventName } from '../persona/event-names.ts';

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

/** A step and where it stands, for messages. */
interface LocatedStep {
  readonly path: string;
  readonly index: number;
  readonly step: StepFile;
  readonly node: JsonNode | undefined;
}

/** @throws {ContentError} with the nearest names */
function checkEventName({ path, index, step }: LocatedStep): void {
  if (isEventName(step.event)) return;
  throw new ContentError(path, {
    where: `steps[${index}].event`,
    expected: 'the name of an event',
    found: JSON.stringify(step.event),
    hint: meant(nearest(step.event, EVENT_NAMES), 'all names: hookcast events --all'),
  });
}

/** The fixture that a step names, or ours, with the step's own changes. @throws {ContentError | FileError} */
async function loadStepFixture(located: LocatedStep, library: FixtureLibrary): Promise<Fixture> {
  const { event, fixture: own } = located.step;
  if (own !== undefined)
    return withChanges(located, await loadOwnFixture(event, join(dirname(located.path), own), library));
  if (library.names.includes(event)) return withChanges(located, await loadFixture(event, library));
  throw new ContentError(located.path, {
    where: `steps[${located.index}]`,
    expected: `a "fixture" of your own for ${event}`,
    found: 'none',
    hint: 'Persona lists the event but documents no body for it',
  });
}

/** `set` is a part of the story: applied before ids and times are made fresh, so that it may name both. */
function withChanges(located: LocatedStep, fixture: Fixture): Fixture {
  const paths = Object.keys(located.step.set ?? {});
  const document = paths.reduce((changed, path) => {
    const value = at(located.node, 'set', path) as JsonNode;
    return withChange(located, changed, { kind: 'set', path, value });
  }, fixture.document);
  return { ...fixture, document };
}

function withChange(located: LocatedStep, document: JsonObject, change: Override): JsonObject {
  try {
    return applyOverrides(document, [change]);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw noSuchPath(located, change.path, existingPaths(document));
  }
}

function noSuchPath(
  { path: file, index, step }: LocatedStep,
  path: string,
  known: readonly string[],
): ContentError {
  const close = nearest(path, known);
  return new ContentError(file, {
    where: `steps[${index}].set`,
    expected: `paths that ${step.event} has`,
    found: JSON.stringify(path),
    hint: close.length === 0 ? `see: hookcast show ${step.event} --pretty` : `nearest: ${close.join(', ')}`,
  });
}

/**
 * The scenarios that come with the package: `fixtures/scenarios/<name>.json`. A test holds this list and the
 * files together, both ways.
 */
export const SCENARIO_NAMES: readonly string[] = [
  'quickstart',
  'inquiry-approved',
  'inquiry-declined',
  'inquiry-failed',
  'inquiry-expired',
  'inquiry-reviewed-then-approved',
  'watchlist-match',
  'redaction',
  'case',
  'transaction',
];
