import { expect, test } from 'vitest';
import type { Seed } from '../../src/sandbox/seed.ts';
import { mountSandboxLater } from '../../src/server/sandbox/mount-sandbox-later.ts';
import { startServer, type RunningServer } from '../../src/server/start-server.ts';
import { startReceiver } from '../../src/receiver/start-receiver.ts';
import { createSimulator } from '../../src/simulator/simulator.ts';
import { DEVELOPMENT_SECRET, Secret } from '../../src/signing/sign.ts';
import { manualClock } from '../helpers/virtual-clock.ts';
import { acceptsAll } from '../sandbox/helpers.ts';

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
    mount: (state) => mountSandboxLater(state, { seed: {}, options: { decide: 'approve' } }),
  });
  const call = caller(server);
  const created = await call('POST', '/api/v1/inquiries', {
    data: { attributes: { 'inquiry-template-id': 'itmpl_mine', 'reference-id': 'p1' } },
    meta: { 'auto-create-one-time-link': true },
  });
  const { id } = created.data;
  await call('POST', '/v1/webhooks/default/clock/advance', { by: '3s' });
  await expect.poll(() => receiver.received.length).toBeGreaterThanOrEqual(19);
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
    mount: (state) => mountSandboxLater(state, { seed: {}, options: {} }),
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
      mountSandboxLater(state, { seed: { inquiries: [{ referenceId: 'of-the-seed' }] }, options: {} }),
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
    mount: (state) => mountSandboxLater(state, { seed: {}, options: {} }),
  });
  const cross = { ...KEY, 'Sec-Fetch-Site': 'cross-site' };
  expect((await fetch(`${server.url}/verify/nothing`, { headers: cross })).status).toBe(410);
  expect((await fetch(`${server.url}/api/v1/inquiries`, { headers: cross })).status).toBe(403);
});

/** A server with one webhook, whose time stands still until a test moves it. With a seed the sandbox is there at once. */
async function servedAt(clock: ReturnType<typeof manualClock>, seed: Seed = {}, timeScale = 1) {
  const server = await startServer({
    ...{ port: 0, clock, sender: acceptsAll },
    webhooks: [{ attributes: { url: 'http://localhost:9/' }, timeScale }],
    mount: (state) =>
      mountSandboxLater(state, { seed: { inquiries: [], ...seed }, options: { decide: 'approve' } }),
  });
  const call = caller(server);
  const create = async () => {
    const attributes = { 'inquiry-template-id': 'itmpl_mine' };
    return (await call('POST', '/api/v1/inquiries', { data: { attributes } })).data.id as string;
  };
  const statusOf = async (id: string) =>
    (await call('GET', `/api/v1/inquiries/${id}`)).data?.attributes.status as string | undefined;
  return { server, call, create, statusOf, [Symbol.asyncDispose]: () => server.close() };
}
const NOON = Date.parse('2026-01-31T12:00:00.250Z');
const CLOCK = '/v1/webhooks/default/clock';

test('advance of the default webhook: when it answers, the inquiry is decided and its events are delivered', async () => {
  await using scene = await servedAt(manualClock(NOON));
  const { call, create, statusOf } = scene;
  const id = await create();
  await call('POST', `${CLOCK}/advance`, { by: '3s' });
  expect(await statusOf(id)).toBe('approved');
  const { deliveries } = await call('GET', '/v1/deliveries?event=inquiry.approved');
  expect(deliveries.map(({ state }: any) => state)).toEqual(['completed']);
});

test.each([1, Number.POSITIVE_INFINITY])(
  'the time of the API is the same when the clock was moved before its first request, scale %d',
  async (timeScale) => {
    await using server = await startServer({
      ...{ port: 0, clock: manualClock(NOON), sender: acceptsAll },
      webhooks: [{ attributes: { url: 'http://localhost:9/' }, timeScale }],
      mount: (state) => mountSandboxLater(state, { seed: {}, options: {} }),
    });
    const call = caller(server);
    await call('POST', `${CLOCK}/advance`, { by: '30d' });
    const attributes = { 'inquiry-template-id': 'itmpl_mine' };
    const { data } = await call('POST', '/api/v1/inquiries', { data: { attributes } });
    expect(data.attributes['created-at']).toBe('2026-03-02T12:00:00.000Z');
  },
);

test('next of the default webhook goes to the decision as well', async () => {
  await using scene = await servedAt(manualClock(NOON));
  const { call, create, statusOf } = scene;
  const id = await create();
  expect((await call('POST', `${CLOCK}/next`)).moved).toBe(true);
  expect(await statusOf(id)).toBe('approved');
});

