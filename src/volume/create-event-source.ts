import { UsageError } from '../errors.ts';
import { buildEvent } from '../event/build.ts';
import { loadFixture, type Fixture, type FixtureLibrary } from '../fixture/load.ts';
import { composePayload, type PayloadConfiguration } from '../payload/compose.ts';
import { loadScenario } from '../scenario/load.ts';
import type { Webhook } from '../webhook/configure.ts';
import type { EventSource } from './event-source.ts';
import { bySeed } from './splitmix.ts';

export interface EventSourceOptions {
  /** `inquiry.approved=8,inquiry.declined=1`: names, or patterns with a star, each with its weight. */
  readonly mix?: string | undefined;
  /** The events of a scenario, story after story, in place of a mix. */
  readonly scenario?: string | undefined;
  readonly library: FixtureLibrary;
  readonly webhook: Webhook;
  readonly seed: number;
}

interface Making {
  readonly payload: PayloadConfiguration;
  readonly seed: number;
}

const DEFAULT_MIX = 'inquiry.approved';

/** An endless source: each event is built and composed, ids and all, from its number alone. */
export async function createEventSource(options: EventSourceOptions): Promise<EventSource> {
  const { mix = DEFAULT_MIX, scenario, library, webhook, seed } = options;
  const { payload } = webhook;
  if (scenario !== undefined) {
    const { steps } = await loadScenario(scenario, library);
    return storySource(
      steps.map(({ fixture }) => fixture),
      { payload, seed },
    );
  }
  const all = parseMix(mix, library.names);
  const loaded = await Promise.all(
    all.map(async (one) => ({ ...one, fixture: await loadFixture(one.name, library) })),
  );
  const shares = loaded.filter(({ fixture }) => isWanted(fixture, webhook));
  const total = shares.reduce((sum, { share }) => sum + share, 0);
  if (shares.length === 0) throw new UsageError('nothing to send: the webhook wants none of these events');
  const pick = (eventNumber: number) => {
    let point = (total * bySeed(seed ^ 0x5bd1, eventNumber).below(1_000_000)) / 1_000_000;
    const index = shares.findIndex(({ share }) => (point -= share) < 0);
    return [(shares.at(index) as { fixture: Fixture }).fixture];
  };
  return source(pick, eventNumberItself, { payload, seed });
}

function isWanted(fixture: Fixture, webhook: Webhook): boolean {
  const event = buildEvent(fixture, { atMs: 0, random: bySeed(0, 0) });
  return webhook.verdict(fixture.name, composePayload(event, webhook.payload)).kind === 'deliver';
}

const eventNumberItself = (eventNumber: number) => eventNumber;

/** Events of one story are about the same objects. */
function storySource(fixtures: readonly Fixture[], means: Making): EventSource {
  const upTo = (eventNumber: number) => fixtures.slice(0, (eventNumber % fixtures.length) + 1);
  return source(upTo, (eventNumber) => Math.floor(eventNumber / fixtures.length), means);
}

function source(
  fixturesOf: (eventNumber: number) => readonly Fixture[],
  storyOf: (eventNumber: number) => number,
  { payload, seed }: Making,
): EventSource {
  return {
    count: Number.POSITIVE_INFINITY,
    createRenderer: () => ({
      render: (eventNumber, atMs) => {
        const random = bySeed(seed, storyOf(eventNumber));
        const ids = new Map<string, string>();
        const events = fixturesOf(eventNumber).map((fixture) => buildEvent(fixture, { atMs, random, ids }));
        const event = events.at(-1);
        if (event === undefined) throw new Error('a story without events');
        const { body } = composePayload(event, payload);
        return { eventName: event.name, eventId: event.id, body };
      },
    }),
  };
}

/** @throws {UsageError} for a pattern that matches nothing, and for a weight that is none */
function parseMix(text: string, names: readonly string[]): { name: string; share: number }[] {
  const weights = new Map<string, number>();
  for (const entry of text.split(',')) {
    const { pattern, weight } = parseEntry(entry.trim());
    const literal = pattern.split('*').map((part) => part.replace(/[.\\+?^${}()|[\]/]/g, '\\$&'));
    const matching = names.filter((name) => new RegExp(`^${literal.join('.*')}$`).test(name));
    if (matching.length === 0)
      throw new UsageError(`--mix ${pattern}: no event with a fixture has such a name`);
    for (const name of matching) weights.set(name, (weights.get(name) ?? 0) + weight / matching.length);
  }
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  return [...weights].map(([name, weight]) => ({ name, share: weight / total }));
}

function parseEntry(entry: string): { pattern: string; weight: number } {
  const [pattern = '', weightText = '1', ...rest] = entry.split('=');
  const weight = Number(weightText);
  if (pattern !== '' && rest.length === 0 && weight > 0 && weight !== Infinity) return { pattern, weight };
  throw new UsageError(`--mix '${entry}': expected pattern=weight, e.g. inquiry.*=8,report/*=1`);
}
