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
export interface LocatedStep {
  readonly path: string;
  readonly index: number;
  readonly step: StepFile;
  readonly node: JsonNode | undefined;
}

/** @throws {ContentError} with the nearest names */
export function checkEventName({ path, index, step }: LocatedStep): void {
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
export async function loadStepFixture(located: LocatedStep, library: FixtureLibrary): Promise<Fixture> {
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
