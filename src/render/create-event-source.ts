import { createHash } from 'node:crypto';
import { loadFixture, type FixtureLibrary } from '../fixture/load.ts';
import { loadScenario } from '../scenario/load.ts';
import type { Webhook } from '../webhook/configure.ts';
import type { EventSource } from './event-source.ts';
import { mixSource } from './mix-source.ts';
import { parseMix } from './mix.ts';
import { compileStory, storySource } from './story.ts';
import { compileTemplate, type EventTemplate } from './template.ts';

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

export interface SourceDeps {
  readonly library: FixtureLibrary;
  readonly webhook: Webhook;
}

/** A source that a recipe can make again. */
export interface RecipeSource extends EventSource {
  /** Of the bytes that it makes: differs when fixtures or code have changed. */
  digest(): string;
}

const DEFAULT_MIX = 'inquiry.approved';

/** An endless source: what an event is, ids and all, follows from its number. @throws {UsageError} */
export async function createEventSource(recipe: SourceRecipe, means: SourceDeps): Promise<RecipeSource> {
  if (recipe.scenario !== undefined) return createStories(recipe.scenario, recipe, means);
  const { library, webhook } = means;
  const { seed, mix: text = DEFAULT_MIX } = recipe;
  const mix = parseMix(text, library.names);
  const fixtures = await Promise.all(mix.shares.map(({ name }) => loadFixture(name, library)));
  const templates = fixtures.map((fixture) => compileTemplate(fixture, { webhook, seed }));
  return { ...mixSource(mix, templates, seed), digest: () => digestOf(templates, mix.shares) };
}

async function createStories(
  nameOrPath: string,
  { seed, beginMs, ratePerSecond = Number.POSITIVE_INFINITY }: SourceRecipe,
  { library, webhook }: SourceDeps,
): Promise<RecipeSource> {
  const steps = compileStory(await loadScenario(nameOrPath, library), { webhook, seed });
  // No event is sent before it has happened.
  const lengthMs = Math.max(...steps.map(({ offsetMs }) => offsetMs));
  const everyMs = (steps.length * 1000) / ratePerSecond;
  const source = storySource(steps, (story) => beginMs - lengthMs + story * everyMs);
  const templates = steps.map(({ template }) => template);
  const offsets = steps.map(({ offsetMs }) => offsetMs);
  return { ...source, digest: () => digestOf(templates, offsets) };
}

/** Two events: what is the same in both, and what is not, must both show. */
const PROBES = [
  { number: 0, atMs: 1_700_000_000_000 },
  { number: 987_654_321, atMs: 1_712_345_678_901 },
] as const;

/** @param plan - how the templates follow one another */
function digestOf(templates: readonly EventTemplate[], plan: readonly unknown[]): string {
  const hash = createHash('sha256').update(JSON.stringify(plan));
  for (const template of templates) {
    const renderer = template.createRenderer();
    for (const { number, atMs } of PROBES)
      hash.update(renderer.render({ event: number, story: number }, atMs).body);
  }
  return hash.digest('hex').slice(0, 16);
}
