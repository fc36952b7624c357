import { bundledFixtures } from './adapters/files.ts';
import { newSeed, seededRandom } from './adapters/seeded-random.ts';
import { systemClock } from './adapters/system-clock.ts';
import { undiciSender, type SenderOptions } from './adapters/undici-sender.ts';
import { deliver, skippedDelivery, type Delivery, type DeliveryContext } from './delivery/deliver.ts';
import { MovableClock, type SimulatedClock } from './delivery/movable-clock.ts';
import { REAL_TIME, type TimeScale } from './delivery/time-scale.ts';
import { buildRun } from './event/build-run.ts';
import type { BuildOptions } from './event/build.ts';
import type { Event } from './event/event.ts';
import type { IdMap } from './event/rename-ids.ts';
import { loadFixture, loadOwnFixture, type FixtureLibrary } from './fixture/load.ts';
import { composePayload, type Payload } from './payload/compose.ts';
import { DEFAULT_POLICY, type DeliveryPolicy } from './persona/policies.ts';
import type { WebhookAttributes } from './persona/webhook.ts';
import type { Clock, HttpSender, Random } from './ports.ts';
import type { LoadEvents, LoadOptions } from './simulate-load.ts';
import {
  prepareScenario,
  runPreparedScenario,
  type PreparedScenario,
  type ScenarioHooks,
  type DeliverEvent,
  type ScenarioOptions,
} from './simulate-scenario.ts';
import type { LoadResult } from './volume/load-result.ts';
import { configureWebhook, type Webhook, type WebhookExtras } from './webhook/configure.ts';

export interface SimulatorOptions extends SenderOptions {
  /** A webhook with Persona's attribute names; only `url` is needed. */
  readonly webhook: WebhookAttributes;
  /** @default persona-2022: 5 s, exactly 200, nine attempts over 124 hours */
  readonly policy?: DeliveryPolicy | undefined;
  /** Simulated seconds per real second; `Infinity` leaves no waits. @default 1 */
  readonly timeScale?: TimeScale | undefined;
  /** Ids and everything else made up follow from it. @default a new one each time, see `simulator.seed` */
  readonly seed?: number | undefined;
  /** Our own choices where Persona's documentation is silent. */
  readonly extras?: WebhookExtras | undefined;
  /** Replaces real time, e.g. by a test's virtual clock. */
  readonly clock?: Clock | undefined;
  /** Replaces the network. */
  readonly sender?: HttpSender | undefined;
  /** @default the fixtures of the package */
  readonly fixtures?: FixtureLibrary | undefined;
}

/** What one event shall be like; see BuildOptions. */
export interface EventOptions extends Partial<
  Pick<BuildOptions, 'id' | 'referenceId' | 'overrides' | 'keep'>
> {
  /** When the event happened. @default now */
  readonly at?: Date | undefined;
  /**
   * A JSON file of your own instead of the fixture: an event, a bare API object, or a recipe; or a folder with one
   * such file per event, `<event name>.json`.
   */
  readonly fixture?: string | undefined;
}

export type DeliverOptions = EventOptions & Pick<DeliveryContext, 'signal' | 'onAttempt'>;

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
  /** Builds, composes, signs and delivers; resolves when the delivery is settled. */
  deliver(event: string | Event, options?: DeliverOptions): Promise<Delivery>;
  /** Loads a scenario by name or file, builds its events and plans their sending; sends nothing. */
  prepareScenario(nameOrPath: string, options?: ScenarioOptions): Promise<PreparedScenario>;
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
  const webhook = configureWebhook(options.webhook, options.extras);
  const seed = options.seed ?? newSeed();
  const clock = options.clock ?? systemClock;
  const simulatedClock = new MovableClock(clock, options.timeScale ?? REAL_TIME);
  const world: World = {
    webhook,
    library: options.fixtures ?? bundledFixtures(),
    random: seededRandom(seed),
    ids: new Map(),
    policy: options.policy ?? DEFAULT_POLICY,
    clock,
    simulatedClock,
    sender: options.sender ?? undiciSender(options),
  };
  return {
    seed,
    webhook,
    policy: world.policy,
    clock: simulatedClock,
    build: async (name, eventOptions) => (await buildEvents(world, [name], eventOptions))[0] as Event,
    buildAll: (names, eventOptions) => buildEvents(world, names, eventOptions),
    compose: (event) => composePayload(event, webhook.payload),
    deliver: (event, deliverOptions) => simulatedClock.during(() => deliverOne(world, event, deliverOptions)),
    prepareScenario: (nameOrPath, scenarioOptions) => prepareScenario(world, nameOrPath, scenarioOptions),
    runScenario: async (scenario, runOptions = {}) => {
      const isPrepared = typeof scenario !== 'string';
      const prepared = isPrepared ? scenario : await prepareScenario(world, scenario, runOptions);
      const deliverEvent: DeliverEvent = (event, { simulatedClock: placed, skippedMs, ...means }) =>
        placed.during(() => deliverOne({ ...world, simulatedClock: placed, skippedMs }, event, means));
      return runPreparedScenario(prepared, { ...world, ...runOptions, deliverEvent });
    },
    emit: async (events, emitOptions) => {
      // Only who sends in volume pays for loading what that needs.
      const { simulateLoad } = await import('./simulate-load.ts');
      return simulateLoad({ ...world, seed, sending: options }, events, emitOptions);
    },
  };
}

/** All that a simulator holds. */
export interface World {
  readonly webhook: Webhook;
  readonly library: FixtureLibrary;
  readonly random: Random;
  readonly ids: IdMap;
  readonly policy: DeliveryPolicy;
  readonly clock: Clock;
  readonly simulatedClock: SimulatedClock;
  readonly skippedMs?: number | undefined;
  readonly sender: HttpSender;
}

async function buildEvents(
  { library, clock, random, ids }: World,
  names: readonly string[],
  { at, fixture, ...options }: EventOptions = {},
): Promise<Event[]> {
  const load = (name: string) =>
    fixture === undefined ? loadFixture(name, library) : loadOwnFixture(name, fixture, library);
  const fixtures = await Promise.all(names.map(load));
  return buildRun(fixtures, { ...options, ids, random, atMs: at?.getTime() ?? Math.floor(clock.now()) });
}

async function deliverOne(
  world: World,
  given: string | Event,
  { signal, onAttempt, ...options }: DeliverOptions = {},
): Promise<Delivery> {
  const event = typeof given === 'string' ? (await buildEvents(world, [given], options))[0] : given;
  if (event === undefined) throw new Error('no event was built');
  const { webhook } = world;
  const payload = composePayload(event, webhook.payload);
  const job = { eventId: event.id, eventName: event.name, body: payload.body, endpoint: webhook.endpoint };
  if (webhook.verdict(event.name, payload).kind !== 'deliver') return skippedDelivery(job);
  return deliver(job, { ...world, signal, onAttempt });
}
