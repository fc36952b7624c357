import { dirname, join } from 'node:path';
import { ContentError, UsageError } from '../errors.ts';
import { applyOverrides, existingPaths, type Override } from '../event/overrides.ts';
import { loadFixture, loadOwnFixture, type FixtureLibrary } from '../fixture/load.ts';
import type { Fixture } from '../fixture/fixture.ts';
import { at, type JsonNode, type JsonObject } from '../json/node.ts';
import { nearest } from '../text/nearest.ts';
import { EVENT_NAMES, isEventName } from '../persona/event-names.ts';
import type { StepFile } from './schema.ts';

/** A step and where it stands, for messages. */
export interface Place {
  readonly path: string;
  readonly index: number;
  readonly step: StepFile;
  readonly node: JsonNode | undefined;
}

/** @throws {ContentError} with the nearest names */
export function checkEventName({ path, index, step }: Place): void {
  if (isEventName(step.event)) return;
  const close = nearest(step.event, EVENT_NAMES);
  throw new ContentError(path, {
    where: `steps[${index}].event`,
    expected: 'the name of an event',
    found: JSON.stringify(step.event),
    hint: close.length === 0 ? 'all names: hookcast events --all' : `did you mean ${close.join(', ')}?`,
  });
}

/** The fixture that a step names, or ours, with the step's own changes. @throws {ContentError | FileError} */
export async function loadStepFixture(place: Place, library: FixtureLibrary): Promise<Fixture> {
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
