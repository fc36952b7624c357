import { expect, test } from 'vitest';
import { mountSandbox } from '../../src/server/sandbox/mount-sandbox.ts';
import { startServer, type RunningServer } from '../../src/server/start-server.ts';
import { startReceiver } from '../../src/receiver/start-receiver.ts';
import { createSimulator } from '../../src/simulator/simulator.ts';
import { DEVELOPMENT_SECRET, Secret } from '../../src/signing/secret.ts';
import { manualClock } from '../helpers/virtual-clock.ts';

const KEY = { Authorization: 'Bearer persona_sandbox_test' };

function caller({ url }: RunningServer) {
  return async (method: string, path: string, body?: unknown): Promise<any> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { ...KEY, 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return response.json();
  };
}

test('the API in serve: its events leave through the webhooks of the server, and both agree', async () => {
  await using receiver = await startReceiver({ secrets: [new Secret(DEVELOPMENT_SECRET)] });
  await using server = await startServer({
    port: 0,
    clock: manualClock(Date.parse('2026-01-31T12:00:00.250Z')),
    webhooks: [{ attributes: { url: receiver.url } }],
    mount: (state) => mountSandbox(state, { seed: {}, options: { decide: 'approve' } }),
  });
  const call = caller(server);
  const created = await call('POST', '/api/v1/inquiries', {
    data: { attributes: { 'inquiry-template-id': 'itmpl_mine', 'reference-id': 'p1' } },
    meta: { 'auto-create-one-time-link': true },
  });
  const { id } = created.data;
  await call('POST', '/v1/webhooks/default/clock/advance', { by: '3s' });
  await expect.poll(() => receiver.received.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(19);
  const read = await call('GET', `/api/v1/inquiries/${id}`);
  expect(read.data.attributes.status).toBe('approved');
  const bodies = receiver.received.map(({ body }) => JSON.parse(body.toString()).data.attributes);
  expect(bodies.find(({ name }) => name === 'inquiry.approved').payload.data).toEqual(read.data);
  expect(receiver.received.every(({ verification }) => verification.kind === 'valid')).toBe(true);
  const { deliveries } = await call('GET', '/v1/deliveries?event=inquiry.approved');
  expect(deliveries).toHaveLength(1);
  const { data: events } = await call('POST', '/api/v1/webhook-events/search', {
    query: { attribute: 'event-name', operator: 'eq', value: 'inquiry.approved' },
  });
  expect(events.map(({ attributes }: any) => attributes.status)).toEqual(['completed']);
  const link: string = created.meta['one-time-link-short'];
  expect(link.startsWith(`${server.url}/verify/`)).toBe(true);
});

test('a webhook made through the API is a webhook of the server', async () => {
  await using server = await startServer({
    port: 0,
    mount: (state) => mountSandbox(state, { seed: {}, options: {} }),
  });
  const call = caller(server);
  const attributes = { name: 'a', url: 'http://localhost:9/', 'enabled-events': ['*'] };
  const { data } = await call('POST', '/api/v1/webhooks', { data: { attributes } });
  expect(data.attributes).toMatchObject({ status: 'disabled', secret: expect.stringMatching(/^wbhsec_/) });
  expect((await call('GET', `/v1/webhooks/${data.id}`)).id).toBe(data.id);
  const enabled = await call('POST', `/api/v1/webhooks/${data.id}/enable`);
  expect(enabled.data.attributes.status).toBe('enabled');
});

test('a reset of the server is one of the sandbox too', async () => {
  const reference = { 'reference-id': 'of-the-seed' };
  await using server = await startServer({
    port: 0,
    webhooks: [{ attributes: { url: 'http://127.0.0.1:9/' } }],
    mount: (state) =>
      mountSandbox(state, { seed: { inquiries: [{ referenceId: 'of-the-seed' }] }, options: {} }),
  });
  const call = caller(server);
  const attributes = { 'inquiry-template-id': 'itmpl_mine', 'reference-id': 'p1' };
  await call('POST', '/api/v1/inquiries', { data: { attributes } });
  const references = async () =>
    (await call('GET', '/api/v1/inquiries')).data.map((one: any) => one.attributes['reference-id']);
  expect(await references()).toEqual(['p1', reference['reference-id']]);
  expect(await call('POST', '/v1/reset')).toEqual({ webhooks: 1 });
  expect(await references()).toEqual([reference['reference-id']]);
  expect((await call('GET', '/v1/deliveries')).deliveries).toEqual([]);
});

test('an event of your own making goes to every webhook that wants it', async () => {
  await using receiver = await startReceiver({ secrets: [new Secret(DEVELOPMENT_SECRET)] });
  const { url } = receiver;
  await using server = await startServer({
    port: 0,
    webhooks: [
      { attributes: { url, 'api-key-inflection': 'camel' } },
      { attributes: { url, 'enabled-events': ['inquiry.declined'] } },
      { attributes: { url, 'payload-filter': { data: { id: 'inq_other' } } } },
    ],
  });
  const event = await createSimulator({ webhook: { url } }).build('inquiry.approved');
  const deliveries = server.publish(event);
  await expect.poll(() => deliveries.map(({ state }) => state)).toEqual(['completed', 'skipped']);
  expect(receiver.received.map(({ body }) => JSON.parse(body.toString()).data.id)).toEqual([event.id]);
});

test('a link from another site opens the page; calls of other sites are refused', async () => {
  await using server = await startServer({
    port: 0,
    mount: (state) => mountSandbox(state, { seed: {}, options: {} }),
  });
  const cross = { ...KEY, 'Sec-Fetch-Site': 'cross-site' };
  expect((await fetch(`${server.url}/verify/nothing`, { headers: cross })).status).toBe(410);
  expect((await fetch(`${server.url}/api/v1/inquiries`, { headers: cross })).status).toBe(403);
});
