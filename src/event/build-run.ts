import type { Fixture } from '../fixture/fixture.ts';
import { buildEvent, moveBySeconds, secondsBetween, storyTimeMs, type BuildOptions } from './build.ts';
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
  return fixtures.map((fixture) => {
    const storyMs = storyTimeMs(fixture.document);
    const atMs = storyMs === lastMs ? options.atMs : Math.min(options.atMs, moveTime(storyMs));
    return buildEvent(fixture, { ...options, ids, atMs, moveTime });
  });
}
