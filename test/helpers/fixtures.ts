import { bundledFixtures } from '../../src/adapters/files.ts';
import { seededRandom } from '../../src/adapters/seeded-random.ts';
import { buildEvent, type BuildOptions } from '../../src/event/build.ts';
import type { Event } from '../../src/event/event.ts';
import { loadFixture } from '../../src/fixture/load.ts';

export const library = bundledFixtures();

export const AT_MS = Date.parse('2026-01-31T12:00:00.250Z');

/** An event of a bundled fixture, the same every time unless told otherwise. */
export async function sampleEvent(
  name = 'inquiry.approved',
  options: Partial<BuildOptions> = {},
): Promise<Event> {
  return buildEvent(await loadFixture(name, library), { atMs: AT_MS, random: seededRandom(7), ...options });
}
