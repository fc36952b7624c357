import * as z from 'zod';
import { ProblemError, REFUSED } from '../api/problem.ts';
import { route, json, jsonOfNew } from '../api/route.ts';
import { isSettled } from '../deliveries/kept-delivery.ts';
import type { ServedDelivery } from '../deliveries/served-delivery.ts';
import { newDeliveries, resentDelivery } from '../deliveries/new-deliveries.ts';
import type { WaitParameters } from '../api/wait-until.ts';
import { waitForDeliveries } from '../deliveries/wait-for-deliveries.ts';
import { LIMIT_DEFAULT, limitSchema, waitParameters } from '../schemas/common.ts';
import {
  deliveriesSchema,
  deliveryListSchema,
  deliverySchema,
  newDeliverySchema,
  resendSchema,
  clearedSchema,
} from '../schemas/delivery.ts';
import type { ServerState } from '../server-state.ts';
import { deliveryView, summaryView } from '../views/delivery-view.ts';
import { deliveryFilterShape, filterOf } from './delivery-filter.ts';

const waitQuery = z.object(waitParameters);

const ONE_OR_SEVERAL = z.union([deliverySchema, deliveriesSchema]);
const STILL_TEXT = 'The present state: the time ran out, or nothing was waited for.';
const STILL = json(deliverySchema, STILL_TEXT);

export const DELIVERY_ROUTES = [
  route({
    ...{ method: 'GET', path: '/v1/deliveries', name: 'listDeliveries' },
    summary: 'List deliveries, newest first',
    query: z.object({
      ...deliveryFilterShape,
      after: z
        .string()
        .regex(/^d\d{1,15}$/, { error: 'the `after` of the page before, such as d12' })
        .optional()
        .meta({ description: 'The `after` of the page before.' }),
      limit: limitSchema.optional(),
    }),
    answers: { 200: json(deliveryListSchema, 'The deliveries, without bodies.') },
    handle: ({ query }, state) => {
      const limit = Number(query.limit ?? LIMIT_DEFAULT);
      const found = state.history.list(filterOf(query, state), { after: query.after, limit: limit + 1 });
      const page = found.slice(0, limit);
      const after = found.length > limit ? (page.at(-1)?.id ?? null) : null;
      return { status: 200, json: { deliveries: page.map((one) => summaryView(one, state)), after } };
    },
  }),
  route({
    ...{ method: 'POST', path: '/v1/deliveries', name: 'createDelivery' },
    summary: 'Send an event, several events, or bytes as they are',
    query: waitQuery,
    body: newDeliverySchema,
    answers: {
      200: jsonOfNew(ONE_OR_SEVERAL, "What was waited for came true. With 'events': all, and no Location."),
      202: jsonOfNew(ONE_OR_SEVERAL, 'Under way; the state at this moment.'),
    },
    handle: async ({ query, body, text, request }, state) => {
      const webhook = state.webhooks.get(body.webhook ?? 'default');
      const wanted = await newDeliveries(webhook, { body, text }, state);
      state.webhooks.checkPresent(webhook);
      const deliveries = wanted.map((one) => state.runner.start(webhook, one));
      const isTrue = await waitForDeliveries(deliveries, query, { history: state.history, request });
      const status = query.wait !== undefined && isTrue ? 200 : 202;
      const [first] = deliveries;
      if (body.events !== undefined || first === undefined) {
        return { status, json: { deliveries: deliveries.map((one) => deliveryView(one, state)) } };
      }
      return {
        status,
        json: deliveryView(first, state),
        headers: { location: `/v1/deliveries/${first.id}` },
      };
    },
  }),
  route({
    ...{ method: 'DELETE', path: '/v1/deliveries', name: 'clearDeliveries' },
    summary: 'Forget settled deliveries, those of the journal excepted',
    query: z.object(deliveryFilterShape),
    answers: { 200: json(clearedSchema, 'How many.') },
    handle: ({ query }, state) => ({
      status: 200,
      json: { cleared: state.history.clear(filterOf(query, state)) },
    }),
  }),
  route({
    ...{ method: 'GET', path: '/v1/deliveries/{delivery}', name: 'getDelivery' },
    summary: "Show a delivery; the id 'latest' names the newest",
    query: waitQuery,
    answers: { 200: json(deliverySchema, 'The delivery.'), 202: STILL },
    handle: async ({ params, query, request }, state) => {
      const delivery = deliveryOf(params, state);
      const isTrue = await waitForDeliveries([delivery], query, { history: state.history, request });
      return { status: isTrue ? 200 : 202, json: deliveryView(delivery, state) };
    },
  }),
  route({
    ...{ method: 'POST', path: '/v1/deliveries/{delivery}/resend', name: 'resendDelivery' },
    summary: 'Send a delivery again: the same bytes, or edited',
    query: waitQuery,
    body: resendSchema,
    bodyIsOptional: true,
    answers: { 200: jsonOfNew(deliverySchema, 'It came true.'), 202: jsonOfNew(deliverySchema, STILL_TEXT) },
    handle: async ({ params, query, body, text, request }, state) => {
      const original = deliveryOf(params, state);
      const webhook = state.webhooks.get(body.webhook ?? original.webhookId);
      const delivery = state.runner.start(webhook, resentDelivery(original, { body, text }));
      const isTrue = await waitForDeliveries([delivery], query, { history: state.history, request });
      const headers = { location: `/v1/deliveries/${delivery.id}` };
      return { ...accepted(query, isTrue), json: deliveryView(delivery, state), headers };
    },
  }),
  route({
    ...{ method: 'POST', path: '/v1/deliveries/{delivery}/cancel', name: 'cancelDelivery' },
    summary: 'Give up a pending delivery',
    answers: { 200: json(deliverySchema, 'The delivery, cancelled.') },
    handle: async ({ params, request }, state) => {
      const delivery = deliveryOf(params, state);
      refuseSettled(delivery);
      state.runner.cancel(delivery);
      await waitForDeliveries([delivery], { wait: 'settled' }, { history: state.history, request });
      return { status: 200, json: deliveryView(delivery, state) };
    },
  }),
  route({
    ...{ method: 'POST', path: '/v1/deliveries/{delivery}/next', name: 'makeNextAttempt' },
    summary: 'Make the next attempt of this delivery now; answers when it is over',
    query: z.object({ timeout: waitParameters.timeout }),
    answers: { 200: json(deliverySchema, 'The delivery, one attempt later.'), 202: STILL },
    handle: async ({ params, query, request }, state) => {
      const delivery = deliveryOf(params, state);
      refuseSettled(delivery);
      const context = { history: state.history, request };
      const isTrue = await waitForDeliveries(
        [delivery],
        { ...query, wait: hurried(delivery, state) },
        context,
      );
      return { status: isTrue ? 200 : 202, json: deliveryView(delivery, state) };
    },
  }),
];

