import { systemAlarmClock } from './adapters/alarm-clock.ts';
import { undiciSlots } from './adapters/undici-slots.ts';
import type { SenderOptions } from './adapters/undici-sender.ts';
import { attemptCount } from './delivery/schedule.ts';
import { UsageError } from './errors.ts';
import type { JournalledWebhook } from './journal/journalled-webhook.ts';
import type { SimulatorOptions, World } from './simulator.ts';
import { createEventSource, type SourceRecipe } from './volume/create-event-source.ts';
import { emit } from './volume/emit.ts';
import type { EventSource } from './volume/event-source.ts';
import { JournalLog } from './volume/journal-log.ts';
import type { LoadMeans, LoadPlan } from './volume/load-plan.ts';
import type { LoadResult } from './volume/load-result.ts';
import { withoutSecrets, type RunRecipe } from './volume/run-recipe.ts';

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

type LoadWorld = World & {
  readonly seed: number;
  readonly sending: SenderOptions & Pick<SimulatorOptions, 'webhook' | 'extras'>;
};

/** Builds the source where there is none yet, and runs. */
export async function simulateLoad(
  world: LoadWorld,
  events: LoadEvents,
  options: LoadOptions,
): Promise<LoadResult> {
  const { webhook, policy, library, seed, sending, simulatedClock } = world;
  const { endpoint } = webhook;
  const { concurrency = DEFAULT_CONCURRENCY, clock = systemAlarmClock } = options;
  const sender = options.sender ?? undiciSlots(endpoint.url, { ...sending, timeoutMs: policy.timeoutMs });
  const plan = { ...options, concurrency, timeScale: simulatedClock.scale, seed };
  const means = { ...options, endpoint, policy, sender, clock };
  if ('createRenderer' in events) {
    if (world.journalled !== undefined) throw new UsageError(OWN_SOURCE);
    return emit(events, plan, means);
  }
  const { ratePerSecond } = options;
  const recipe = { ...pick(events), seed, beginMs: Math.floor(world.clock.now()), ratePerSecond };
  const source = await createEventSource(recipe, { library, webhook });
  if (world.journalled === undefined) return emit(source, plan, means);
  const log = logOf(world, world.journalled, { recipe, digest: source.digest() });
  try {
    return await emit(source, plan, { ...means, log });
  } finally {
    log.close();
  }
}

const OWN_SOURCE =
  'a journal does not keep the bodies of a load run, and nothing tells how a source of your own makes them again; ' +
  'use a mix or a scenario, or no journal';

/** What the recipe takes of them, whatever else a caller has put there. */
function pick({ mix, scenario }: Exclude<LoadEvents, EventSource>) {
  return { mix, scenario };
}

function logOf(
  { policy, sending, webhook, simulatedClock }: LoadWorld,
  { journal, webhook: number }: JournalledWebhook,
  { recipe, digest }: { recipe: SourceRecipe; digest: string },
): JournalLog {
  const { extras = {} } = sending;
  const attributes = withoutSecrets(sending.webhook);
  const kept: RunRecipe = { source: recipe, attributes, extras, digest };
  const run = { webhook: number, attemptsTotal: attemptCount(policy), recipe: JSON.stringify(kept) };
  return new JournalLog({ journal, run, policy, url: webhook.endpoint.url, timeScale: simulatedClock.scale });
}