test('the pause and the scale of the default webhook are those of the API', async () => {
  const clock = manualClock(NOON);
  await using scene = await servedAt(clock);
  const { call, create, statusOf } = scene;
  await call('PATCH', CLOCK, { paused: true });
  const id = await create();
  await clock.pass(3_600_000);
  expect(await statusOf(id)).toBe('created');
  await call('PATCH', CLOCK, { paused: false, scale: '1h=1s' });
  const other = await create();
  await clock.pass(1);
  expect([await statusOf(id), await statusOf(other)]).toEqual(['approved', 'approved']);
});

test('without waits an inquiry is decided by real time, and advance still moves it', async () => {
  await using scene = await servedAt(manualClock(NOON), {}, Number.POSITIVE_INFINITY);
  const { call, create, statusOf } = scene;
  const id = await create();
  expect(await statusOf(id)).toBe('created');
  await call('POST', `${CLOCK}/advance`, { by: '3s' });
  await expect.poll(() => statusOf(id)).toBe('approved');
});

test('the time of the API never jumps back, and inquiries go on when the default webhook goes', async () => {
  const clock = manualClock(NOON);
  await using scene = await servedAt(clock);
  const { call, create, statusOf } = scene;
  await call('POST', `${CLOCK}/advance`, { by: '1h' });
  const id = await create();
  const { webhooks } = await call('GET', '/v1/webhooks');
  await fetch(`${scene.server.url}/v1/webhooks/${webhooks[0].id}`, { method: 'DELETE' });
  const { data } = await call('GET', `/api/v1/inquiries/${id}`);
  expect(data.attributes['created-at']).toBe('2026-01-31T13:00:00.000Z');
  expect(data.attributes['expires-at']).toBe('2026-02-01T13:00:00.000Z');
  await clock.pass(2_000);
  expect(await statusOf(id)).toBe('approved');
});

test('reset of the server brings the seed back, and what it holds sends nothing', async () => {
  const seed: Seed = {
    inquiries: [{ id: 'inq_1', status: 'pending' }],
    webhooks: [{ id: 'wbh_seed', url: 'http://localhost:9/seeded' }],
  };
  await using scene = await servedAt(manualClock(NOON), seed);
  const { call, create, statusOf } = scene;
  expect((await call('GET', '/v1/deliveries')).deliveries).toEqual([]);
  const id = await create();
  await call('POST', '/api/v1/inquiries/inq_1/approve');
  await call('POST', '/v1/reset');
  expect([await statusOf(id), await statusOf('inq_1')]).toEqual([undefined, 'pending']);
  const { data } = await call('GET', '/api/v1/webhooks');
  expect(data.map((webhook: any) => webhook.id)).toContain('wbh_seed');
  expect((await call('GET', '/v1/deliveries')).deliveries).toEqual([]);
  expect(await create()).toBe(id);
});

test('faults in serve: a refusal, and an event that its receiver has answered before the 201', async () => {
  await using receiver = await startReceiver({ secrets: [new Secret(DEVELOPMENT_SECRET)] });
  await using server = await startServer({
    port: 0,
    webhooks: [{ attributes: { url: receiver.url, 'enabled-events': ['inquiry.created'] } }],
    mount: (state) =>
      mountSandboxLater(state, { seed: {}, options: { faults: ['503:1', 'early-event'], decide: 'none' } }),
  });
  const call = caller(server);
  const body = { data: { attributes: { 'inquiry-template-id': 'itmpl_mine' } } };
  const refused = await call('POST', '/api/v1/inquiries', body);
  expect(refused.errors[0].title).toBe('Service unavailable');
  expect(receiver.received).toHaveLength(0);
  const { data } = await call('POST', '/api/v1/inquiries', body);
  expect(data.attributes.status).toBe('created');
  expect(receiver.received).toHaveLength(1);
});

/** A server whose sandbox has this fault, on a clock that a test moves. */
async function faulty(fault: string) {
  const server = await startServer({
    port: 0,
    clock: manualClock(Date.parse('2026-01-31T12:00:00.250Z')),
    sender: acceptsAll,
    webhooks: [{ attributes: { url: 'http://localhost:9/' } }],
    mount: (state) => mountSandboxLater(state, { seed: {}, options: { faults: [fault] } }),
  });
  const { clock } = server.state.webhooks.get('default');
  return { url: server.url, clock, call: caller(server), [Symbol.asyncDispose]: () => server.close() };
}

const INQUIRY = { data: { attributes: { 'inquiry-template-id': 'itmpl_mine' } } };

