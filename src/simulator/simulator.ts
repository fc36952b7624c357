import { bundledFixtures } from '../fixture/files.ts';
import { newSeed, seededRandom } from '../event/seeded-random.ts';
import { systemClock } from '../delivery/system-clock.ts';
import { checkLiteral, lateSender } from '../http/connection-rules.ts';
import type { Delivery } from '../delivery/deliver.ts';
import { MovableClock } from '../delivery/movable-clock.ts';
import { REAL_TIME } from '../delivery/time-scale.ts';
import type { Event } from '../event/build.ts';
import { JournalledWebhook } from '../journal/journalled-webhook.ts';
import { recordWebhook } from '../journal/webhook-record.ts';
import { composePayload, type Payload } from '../payload/compose.ts';
import { DEFAULT_POLICY, type DeliveryPolicy } from '../persona/policies.ts';
import type { PlannedReplay } from '../recording/plan.ts';
import type { ReplayOptions } from './replay.ts';
import type { EnqueueLoadOptions } from './enqueue.ts';
import type { DeliveryQueue } from '../queue/delivery-queue.ts';
import type { LoadEvents, LoadOptions } from './load.ts';
import type { PreparedScenario, ScenarioHooks, ScenarioOptions } from './scenario.ts';
import type { LoadResult } from '../load/result.ts';
import type { WebhookAttributes } from '../persona/webhook.ts';
import type { Scenario } from '../scenario/load.ts';
import { configureWebhook, type Webhook, type WebhookExtras } from '../webhook/configure.ts';
import { composeNext, type ComposedEvent, type TemplatesByFixture } from './compose-next.ts';
import { buildEvents, buildOne, deliverOne, takeOn } from './deliver.ts';
import type { DeliverOptions, EventOptions, SimulatorDeps, SimulatorOptions } from './deps.ts';

export interface Simulator {
  readonly seed: number;
  readonly webhook: Webhook;
  readonly policy: DeliveryPolicy;
  /**
   * The clock that all waits are slept on: pause it, and step through a schedule attempt by attempt.
   * @example
   * simulator.clock.pause();
   * const delivery = simulator.deliver('inquiry.approved');
   * await simulator.clock.next(); // the second attempt is over
   * await simulator.clock.advance('66s'); // and the third
   */
  readonly clock: MovableClock;
  /** Builds an event; all events of a simulator are about the same objects. */
  build(eventName: string, options?: EventOptions): Promise<Event>;
  /** Builds several events on one time line; see buildRun. */
  buildAll(eventNames: readonly string[], options?: EventOptions): Promise<Event[]>;
  /** The body that this webhook's receiver gets, and what the blocklist removed from it. */
  compose(event: Event): Payload;
  /**
   * `build` and `compose` in one: the same bytes, in a fraction of the time once two events of a fixture have been
   * built without options.
   */
  composeNext(eventName: string, options?: EventOptions): Promise<ComposedEvent>;
  /** Makes what would be made next, as often as is wanted, and leaves ids and chance as they are. */
  rehearsal(): Pick<Simulator, 'build' | 'composeNext'>;
  /** Writes deliveries of these events into the journal before the first begins, so that none is lost. */
  takeOn(events: readonly Event[]): void;
  /**
   * Builds, composes, signs and delivers; resolves when the delivery is settled.
   * @throws {JournalBrokenError} when the journal can no longer be written
   */
  deliver(event: string | Event, options?: DeliverOptions): Promise<Delivery>;
  /** Loads a scenario by name or file, builds its events and plans their sending; sends nothing. */
  prepareScenario(scenario: string | Scenario, options?: ScenarioOptions): Promise<PreparedScenario>;
  /** Sends a scenario; resolves when all of its deliveries are settled. */
  runScenario(
    scenario: string | PreparedScenario,
    options?: ScenarioOptions & ScenarioHooks,
  ): Promise<Delivery[]>;
  /**
   * Delivers many events, at a rate or as fast as the receiver allows, retries included; resolves with what was
   * counted. @throws {HookcastError} for a mix that makes no sense, or when this machine cannot go on
   * @example
   * const result = await simulator.emit({ mix: 'inquiry.*' }, { count: 1000, ratePerSecond: 100 });
   */
  emit(events: LoadEvents, options: LoadOptions): Promise<LoadResult>;
  /** Puts many events into a queue, for workers to deliver; resolves with how many deliveries are in it. */
  enqueue(
    events: LoadEvents,
    options: EnqueueLoadOptions & { readonly queue: DeliveryQueue },
  ): Promise<number>;
  /** Sends recorded bodies again, byte for byte; resolves when all deliveries are settled. */
  replay(plan: readonly PlannedReplay[], options?: ReplayOptions): Promise<Delivery[]>;
  /**
   * Changes the webhook for all that is built and composed from now on; ids and the clock stay.
   * @throws {UsageError | BlocklistSyntaxError} when the webhook makes no sense; it is unchanged then
   */
  reconfigure(webhook: WebhookAttributes, extras?: WebhookExtras): void;
  /** Settles pending deliveries as failed, as Persona does when a webhook is disabled; the simulator sends no more. */
  disable(): void;
}

