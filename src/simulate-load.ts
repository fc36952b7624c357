import { systemAlarmClock } from './adapters/alarm-clock.ts';
import { undiciSlots } from './adapters/undici-slots.ts';
import type { SenderOptions } from './adapters/undici-sender.ts';
import type { World } from './simulator.ts';
import { createEventSource, type SourceMeans, type SourceRecipe } from './volume/create-event-source.ts';
import { emit } from './volume/emit.ts';
import type { EventSource } from './volume/event-source.ts';
import type { LoadMeans, LoadPlan } from './volume/load-plan.ts';
import type { LoadResult } from './volume/load-result.ts';

/** Which events a load run is made of: names with their weights, the events of a scenario, or a source of your own. */
export type LoadEvents =
  EventSource | { readonly mix?: string | undefined; readonly scenario?: string | undefined };

export interface LoadOptions
  extends
    Omit<LoadPlan, 'concurrency' | 'timeScale' | 'seed'>,
    Partial<Pick<LoadMeans, 'signal' | 'onStart' | 'log' | 'clock' | 'sender'>> {
  /** @default 50 */
  readonly concurrency?: number | undefined;
}

const DEFAULT_CONCURRENCY = 50;

/** Builds the source where there is none yet, and runs. */
export async function simulateLoad(
  world: World & { readonly seed: number; readonly sending: SenderOptions },
  events: LoadEvents,
  options: LoadOptions,
): Promise<LoadResult> {
  const { webhook, policy, seed, sending, simulatedClock } = world;
  const { endpoint } = webhook;
  const { ratePerSecond } = options;
  const beginMs = Math.floor(world.clock.now());
  const source = await eventSource(world, events, { seed, beginMs, ratePerSecond });
  const { concurrency = DEFAULT_CONCURRENCY, clock = systemAlarmClock } = options;
  const sender = options.sender ?? undiciSlots(endpoint.url, { ...sending, timeoutMs: policy.timeoutMs });
  const plan = { ...options, concurrency, timeScale: simulatedClock.scale, seed };
  return emit(source, plan, { ...options, endpoint, policy, sender, clock });
}

/** The user's own source, or one that follows from the recipe. @throws {UsageError} */
export function eventSource(
  means: SourceMeans,
  events: LoadEvents,
  recipe: Omit<SourceRecipe, 'mix' | 'scenario'>,
): Promise<EventSource> | EventSource {
  return 'createRenderer' in events ? events : createEventSource({ ...recipe, ...events }, means);
}
