import * as z from 'zod';
import { scheduleOf } from '../../delivery/schedule.ts';
import { UnknownNameError } from '../../errors.ts';
import { summariseFixtures } from '../../fixture/summary.ts';
import { EVENT_NAMES, eventFamily } from '../../persona/event-names.ts';
import { SCENARIO_NAMES } from '../../scenario/catalogue.ts';
import { loadScenario } from '../../scenario/load.ts';
import { nearest } from '../../text/nearest.ts';
import { route } from '../api/route.ts';
import { eventNamesSchema, scenariosSchema, scheduleSchema } from '../schemas/catalogue.ts';
import type { ServerState } from '../server-state.ts';
import { policyOf } from '../webhooks/read-webhook.ts';
import { json } from './answers.ts';

export const CATALOGUE_ROUTES = [
  route({
    ...{ method: 'GET', path: '/v1/event-names', name: 'listEventNames' },
    summary: 'List the events, and which have a fixture',
    query: z.object({
      pattern: z.string().min(1).optional().meta({ description: 'A part of the name, or the whole with *.' }),
    }),
    answers: { 200: json(eventNamesSchema, 'The events.') },
    handle: async ({ query }, { library }) => {
      const names = matching(query.pattern, [...new Set([...library.names, ...EVENT_NAMES])]);
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
function matching(pattern: string | undefined, names: readonly string[]): readonly string[] {
  if (pattern === undefined) return names;
  const found = names.filter((name) => fits(name, pattern.toLowerCase()));
  if (found.length > 0) return found;
  const near = nearest(pattern.replace(/[*/.]+$/, ''), names);
  throw new UnknownNameError('event', pattern, { nearest: near, hint: 'all names: GET /v1/event-names' });
}

/** A star stands for any text; without one, a part of the name is enough. */
function fits(name: string, pattern: string): boolean {
  if (!pattern.includes('*')) return name.includes(pattern);
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop() ?? '';
  if (!name.startsWith(first)) return false;
  let offset = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, offset);
    if (found < 0) return false;
    offset = found + part.length;
  }
  return name.endsWith(last) && name.length - last.length >= offset;
}
