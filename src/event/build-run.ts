import type { Fixture } from '../fixture/load.ts';
import { stringAt } from '../json/node.ts';
import { buildEvent, type BuildOptions } from './build.ts';
import type { Event } from './event.ts';
import type { IdMap } from './rename-ids.ts';

/**
 * Builds events that belong together: they are about the same objects, and their time lines are one. The
 * latest of them happens at `atMs`, the others as much earlier as their fixtures say, in whatever order they
 * are sent.
 */
export function buildRun(fixtures: readonly Fixture[], options: BuildOptions): Event[] {
  const ids: IdMap = options.ids ?? new Map<string, string>();
  const storyTimes = fixtures.map(storyMs);
  const lastMs = Math.max(...storyTimes);
  return fixtures.map((fixture, index) =>
    buildEvent(fixture, { ...options, ids, atMs: options.atMs - (lastMs - (storyTimes[index] ?? lastMs)) }),
  );
}

function storyMs({ document }: Fixture): number {
  return Date.parse(stringAt(document, 'data', 'attributes', 'created-at') ?? '');
}
