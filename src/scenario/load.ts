import { dirname, join } from 'node:path';
import { ContentError, UnknownNameError, UsageError } from '../errors.ts';
import { storyTimeMs } from '../event/build.ts';
import { applyOverrides, existingPaths, type Override } from '../event/overrides.ts';
import {
  loadFixture,
  loadOwnFixture,
  readSource,
  type Fixture,
  type FixtureLibrary,
} from '../fixture/load.ts';
import { at, type JsonNode, type JsonObject } from '../json/node.ts';
import { validate } from '../json/validate.ts';
import { nearest } from '../nearest.ts';
import { EVENT_NAMES, isEventName } from '../persona/event-names.ts';
import { SCENARIO_NAMES } from './catalogue.ts';
import { scenarioSchema, type StepFile } from './schema.ts';

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
  const places = steps.map((step, index) => ({ path, index, step, node: at(node, 'steps', index) }));
  for (const place of places) checkEventName(place);
  const fixtures = await Promise.all(places.map((place) => loadStepFixture(place, library)));
  return { name: nameOrPath, description, steps: withOffsets(places, fixtures) };
}

/** A step and where it stands, for messages. */
interface Place {
  readonly path: string;
  readonly index: number;
  readonly step: StepFile;
  readonly node: JsonNode | undefined;
}

function checkEventName({ path, index, step }: Place): void {
  if (isEventName(step.event)) return;
  const close = nearest(step.event, EVENT_NAMES);
  throw new ContentError(path, {
    where: `steps[${index}].event`,
    expected: 'the name of an event',
    found: JSON.stringify(step.event),
    hint: close.length === 0 ? 'all names: hookcast events --all' : `did you mean ${close.join(', ')}?`,
  });
}

async function loadStepFixture(place: Place, library: FixtureLibrary): Promise<Fixture> {
  const { event, fixture: own } = place.step;
  if (own !== undefined)
    return withChanges(place, await loadOwnFixture(event, join(dirname(place.path), own), library));
  if (library.names.includes(event)) return withChanges(place, await loadFixture(event, library));
  throw new ContentError(place.path, {
    where: `steps[${place.index}]`,
    expected: `a "fixture" of your own for ${event}`,
    found: 'none',
    hint: 'Persona lists the event but documents no body for it',
  });
}

/** `set` is a part of the story: applied before ids and times are made fresh, so that it may name both. */
function withChanges(place: Place, fixture: Fixture): Fixture {
  const paths = Object.keys(place.step.set ?? {});
  const document = paths.reduce((changed, path) => {
    const value = at(place.node, 'set', path) as JsonNode;
    return withChange(place, changed, { kind: 'set', path, value });
  }, fixture.document);
  return { ...fixture, document };
}

function withChange(place: Place, document: JsonObject, change: Override): JsonObject {
  try {
    return applyOverrides(document, [change]);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw noSuchPath(place, change.path, existingPaths(document));
  }
}

function noSuchPath(
  { path: file, index, step }: Place,
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

function withOffsets(places: readonly Place[], fixtures: readonly Fixture[]): ScenarioStep[] {
  let offsetMs = 0;
  return fixtures.map((fixture, index) => {
    const place = places[index] as Place;
    const before = fixtures[index - 1];
    offsetMs += before === undefined ? startOf(place) : distanceMs(place, before, fixture);
    return { event: place.step.event, offsetMs, fixture };
  });
}

function startOf({ path, step }: Place): number {
  if (step.after === undefined) return 0;
  throw new ContentError(path, {
    where: 'steps[0].after',
    expected: 'no such member',
    found: 'a duration',
    hint: 'the scenario begins with its first step',
  });
}

function distanceMs({ path, index, step }: Place, before: Fixture, fixture: Fixture): number {
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
