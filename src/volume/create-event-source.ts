import { loadFixture, type FixtureLibrary } from '../fixture/load.ts';
import { loadScenario } from '../scenario/load.ts';
import type { Webhook } from '../webhook/configure.ts';
import type { EventSource } from './event-source.ts';
import { mixSource } from './mix-source.ts';
import { parseMix } from './mix.ts';
import { compileStory, storySource } from './story.ts';
import { compileTemplate } from './template.ts';

/** What a source's events follow from. Plain values: the same ones give the same bytes, today or tomorrow. */
export interface SourceRecipe {
  /** `inquiry.*=8,report/*=1`: names, or patterns with a star, each with its weight. @default inquiry.approved */
  readonly mix?: string | undefined;
  /** The events of a scenario, story after story, in place of a mix. */
  readonly scenario?: string | undefined;
  readonly seed: number;
  /** When the first story ends, milliseconds since 1970. */
  readonly beginMs: number;
  /** At which the stories follow one another. @default all at the same time */
  readonly ratePerSecond?: number | undefined;
}

export interface SourceMeans {
  readonly library: FixtureLibrary;
  readonly webhook: Webhook;
}

const DEFAULT_MIX = 'inquiry.approved';

/** An endless source: what an event is, ids and all, follows from its number. @throws {UsageError} */
export async function createEventSource(recipe: SourceRecipe, means: SourceMeans): Promise<EventSource> {
  if (recipe.scenario !== undefined) return createStories(recipe.scenario, recipe, means);
  const { library, webhook } = means;
  const { seed, mix: text = DEFAULT_MIX } = recipe;
  const mix = parseMix(text, library.names);
  const fixtures = await Promise.all(mix.shares.map(({ name }) => loadFixture(name, library)));
  const templates = fixtures.map((fixture) => compileTemplate(fixture, { webhook, seed }));
  return mixSource(mix, templates, { seed });
}

async function createStories(
  nameOrPath: string,
  { seed, beginMs, ratePerSecond = Number.POSITIVE_INFINITY }: SourceRecipe,
  { library, webhook }: SourceMeans,
): Promise<EventSource> {
  const steps = compileStory(await loadScenario(nameOrPath, library), { webhook, seed });
  // No event is sent before it has happened.
  const lengthMs = Math.max(...steps.map(({ offsetMs }) => offsetMs));
  const everyMs = (steps.length * 1000) / ratePerSecond;
  return storySource(steps, { beginMs: (story) => beginMs - lengthMs + story * everyMs });
}
