import type { Fixture } from '../fixture/fixture.ts';
import { UsageError } from '../errors.ts';
import {
  buildEvent,
  isEventId,
  isIdFor,
  moveBySeconds,
  secondsBetween,
  storyTimeMs,
  type BuildOptions,
} from './build.ts';
import type { Event } from './event.ts';
import type { IdMap } from './rename-ids.ts';

/**
 * Builds events that belong together: they are about the same objects, and their time line is one. The latest
 * of them happens at `atMs`, the others as much earlier as their fixtures say, in whatever order they are sent.
 */
export function buildRun(fixtures: readonly Fixture[], options: BuildOptions): Event[] {
  const ids: IdMap = options.ids ?? new Map<string, string>();
  const lastMs = Math.max(...fixtures.map(({ document }) => storyTimeMs(document)));
  const moveTime = moveBySeconds(secondsBetween(lastMs, options.atMs));
  checkId(options.id, fixtures);
  return fixtures.map((fixture) => {
    const storyMs = storyTimeMs(fixture.document);
    const atMs = storyMs === lastMs ? options.atMs : Math.min(options.atMs, moveTime(storyMs));
    const id = options.id !== undefined && isIdFor(fixture, options.id) ? options.id : undefined;
    return buildEvent(fixture, { ...options, id, ids, atMs, moveTime });
  });
}

/** @throws {UsageError} for an id of an event where there are several, or of an object that none is about */
function checkId(id: string | undefined, fixtures: readonly Fixture[]): void {
  if (id === undefined) return;
  if (isEventId(id) && fixtures.length > 1)
    throw new UsageError(`\`id\` ${id}: an event's id is unique, and these are ${fixtures.length} events`);
  if (fixtures.some((fixture) => isIdFor(fixture, id))) return;
  const names = fixtures.map(({ name }) => name).join(', ');
  throw new UsageError(`\`id\` ${id}: not the kind of object that ${names} is about`);
}