test.each([
  ['429', 429],
  ['500', 500],
])(
  'the fault %s in serve strikes as many requests as it was asked for, and nothing of /v1',
  async (name, status) => {
    await using server = await faulty(`${name}:1`);
    const { call } = server;
    expect((await call('GET', '/v1/deliveries')).deliveries).toEqual([]);
    const struck = await fetch(`${server.url}/api/v1/inquiries`, { headers: KEY });
    expect([struck.status, struck.headers.get('hookcast-version') !== null]).toEqual([status, true]);
    expect((await call('GET', '/api/v1/inquiries')).data).toEqual([]);
  },
);

test('the fault latency in serve is slept on the clock of the default webhook', async () => {
  await using server = await faulty('latency:5s');
  const { call, clock } = server;
  let answered = false;
  const answer = call('GET', '/api/v1/inquiries').then(({ data }) => {
    answered = true;
    return data;
  });
  await expect.poll(() => clock.leftMs).toBe(5_000);
  await call('POST', '/v1/webhooks/default/clock/advance', { by: '4999ms' });
  expect(answered).toBe(false);
  await call('POST', '/v1/webhooks/default/clock/advance', { by: '1ms' });
  expect(await answer).toEqual([]);
});

test('the fault stale-read in serve: a webhook overtakes what is read', async () => {
  await using server = await faulty('stale-read:5s');
  const { call } = server;
  const { id } = (await call('POST', '/api/v1/inquiries', INQUIRY)).data;
  await call('POST', '/v1/webhooks/default/clock/advance', { by: '10s' });
  await call('POST', `/api/v1/inquiries/${id}/decline`);
  const { deliveries } = await call('GET', '/v1/deliveries?event=inquiry.declined');
  expect(deliveries).toHaveLength(1);
  const statusOf = async () => (await call('GET', `/api/v1/inquiries/${id}`)).data.attributes.status;
  expect(await statusOf()).not.toBe('declined');
  await call('POST', '/v1/webhooks/default/clock/advance', { by: '5s' });
  expect(await statusOf()).toBe('declined');
});

test("an alias of the control API is no id in Persona's", async () => {
  await using server = await startServer({
    port: 0,
    webhooks: [{ attributes: { url: 'http://127.0.0.1:9/' } }],
    mount: (state) => mountSandboxLater(state, { seed: {}, options: {} }),
  });
  const call = caller(server);
  const { id } = (await call('GET', '/api/v1/webhooks')).data[0];
  expect((await call('GET', `/api/v1/webhooks/${id}`)).data.id).toBe(id);
  expect((await call('GET', '/api/v1/webhooks/default')).errors[0].title).toBe('Record not found');
});

test('webhook events have the times of the clock that their webhook has', async () => {
  await using receiver = await startReceiver({ secrets: [new Secret(DEVELOPMENT_SECRET)] });
  const clock = manualClock(Date.parse('2026-01-31T12:00:00.250Z'));
  await using server = await startServer({
    ...{ port: 0, clock, webhooks: [{ attributes: { url: receiver.url } }] },
    mount: (state) => mountSandboxLater(state, { seed: {}, options: {} }),
  });
  const call = caller(server);
  await call('POST', '/v1/webhooks/default/clock/advance', { by: '2h' });
  await call('POST', '/api/v1/inquiries', { data: { attributes: { 'inquiry-template-id': 'itmpl_mine' } } });
  await call('GET', '/v1/deliveries/latest?wait=settled');
  const query = { attribute: 'updated-at', operator: 'gte', value: '2026-01-31T14:00:00Z' };
  const { data } = await call('POST', '/api/v1/webhook-events/search', { query });
  expect(data.map(({ attributes }: any) => attributes['event-name'])).toContain('inquiry.created');
});

test('an early event waits for no delivery whose time is yet to come', async () => {
  await using receiver = await startReceiver({ secrets: [new Secret(DEVELOPMENT_SECRET)] });
  await using server = await startServer({
    ...{ port: 0, webhooks: [{ attributes: { url: receiver.url }, isPaused: true }] },
    mount: (state) => mountSandboxLater(state, { seed: {}, options: { faults: ['early-event'] } }),
  });
  const call = caller(server);
  const steps = [{ event: 'inquiry.approved', after: '1h' }];
  await call('POST', '/v1/scenarios/inline/runs', { steps });
  const attributes = { 'inquiry-template-id': 'itmpl_mine' };
  const { data } = await call('POST', '/api/v1/inquiries', { data: { attributes } });
  const received = receiver.received.map(({ body }) => body.toString());
  expect(received.some((body) => body.includes(data.id))).toBe(true);
});