/**
 * A stand-in for Persona's sender with one webhook.
 * @throws {UsageError | BlocklistSyntaxError} when the webhook makes no sense
 * @example
 * const simulator = createSimulator({ webhook: { url: 'http://localhost:3000/hook' }, timeScale: Infinity });
 * const delivery = await simulator.deliver('inquiry.approved', { referenceId: 'user-1' });
 * delivery.state; // 'completed' | 'failed' | 'skipped' | 'cancelled'
 */
export function createSimulator(options: SimulatorOptions): Simulator {
  const seed = options.seed ?? newSeed();
  let deps = depsOf(options, seed);
  let templates: TemplatesByFixture = new WeakMap();
  return {
    seed,
    get webhook() {
      return deps.webhook;
    },
    policy: deps.policy,
    clock: deps.simulatedClock,
    build: (name, eventOptions) => buildOne(deps, name, eventOptions),
    buildAll: (names, eventOptions) => buildEvents(deps, names, eventOptions),
    compose: (event) => composePayload(event, deps.webhook.payload),
    composeNext: (name, eventOptions) => composeNext(deps, templates, { name, options: eventOptions }),
    rehearsal: () => {
      const aside = { ...deps, random: deps.random.copy(), ids: new Map(deps.ids) };
      const own: TemplatesByFixture = new WeakMap();
      return {
        build: (name, eventOptions) => buildOne(aside, name, eventOptions),
        composeNext: (name, eventOptions) => composeNext(aside, own, { name, options: eventOptions }),
      };
    },
    reconfigure: (webhook, extras) => {
      deps = { ...deps, webhook: configureWebhook(webhook, extras) };
      templates = new WeakMap();
    },
    takeOn: (events) =>
      takeOn(
        deps,
        events.map((event) => ({ event, dueMs: 0, key: event })),
      ),
    disable: () => {
      deps.journalled?.disable();
      deps.disabled.abort(new Error('disabled'));
    },
    deliver: (event, deliverOptions) => deliverOne(deps, event, deliverOptions),
    prepareScenario: async (scenario, scenarioOptions) =>
      (await scenarios()).prepareScenario(deps, scenario, scenarioOptions),
    runScenario: async (scenario, runOptions) =>
      (await deps.simulatedClock.during(scenarios)).simulateScenario(deps, scenario, runOptions),
    // Only who sends in volume pays for loading what that needs.
    emit: async (events, emitOptions) =>
      (await import('./load.ts')).simulateLoad({ ...deps, seed, given: options }, events, emitOptions),
    enqueue: async (events, enqueueOptions) =>
      (await import('./enqueue.ts')).enqueueLoad({ ...deps, seed }, events, enqueueOptions),
    replay: async (plan, replayOptions) =>
      (await import('./replay.ts')).replayRecordings(deps, plan, replayOptions),
  };
}

function depsOf(
  options: SimulatorOptions,
  seed: number,
): SimulatorDeps & { readonly simulatedClock: MovableClock } {
  const webhook = configureWebhook(options.webhook, options.extras);
  const clock = options.clock ?? systemClock;
  const simulatedClock = new MovableClock(clock, options.timeScale ?? REAL_TIME);
  const journalled = journalledWebhook(webhook, options);
  journalled?.follow(simulatedClock, clock);
  return {
    webhook,
    library: options.fixtures ?? bundledFixtures(),
    random: seededRandom(seed),
    ids: new Map(),
    policy: options.policy ?? DEFAULT_POLICY,
    clock,
    simulatedClock,
    sender: options.sender ?? lateSender(options),
    checkAddress: () => {
      if (options.sender === undefined) checkLiteral(webhook.endpoint.url, options);
    },
    journalled,
    takenOn: new Map(),
    disabled: new AbortController(),
  };
}

/** Loaded with the first scenario: a single event must not pay for it. */
function scenarios() {
  return import('./scenario.ts');
}

function journalledWebhook(
  { endpoint }: Webhook,
  { journal, journalling, policy = DEFAULT_POLICY }: SimulatorOptions,
): JournalledWebhook | undefined {
  if (journal === undefined) return undefined;
  const how = { source: { from: 'code' } as const, ...journalling, policy, salt: journal.salt };
  return new JournalledWebhook(journal, journal.addWebhook(recordWebhook(endpoint, how)));
}
