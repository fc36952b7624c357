import { expect, test } from 'vitest';
import type { WebhookAttributes } from '../../src/persona/webhook.ts';
import { startServer } from '../../src/server/start-server.ts';
import { apiClient } from '../helpers/api-client.ts';

const AT = '2026-01-31T12:00:00Z';
const webhook = { attributes: { url: 'http://127.0.0.1:9/hook' }, seed: 7, isPaused: true };

/** The ids of three events, with or without looking at each before. */
async function idsOfThree(look?: { path: string; body: object }): Promise<string[]> {
  await using server = await startServer({ port: 0, webhooks: [webhook] });
  const call = apiClient(server.url);
  const ids: string[] = [];
  for (const event of ['inquiry.created', 'inquiry.approved', 'inquiry.approved']) {
    if (look !== undefined) expect((await call('POST', look.path, look.body)).status).toBe(200);
    ids.push((await call('POST', '/v1/deliveries', { event })).json.eventId as string);
  }
  return ids;
}

test.each([
  ['a preview', { path: '/v1/preview', body: { event: 'inquiry.approved' } }],
  ['a preview of another event', { path: '/v1/preview', body: { event: 'account.created' } }],
  ['a preview of a blocklist', { path: '/v1/blocklist-preview', body: { entries: ['name-*'] } }],
])('%s leaves the ids of a seed as they are', async (_, look) => {
  expect(await idsOfThree(look)).toEqual(await idsOfThree());
});

test('a preview shows the very bytes that are sent next, as often as one looks', async () => {
  await using server = await startServer({ port: 0, webhooks: [webhook] });
  const call = apiClient(server.url);
  for (const event of ['inquiry.approved', 'inquiry.approved', 'inquiry.declined']) {
    const looks = [await call('POST', '/v1/preview', { event, at: AT })];
    looks.push(await call('POST', '/v1/preview', { event, at: AT }));
    const { json } = await call('POST', '/v1/deliveries', { event, at: AT });
    expect(looks.map((look) => look.json.sha256 as string)).toEqual([json.sha256, json.sha256]);
  }
});

test('its command line has what the webhook makes of bodies', async () => {
  const attributes: WebhookAttributes = {
    ...webhook.attributes,
    'api-version': '2023-01-05',
    'api-key-inflection': 'camel',
    'api-attributes-blocklist': ['name-*', '!name-first'],
  };
  await using server = await startServer({
    ...{ port: 0, webhooks: [{ attributes, extras: { included: 'absent' } }] },
  });
  const { json } = await apiClient(server.url)('POST', '/v1/preview', { event: 'inquiry.approved' });
  expect(json.command).toBe(
    'hookcast send inquiry.approved --to http://127.0.0.1:9/hook --api-version 2023-01-05 ' +
      "--inflection camel --included absent --block 'name-*' --block '!name-first'",
  );
});
