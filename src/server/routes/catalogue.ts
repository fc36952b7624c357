import * as z from 'zod';
import { scheduleOf } from '../../delivery/schedule.ts';
import { findEvents } from '../../fixture/find-events.ts';
import { summariseFixtures } from '../../fixture/summary.ts';
import { eventFamily } from '../../persona/event-names.ts';
import { loadScenario, SCENARIO_NAMES } from '../../scenario/load.ts';
import { route, json } from '../api/route.ts';
import { eventNamesSchema, scenariosSchema, scheduleSchema } from '../schemas/catalogue.ts';
import type { ServerState } from '../server-state.ts';
import { policyOf } from '../webhooks/read-webhook.ts';

export const CATALOGUE_ROUTES = [
  route({
    ...{ method: 'GET', path: '/v1/event-names', name: 'listEventNames' },
    summary: 'List the events, and which have a fixture',
    query: z.object({
      pattern: z.string().min(1).optional().meta({ description: 'A part of the name, or the whole with *.' }),
    }),
    answers: { 200: json(eventNamesSchema, 'The events.') },
    handle: async ({ query }, { library }) => {
      const names = findEvents(query.pattern, library, 'all names: GET /v1/event-names');
      const withFixture = names.filter((name) => library.names.includes(name));
      const summaries = await summariseFixtures(withFixture, library);
      const events = names.map((name) => {
        const { type, trigger } = summaries.get(name) ?? {};
        return { name, family: eventFamily(name), hasFixture: summaries.has(name), type, trigger };
      });
      return { status: 200, json: { events } };
    },
  }),
  route({
    ...{ method: 'GET', path: '/v1/schedule', name: 'getSchedule' },
    summary: 'Show a retry schedule',
    query: z.object({ policy: z.string().min(1).optional().meta({ description: 'Default: persona-2022.' }) }),
    answers: { 200: json(scheduleSchema, 'The schedule.') },
    handle: ({ query }) => {
      const policy = policyOf(query.policy);
      const { name, source, timeoutMs, acceptedStatuses } = policy;
      const attempts = scheduleOf(policy);
      return { status: 200, json: { policy: name, source, timeoutMs, acceptedStatuses, attempts } };
    },
  }),
  route({
    ...{ method: 'GET', path: '/v1/scenarios', name: 'listScenarios' },
    summary: 'List the scenarios',
    answers: { 200: json(scenariosSchema, 'The scenarios.') },
    handle: async (_, { library }) => ({
      status: 200,
      json: { scenarios: await Promise.all(SCENARIO_NAMES.map((name) => scenarioRow(name, library))) },
    }),
  }),
];

async function scenarioRow(name: string, library: ServerState['library']) {
  const { description, steps } = await loadScenario(name, library);
  return { name, description, events: steps.map(({ event }) => event) };
}

/** @throws {UnknownNameError} when no name fits */
