import { parseDurationMs } from '../../delivery/time-scale.ts';
import { route, json, jsonOfNew, NO_CONTENT, type Route } from '../api/route.ts';
import {
  newWebhookSchema,
  rotateSecretSchema,
  webhookChangesSchema,
  webhookListSchema,
  webhookViewSchema,
} from '../schemas/webhook.ts';
import type { ServerState } from '../server-state.ts';
import { webhookView } from '../views/webhook-view.ts';
import { newWebhookOf, splitChanges, withKebabAttributes } from '../webhooks/read-webhook.ts';
import type { ServedWebhook } from '../webhooks/served-webhook.ts';

const ROTATION_MS_DEFAULT = 86_400_000;

const reply = (status: number, webhook: ServedWebhook, { webhooks }: ServerState) => ({
  status,
  json: webhookView(webhook, webhooks),
});

export const WEBHOOK_ROUTES = [
  route({
    ...{ method: 'GET', path: '/v1/webhooks', name: 'listWebhooks' },
    summary: 'List the webhooks',
    answers: { 200: json(webhookListSchema, 'The webhooks.') },
    handle: (_, { webhooks }) => ({
      status: 200,
      json: { webhooks: webhooks.list().map((webhook) => webhookView(webhook, webhooks)) },
    }),
  }),
  route({
    ...{ method: 'POST', path: '/v1/webhooks', name: 'createWebhook' },
    summary: 'Create a webhook with a simulator and a clock of its own',
    body: newWebhookSchema,
    prepareBody: withKebabAttributes,
    answers: { 201: jsonOfNew(webhookViewSchema, 'The webhook.') },
    handle: ({ body }, state) => {
      const webhook = state.webhooks.create(newWebhookOf(body));
      return { ...reply(201, webhook, state), headers: { location: `/v1/webhooks/${webhook.id}` } };
    },
  }),
  route({
    ...{ method: 'GET', path: '/v1/webhooks/{webhook}', name: 'getWebhook' },
    summary: 'Show a webhook',
    answers: { 200: json(webhookViewSchema, 'The webhook.') },
    handle: ({ params }, state) => reply(200, webhookOf(params, state), state),
  }),
  route({
    ...{ method: 'PATCH', path: '/v1/webhooks/{webhook}', name: 'changeWebhook' },
    summary: 'Change attributes; pending deliveries use them from then on',
    body: webhookChangesSchema,
    prepareBody: withKebabAttributes,
    answers: { 200: json(webhookViewSchema, 'The webhook.') },
    handle: ({ params, body }, state) => {
      const webhook = webhookOf(params, state);
      const { attributes, extras } = splitChanges(body);
      state.webhooks.update(webhook, attributes, { ...webhook.extras, ...extras });
      return reply(200, webhook, state);
    },
  }),
  route({
    ...{ method: 'DELETE', path: '/v1/webhooks/{webhook}', name: 'deleteWebhook' },
    summary: 'Remove a webhook; its pending deliveries fail',
    answers: { 204: NO_CONTENT },
    handle: ({ params }, state) => {
      state.webhooks.forget(webhookOf(params, state));
      return { status: 204, json: undefined };
    },
  }),
  switching('enable', 'Enable a webhook'),
  switching('disable', 'Disable a webhook; its pending deliveries fail'),
  route({
    ...{ method: 'POST', path: '/v1/webhooks/{webhook}/rotate-secret', name: 'rotateSecret' },
    summary: 'Give a webhook a new secret; the old one signs as well until it expires',
    body: rotateSecretSchema,
    answers: { 200: json(webhookViewSchema, 'The webhook.') },
    handle: ({ params, body: { secret, expiresIn } }, state) => {
      const webhook = webhookOf(params, state);
      const expiresInMs = expiresIn === undefined ? ROTATION_MS_DEFAULT : (parseDurationMs(expiresIn) ?? 0);
      state.webhooks.rotateSecret(webhook, { secret: secret, expiresInMs });
      return reply(200, webhook, state);
    },
  }),
];

function webhookOf(params: Readonly<Record<string, string>>, { webhooks }: ServerState): ServedWebhook {
  return webhooks.get(params['webhook'] ?? '');
}

function switching(to: 'enable' | 'disable', summary: string): Route {
  return route({
    ...{ method: 'POST', path: `/v1/webhooks/{webhook}/${to}`, name: `${to}Webhook`, summary },
    answers: { 200: json(webhookViewSchema, 'The webhook.') },
    handle: ({ params }, state) => {
      const webhook = webhookOf(params, state);
      state.webhooks.setStatus(webhook, `${to}d`);
      return reply(200, webhook, state);
    },
  });
}
