import { systemAlarmClock } from '../load/engine/alarm-clock.ts';
import { loadThreads, type ThreadTask } from '../load/workers/threads.ts';
import { http1SlotSender } from '../http/http1/slot-sender.ts';
import { UsageError } from '../errors.ts';
import type { SimulatorOptions, SimulatorDeps } from './deps.ts';
import { createEventSource, type SourceDeps, type SourceRecipe } from '../render/create-event-source.ts';
import { emitTogether } from '../load/workers/run-workers.ts';
import { attemptCount } from '../delivery/schedule.ts';
import type { JournalledWebhook } from '../journal/journalled-webhook.ts';
import { withoutSecrets } from '../journal/webhook-record.ts';
import { emit } from '../load/engine/emit.ts';
import type { EventSource } from '../render/event-source.ts';
import { JournalLog } from '../load/engine/journal-log.ts';
import type { LoadDeps, LoadPlan } from '../load/plan.ts';
import type { AlarmClock } from '../load/ports.ts';
import type { LoadResult } from '../load/result.ts';
import { checkPlan } from '../load/check-plan.ts';
import { shareOut } from '../load/share.ts';
import type { RunRecipe } from '../render/run-recipe.ts';

/** Which events a load run is made of: names with their weights, the events of a scenario, or a source of your own. */
export type LoadEvents =
  EventSource | { readonly mix?: string | undefined; readonly scenario?: string | undefined };

export interface LoadOptions
  extends
    Omit<LoadPlan, 'concurrency' | 'timeScale' | 'seed' | 'share' | 'startMs'>,
    Partial<Pick<LoadDeps, 'signal' | 'onStart' | 'log' | 'clock' | 'sender'>> {
  /** @default 50 */
  readonly concurrency?: number | undefined;
  /** Threads that share the events and the connections; they need fixtures, clock and network of the package. @default 1 */
  readonly workers?: number | undefined;
}

/** All that a simulator holds, and what it was made of. */
export type SimulatorLoadDeps = SimulatorDeps & { readonly seed: number; readonly given: SimulatorOptions };

const DEFAULT_CONCURRENCY = 50;

/** Builds the source where there is none yet, and runs: here, or in as many threads as there shall be workers. */
export async function simulateLoad(
  deps: SimulatorLoadDeps,
  events: LoadEvents,
  options: LoadOptions,
): Promise<LoadResult> {
  checkPlan({ ...options, ...('createRenderer' in events ? {} : pick(events)) });
  const { concurrency = DEFAULT_CONCURRENCY, workers = 1, onStart, log, clock, sender, ...rest } = options;
  const { seed, simulatedClock, disabled } = deps;
  // A webhook that is disabled gets nothing more.
  const signal = AbortSignal.any([disabled.signal, ...(options.signal ? [options.signal] : [])]);
  const plan: LoadPlan = { ...rest, concurrency, timeScale: simulatedClock.scale, seed };
  const plans = shareOut(plan, workers);
  if (workers > 1) {
    const pool = loadThreads(taskOf(deps, events, options));
    return emitTogether(plans, { pool, signal, onStart, now: () => systemAlarmClock.now() });
  }
  const { webhook, policy, library, given } = deps;
  const { endpoint } = webhook;
  const means: LoadDeps = {
    ...{ endpoint, policy, signal, onStart, log },
    sender: sender ?? http1SlotSender(endpoint.url, given),
    clock: clock ?? systemAlarmClock,
  };
  if (deps.journalled !== undefined) {
    return emitJournalled(
      events,
      { deps, journalled: deps.journalled, recipe: recipeOf(deps, options) },
      { plan, means },
    );
  }
  return emit(await eventSource({ library, webhook }, events, recipeOf(deps, options)), plan, means);
}

interface Journalled {
  readonly deps: SimulatorLoadDeps;
  readonly journalled: JournalledWebhook;
  readonly recipe: SourceRecipe;
}

async function emitJournalled(
  events: LoadEvents,
  { deps, journalled, recipe: bare }: Journalled,
  { plan, means }: { plan: LoadPlan; means: LoadDeps },
): Promise<LoadResult> {
  if ('createRenderer' in events) throw new UsageError(OWN_SOURCE);
  const recipe = { ...bare, ...pick(events) };
  const source = await createEventSource(recipe, deps);
  const log = logOf(deps, journalled, { recipe, digest: source.digest(), clock: means.clock });
  try {
    return await emit(source, plan, { ...means, log });
  } finally {
    log.close();
  }
}

function recipeOf({ clock, seed }: SimulatorLoadDeps, { ratePerSecond }: LoadOptions): SourceRecipe {
  return { seed, beginMs: Math.floor(clock.now()), ratePerSecond };
}

/** @throws {UsageError} for what cannot go to another thread */
function taskOf(deps: SimulatorLoadDeps, events: LoadEvents, options: LoadOptions): ThreadTask {
  const { given, policy } = deps;
  if (deps.journalled !== undefined) throw needsOwnThread('a journal');
  if ('createRenderer' in events) throw needsOwnThread('a source of your own');
  if (given.fixtures !== undefined) throw needsOwnThread('`fixtures` of your own');
  for (const name of ['log', 'clock', 'sender'] as const) {
    if (options[name] !== undefined) throw needsOwnThread(`\`${name}\``);
  }
  const { webhook, extras, allowRemote, insecure, ca, sourceAddress } = given;
  return {
    ...{ webhook, extras, policy },
    sending: { allowRemote, insecure, ca, sourceAddress },
    recipe: { ...recipeOf(deps, options), mix: events.mix, scenario: events.scenario },
  };
}

function needsOwnThread(what: string): UsageError {
  return new UsageError(`${what} cannot be given to the threads of several workers; omit \`workers\``);
}

/** The user's own source, or one that follows from the recipe. @throws {UsageError} */
export function eventSource(
  means: SourceDeps,
  events: LoadEvents,
  recipe: Omit<SourceRecipe, 'mix' | 'scenario'>,
): Promise<EventSource> | EventSource {
  return 'createRenderer' in events ? events : createEventSource({ ...recipe, ...events }, means);
}

const OWN_SOURCE =
  'a journal does not keep the bodies of a load run, and nothing tells how a source of your own makes them again; ' +
  'use a mix or a scenario, or no journal';

/** What the recipe takes of them, whatever else a caller has put there. */
function pick({ mix, scenario }: Exclude<LoadEvents, EventSource>) {
  return { mix, scenario };
}

function logOf(
  { policy, given, webhook, simulatedClock }: SimulatorLoadDeps,
  owner: JournalledWebhook,
  { recipe, digest, clock }: { recipe: SourceRecipe; digest: string; clock: AlarmClock },
): JournalLog {
  const { extras = {} } = given;
  const attributes = withoutSecrets(given.webhook);
  const kept: RunRecipe = { source: recipe, attributes, extras, digest };
  const { journal } = owner;
  const run = { webhook: owner.webhook, attemptsTotal: attemptCount(policy), recipe: JSON.stringify(kept) };
  const { url } = webhook.endpoint;
  return new JournalLog({ journal, owner, run, policy, url, timeScale: simulatedClock.scale, clock });
}
