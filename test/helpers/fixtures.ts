import { bundledFixtures } from '../../src/fixture/files.ts';
import { seededRandom } from '../../src/event/seeded-random.ts';
import { buildEvent, type BuildOptions, type Event } from '../../src/event/build.ts';
import { FIXTURE_NAMES } from '../../src/fixture/catalogue.ts';
import { loadFixture, type Fixture } from '../../src/fixture/load.ts';

export const library = bundledFixtures();

export const AT_MS = Date.parse('2026-01-31T12:00:00.250Z');

/** A bundled fixture; it is read once for all test files that share this module. */
export function sampleFixture(name: string): Promise<Fixture> {
  return loadFixture(name, library);
}

export function allFixtures(): Promise<Fixture[]> {
  return Promise.all(FIXTURE_NAMES.map(sampleFixture));
}

/** An event of a bundled fixture, the same every time unless told otherwise. */
export async function sampleEvent(
  name = 'inquiry.approved',
  options: Partial<BuildOptions> = {},
): Promise<Event> {
  return buildEvent(await sampleFixture(name), { atMs: AT_MS, random: seededRandom(7), ...options });
}
