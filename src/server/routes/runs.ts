import * as z from 'zod';
import type { StoredState } from '../../journal/delivery-store.ts';
import { route, json, jsonOfNew } from '../api/route.ts';
import { waitUntil, type Condition } from '../api/wait-until.ts';
import { isOver, prepareRun, scenarioOf, startRun, type ScenarioRun } from '../runs/scenario-run.ts';
import { settledParameters } from '../schemas/common.ts';
import { stateSchema } from '../schemas/delivery.ts';
import { newRunSchema, runSchema } from '../schemas/tools.ts';
import type { ServerState } from '../server-state.ts';
import { isoTime } from '../views/iso-time.ts';

const waitQuery = z.object(settledParameters);

export const RUN_ROUTES = [
  route({
    ...{ method: 'POST', path: '/v1/scenarios/{scenario}/runs', name: 'runScenario' },
    summary: "Send a scenario; 'inline' names the steps of the body",
    query: waitQuery,
    body: newRunSchema,
    bodyIsOptional: true,
    answers: { 200: jsonOfNew(runSchema, 'All is settled.'), 202: jsonOfNew(runSchema, 'Under way.') },
    handle: async ({ params, query, body, text, request }, state) => {
      const webhook = state.webhooks.get(body.webhook ?? 'default');
      const run = await webhook.clock.during(async () => {
        const scenario = await scenarioOf(params['scenario'] ?? '', { body, text }, state);
        const prepared = await prepareRun(webhook, scenario, body);
        state.webhooks.checkPresent(webhook);
        return state.runs.add(
          startRun(webhook, prepared, { id: state.runs.nextId(), state, concurrency: body.concurrency }),
        );
      });
      const isTrue = await waitUntil(allSettled(run, state), query, request);
      const headers = { location: `/v1/runs/${run.id}` };
      return { status: query.wait !== undefined && isTrue ? 200 : 202, json: runView(run), headers };
    },
  }),
  route({
    ...{ method: 'GET', path: '/v1/runs/{run}', name: 'getRun' },
    summary: "Show a run; 'latest' names the newest",
    query: waitQuery,
    answers: { 200: json(runSchema, 'The run.'), 202: json(runSchema, 'The time ran out.') },
    handle: async ({ params, query, request }, state) => {
      const run = state.runs.get(params['run'] ?? '');
      const isTrue = await waitUntil(allSettled(run, state), query, request);
      return { status: isTrue ? 200 : 202, json: runView(run) };
    },
  }),
];

function allSettled(run: ScenarioRun, { history }: ServerState): Condition {
  return {
    verdict: () => (isOver(run) ? true : undefined),
    subscribe: (listener) => {
      const ends = run.deliveries.map((delivery) => history.watch(delivery, listener));
      return () => {
        for (const end of ends) end();
      };
    },
  };
}

type Counts = z.output<typeof runSchema>['counts'];

function runView(run: ScenarioRun): z.output<typeof runSchema> {
  const { id, scenario, webhookId, startedAtMs, deliveries } = run;
  const count = (state: StoredState) => deliveries.filter((delivery) => delivery.state === state).length;
  return {
    ...{ type: 'run', id, scenario, webhook: webhookId, state: isOver(run) ? 'settled' : 'running' },
    startedAt: isoTime(startedAtMs),
    counts: Object.fromEntries(stateSchema.options.map((state) => [state, count(state)])) as Counts,
    deliveries: deliveries.map(({ id: delivery, eventName, state, copy = 1 }) => ({
      ...{ id: delivery, eventName, state, copy },
    })),
  };
}
