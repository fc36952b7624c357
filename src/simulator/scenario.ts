import { seededRandom } from '../event/seeded-random.ts';
import type { Delivery } from '../delivery/deliver.ts';
import type { Event } from '../event/build.ts';
import { buildScenario } from '../scenario/build.ts';
import { loadScenario, type Scenario } from '../scenario/load.ts';
import { latestBeginMs, planScenario, type PlannedSend, type PlanOptions } from '../scenario/plan.ts';
import { runScenario, type RunHooks } from '../scenario/run.ts';
import { deliverOne, takeOn } from './deliver.ts';
import type { SimulatorDeps } from './deps.ts';

export interface ScenarioOptions extends PlanOptions {
  /** When the first event happened. @default as late as it can be without an event being sent before it happens */
  readonly at?: Date | undefined;
  /** `reference-id` of the person: of every inquiry and account. */
  readonly referenceId?: string | undefined;
  /** Order, duplicates and lateness follow from it. @default drawn from the simulator's */
  readonly planSeed?: number | undefined;
}

export type ScenarioHooks = RunHooks<Sending>;

/** A planned sending with its event. */
export interface Sending extends PlannedSend {
  readonly event: Event;
}

/** A scenario that is ready to be sent. */
export interface PreparedScenario {
  readonly scenario: Scenario;
  /** When the first event happens, milliseconds since 1970. */
  readonly beginMs: number;
  /** In the order of sending. */
  readonly sendings: readonly Sending[];
}

/** Loads, plans and builds, so that a seed and a beginning say everything about what is sent in which order. */
export async function prepareScenario(
  { library, random, ids, clock, simulatedClock }: SimulatorDeps,
  given: string | Scenario,
  { at, referenceId, planSeed, ...planOptions }: ScenarioOptions = {},
): Promise<PreparedScenario> {
  const scenario = typeof given === 'string' ? await loadScenario(given, library) : given;
  // Chance of its own: the same events have the same ids in whatever order they are sent.
  const plan = planScenario(scenario, planOptions, seededRandom(planSeed ?? random.below(4_294_967_296)));
  const beginMs =
    at?.getTime() ?? latestBeginMs(scenario, plan, { nowMs: clock.now(), timeScale: simulatedClock.scale });
  const events = buildScenario(scenario, { beginMs, random, ids, referenceId });
  const sendings = plan.map((send) => ({ ...send, event: events[send.eventIndex] as Event }));
  return { scenario, beginMs, sendings };
}

/** Sends a scenario, all waits on the simulator's clock. */
export async function simulateScenario(
  deps: SimulatorDeps,
  given: string | PreparedScenario,
  options: ScenarioOptions & ScenarioHooks = {},
): Promise<Delivery[]> {
  const { clock, simulatedClock } = deps;
  const { sendings } =
    typeof given === 'string'
      ? await simulatedClock.during(() => prepareScenario(deps, given, options))
      : given;
  takeOn(
    deps,
    sendings.map((sending) => ({ ...sending, key: sending })),
  );
  return runScenario(sendings, {
    ...{ ...options, clock, simulatedClock },
    deliver: (sending, means) => deliverOne(deps, sending.event, { ...means, key: sending }),
  });
}
