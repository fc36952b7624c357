import { route, json } from '../api/route.ts';
import { advanceSchema, clockChangesSchema, clockMovedSchema, clockSchema } from '../schemas/webhook.ts';
import type { ServerState } from '../server-state.ts';
import { clockView } from '../views/clock-view.ts';
import { scaleOf } from '../webhooks/read-webhook.ts';

const clockOf = ({ params }: { params: Readonly<Record<string, string>> }, { webhooks }: ServerState) =>
  webhooks.get(params['webhook'] ?? '').clock;

export const CLOCK_ROUTES = [
  route({
    ...{ method: 'GET', path: '/v1/webhooks/{webhook}/clock', name: 'getClock' },
    summary: 'Show the clock that the waits of a webhook are slept on',
    answers: { 200: json(clockSchema, 'The clock.') },
    handle: (input, state) => ({ status: 200, json: clockView(clockOf(input, state)) }),
  }),
  route({
    ...{ method: 'PATCH', path: '/v1/webhooks/{webhook}/clock', name: 'changeClock' },
    summary: 'Pause or resume the clock, or change its scale',
    body: clockChangesSchema,
    answers: { 200: json(clockSchema, 'The clock.') },
    handle: (input, state) => {
      const clock = clockOf(input, state);
      const { paused, scale } = input.body;
      if (scale !== undefined) clock.setScale(scaleOf(scale));
      if (paused === true) clock.pause();
      if (paused === false) clock.resume();
      return { status: 200, json: clockView(clock) };
    },
  }),
  route({
    ...{ method: 'POST', path: '/v1/webhooks/{webhook}/clock/next', name: 'moveClockToNext' },
    summary: 'Move the clock to the next attempt or event; answers when that is over and all is quiet again',
    answers: { 200: json(clockMovedSchema, 'Whether there was one, and the clock.') },
    handle: async (input, state) => {
      const clock = clockOf(input, state);
      const moved = await clock.next();
      return { status: 200, json: { moved, clock: clockView(clock) } };
    },
  }),
  route({
    ...{ method: 'POST', path: '/v1/webhooks/{webhook}/clock/advance', name: 'advanceClock' },
    summary: 'Move the clock forward; all that falls due on the way happens. Answers when all is quiet again',
    body: advanceSchema,
    answers: { 200: json(clockMovedSchema, 'The clock.') },
    handle: async (input, state) => {
      const clock = clockOf(input, state);
      await clock.advance(input.body.by);
      return { status: 200, json: { moved: true, clock: clockView(clock) } };
    },
  }),
];