/** With an attempt under way already, that is the next. */
function hurried(delivery: ServedDelivery, { runner }: ServerState): string {
  const last = delivery.attempts.at(-1);
  const isUnderWay = last?.outcome === undefined && last !== undefined;
  const number = isUnderWay ? last.attempt : (last?.attempt ?? 0) + 1;
  runner.hurry(delivery);
  return `attempt:${number}`;
}

function accepted({ wait }: WaitParameters, isTrue: boolean): { status: number } {
  return { status: wait !== undefined && isTrue ? 200 : 202 };
}

/** @throws {ProblemError} 404 */
export function deliveryOf(
  params: Readonly<Record<string, string>>,
  { history, keep }: ServerState,
): ServedDelivery {
  const id = params['delivery'] ?? '';
  const found = id === 'latest' ? history.latest() : history.find(id);
  if (found !== undefined) return found;
  const detail =
    id === 'latest'
      ? 'there is no delivery yet; send one: POST /v1/deliveries {"event": "inquiry.approved"}'
      : `there is no delivery '${id}'; the latest ${keep} settled ones are kept. List them with GET /v1/deliveries`;
  throw new ProblemError(REFUSED.notFound, detail);
}

function refuseSettled(delivery: ServedDelivery): void {
  if (!isSettled(delivery)) return;
  const detail = `the delivery ${delivery.id} is ${delivery.state} already; send it again with POST /v1/deliveries/${delivery.id}/resend`;
  throw new ProblemError(REFUSED.settled, detail, { state: delivery.state });
}
