import { parseDurationMs } from '../../delivery/time-scale.ts';
import { at, object, scalar, type JsonMember, type JsonNode } from '../../json/node.ts';
import { parseJson, serialise } from '../../json/text.ts';
import { loadScenario, SCENARIO_NAMES, type Scenario } from '../../scenario/load.ts';
import { runScenario } from '../../scenario/run.ts';
import { ContentError, UnknownNameError } from '../../errors.ts';
import type { PreparedScenario } from '../../simulator/scenario.ts';
import { nearest } from '../../text/nearest.ts';
import { ProblemError, REFUSED } from '../api/problem.ts';
import { withDocuments } from '../deliveries/inline-fixture.ts';
import { isSettled } from '../deliveries/kept-delivery.ts';
import type { ServedDelivery } from '../deliveries/served-delivery.ts';
import { deliveryOf } from '../deliveries/new-deliveries.ts';
import type { NewRunBody } from '../schemas/tools.ts';
import type { ServerState } from '../server-state.ts';
import type { ServedWebhook } from '../webhooks/served-webhook.ts';

/** A scenario on its way to one webhook. */
export interface ScenarioRun {
  readonly id: string;
  readonly scenario: string;
  readonly webhookId: string;
  readonly startedAtMs: number;
  /** In the order of sending. */
  readonly deliveries: readonly ServedDelivery[];
}

/** The scenario whose steps come with the request. */
const INLINE = 'inline';

/** @throws {UnknownNameError | ContentError | ProblemError} */
export function scenarioOf(
  name: string,
  { body, text }: { readonly body: NewRunBody; readonly text: string },
  { library }: ServerState,
): Promise<Scenario> {
  if (name === INLINE) return inlineScenario({ body, text }, library);
  if (body.steps !== undefined) {
    throw new ProblemError(REFUSED.invalidBody, "'steps' belong to the scenario 'inline'", {
      where: 'body.steps',
    });
  }
  if (SCENARIO_NAMES.includes(name)) return loadScenario(name, library);
  // Never a path: a request names no files.
  const known = [...SCENARIO_NAMES, INLINE];
  const hint = `known: ${known.join(', ')}`;
  throw new UnknownNameError('scenario', name, { nearest: nearest(name, known), hint });
}

async function inlineScenario(
  { body, text }: { readonly body: NewRunBody; readonly text: string },
  library: ServerState['library'],
): Promise<Scenario> {
  if (body.steps === undefined) {
    throw new ProblemError(REFUSED.invalidBody, "the scenario 'inline' needs 'steps'", {
      where: 'body.steps',
    });
  }
  const documents = new Map<string, string>();
  const steps = at(parseJson(text), 'steps') as JsonNode & { kind: 'array' };
  const items = steps.items.map((step, index) => withFixtureFile(step, `fixture-${index}.json`, documents));
  const description = { key: 'description', value: scalar('steps of a request') };
  const file = object([description, { key: 'steps', value: { kind: 'array', items } }]);
  documents.set('./steps.json', serialise(file));
  const scenario = await loadScenario('./steps.json', withDocuments(library, documents)).catch(inRequest);
  return { ...scenario, name: INLINE };
}

/** Tells a fault of the files that were made of a request in the request's own terms. */
function inRequest(error: unknown): never {
  if (!(error instanceof ContentError)) throw error;
  const step = /fixture-(\d+)\.json$/.exec(error.path)?.[1];
  const where = `body.${step === undefined ? '' : `steps[${step}].fixture.`}${error.where}`;
  const detail = error.message.replace(`${error.path}: at ${error.where}`, where);
  throw new ProblemError(REFUSED.invalidBody, detail, { where });
}

/** Puts a step's fixture beside the scenario, where it looks for it. */
function withFixtureFile(step: JsonNode, fileName: string, documents: Map<string, string>): JsonNode {
  const fixture = at(step, 'fixture');
  if (step.kind !== 'object' || fixture === undefined) return step;
  documents.set(fileName, serialise(fixture));
  const named = (entry: JsonMember) =>
    entry.key === 'fixture' ? { key: 'fixture', value: scalar(fileName) } : entry;
  return object(step.members.map(named));
}

/** Builds and plans; sends nothing. */
export function prepareRun(
  webhook: ServedWebhook,
  scenario: Scenario,
  { shuffle, duplicates, jitter, seed, only, until, at: begin, referenceId }: NewRunBody,
): Promise<PreparedScenario> {
  return webhook.simulator.prepareScenario(scenario, {
    ...{ shuffle, duplicates, only, until, referenceId, planSeed: seed },
    jitterMs: jitter === undefined ? undefined : parseDurationMs(jitter),
    at: begin === undefined ? undefined : new Date(begin),
  });
}

/** Takes on all deliveries of the run, and begins them when they are due. */
export function startRun(
  webhook: ServedWebhook,
  { scenario, sendings }: PreparedScenario,
  { id, state, concurrency }: { id: string; state: ServerState; concurrency?: number | undefined },
): ScenarioRun {
  const { runner, clock } = state;
  const planned = sendings.map((sending) => ({
    ...sending,
    delivery: runner.take(webhook, {
      ...deliveryOf(webhook, sending.event),
      ...{ runId: id, copy: sending.copy, delayMs: sending.dueMs },
    }),
  }));
  const deliveries = planned.map(({ delivery }) => delivery);
  for (const delivery of deliveries.filter((one) => !isSettled(one))) {
    delivery.hurry = () => {
      void runner.run(webhook, delivery);
      return true;
    };
  }
  void runScenario(planned, {
    ...{ clock, simulatedClock: webhook.clock, concurrency },
    deliver: ({ delivery }, options) => runner.runTaken(webhook, delivery, options),
  });
  const run = { id, scenario: scenario.name, webhookId: webhook.id, startedAtMs: clock.now(), deliveries };
  state.journal?.noteRun(run);
  return run;
}

export function isOver({ deliveries }: ScenarioRun): boolean {
  return deliveries.every(isSettled);
}
