import { expect, test } from 'vitest';
import type { HttpSender } from '../../src/ports.ts';
import { KEY, newInquiry, quietSandbox, TEMPLATE } from './helpers.ts';

const CREATE = { data: { attributes: { 'inquiry-template-id': TEMPLATE } } };

test('two requests with one Idempotency-Key at a time create one inquiry', async () => {
  const { call } = await quietSandbox();
  const key = { 'Idempotency-Key': 'k' };
  const [first, second] = await Promise.all([1, 2].map(() => call('POST', '/inquiries', CREATE, key)));
  expect(second?.body).toEqual(first?.body);
  expect((await call('GET', '/inquiries')).body.data).toHaveLength(1);
});

test('a refused request leaves its Idempotency-Key free', async () => {
  const { call } = await quietSandbox();
  const key = { 'Idempotency-Key': 'k' };
  const refused = await Promise.all([1, 2].map(() => call('POST', '/inquiries', {}, key)));
  expect(refused.map(({ status }) => status)).toEqual([400, 400]);
  expect((await call('POST', '/inquiries', CREATE, key)).status).toBe(201);
});

const DEEP = 200_000;

test.each([
  [`{"data": ${'['.repeat(DEEP)}${']'.repeat(DEEP)}}`, 'The body is nested more than 100 levels deep.'],
  [Buffer.from('{"data": {"attributes": {"note": "caf\xe9"}}}', 'latin1'), 'it is not UTF-8'],
])('a body that nothing can be made of is refused in the form of errors', async (body, reason) => {
  const { sandbox } = await quietSandbox();
  const headers = { Authorization: `Bearer ${KEY}` };
  const answer = await sandbox.fetch(`${sandbox.url}/api/v1/inquiries`, { method: 'POST', headers, body });
  expect(answer.status).toBe(400);
  expect(await answer.json()).toEqual({
    errors: [{ title: 'Bad Request', details: expect.stringContaining(reason) }],
  });
});

test('a session is for an inquiry, and for nothing else', async () => {
  const { call } = await quietSandbox();
  const account = (await call('POST', '/accounts', {})).body.data.id;
  const { status } = await call('POST', '/inquiry-sessions', {
    data: { attributes: { 'inquiry-id': account } },
  });
  expect(status).toBe(404);
});

test('sessions expire all or none', async () => {
  const { call } = await quietSandbox();
  const id = await newInquiry(call);
  const session = (await call('POST', '/inquiry-sessions', { data: { attributes: { 'inquiry-id': id } } }))
    .body.data.id;
  const expire = (...ids: string[]) =>
    call('POST', '/inquiry-sessions/expire-all', { meta: { 'inquiry-ids': ids } });
  const status = async () => (await call('GET', `/inquiry-sessions/${session}`)).body.data.attributes.status;
  expect((await expire(id, 'inq_unknown')).status).toBe(404);
  expect(await status()).toBe('new');
  await expire(id);
  expect(await status()).toBe('expired');
});

test('filters take lists where Persona takes them, and times that are times', async () => {
  const { call } = await quietSandbox();
  const ids = [
    await newInquiry(call, { 'reference-id': 'a', note: 'one, two' }),
    await newInquiry(call, { 'reference-id': 'b' }),
    await newInquiry(call, { 'reference-id': 'c' }),
  ];
  const found = async (query: string) => (await call('GET', query)).body.data;
  const accounts = await found('/accounts?filter[reference-id]=b,a');
  expect(accounts.map(({ attributes }: any) => attributes['reference-id'])).toEqual(['b', 'a']);
  const events = await found(`/events?filter[object-id]=${ids[2]},${ids[0]}`);
  expect(events.map(({ attributes }: any) => attributes.payload.data.id)).toEqual([ids[2], ids[0]]);
  const noted = await found(`/inquiries?filter[note]=${encodeURIComponent('one, two')}`);
  expect(noted.map(({ id }: any) => id)).toEqual([ids[0]]);
  const { status, body } = await call('GET', '/inquiries?filter[created-at-start]=yesterday');
  expect([status, body.errors[0].details]).toEqual([
    400,
    'filter[created-at-start] must be a time such as 2026-01-31T12:00:00.000Z',
  ]);
});

test('reports are found by the reference id of their account', async () => {
  const { call } = await quietSandbox();
  const meta = { 'auto-create-account-reference-id': 'p1' };
  const data = { type: 'report/watchlist', attributes: { query: { term: 'Jo Doe' } } };
  const report = (await call('POST', '/reports', { data, meta })).body.data.id;
  await call('POST', '/reports', { data });
  const found = (await call('GET', '/reports?filter[reference-id]=p1')).body.data;
  expect(found.map(({ id }: any) => id)).toEqual([report]);
  expect((await call('GET', '/reports?filter[reference-id]=p2')).body.data).toEqual([]);
});

test('a search compares numbers by size and times by when they are', async () => {
  const { call } = await quietSandbox();
  for (const age of [9, 10]) await newInquiry(call, { fields: { age } });
  const ages = async (query: object, sort?: object) => {
    const { body } = await call('POST', '/inquiries/search', { query, sort });
    return body.data.map(({ attributes }: any) => attributes.fields.age.value);
  };
  expect(await ages({ attribute: 'fields.age', operator: 'gt', value: 9 })).toEqual([10]);
  const all = { attribute: 'fields.age', operator: 'gte', value: 0 };
  expect(await ages(all, { attribute: 'fields.age', direction: 'asc' })).toEqual([9, 10]);
  const since = (value: string) => ages({ attribute: 'created-at', operator: 'gte', value });
  expect(await since('2026-01-31T13:00:00+01:00')).toEqual([10, 9]);
  expect(await since('2026-01-31T13:00:01+01:00')).toEqual([]);
});

test('a webhook that is enabled twice still drops what is pending when it is disabled', async () => {
  let requests = 0;
  const webhooks = [{ url: 'http://localhost:9/', 'enabled-events': ['inquiry.created'] }];
  const { sandbox, call } = await quietSandbox({ webhooks, sender: refusing(() => (requests += 1)) });
  await newInquiry(call);
  await sandbox.advance(1);
  const { id } = (await call('GET', '/webhooks')).body.data[0];
  await call('POST', `/webhooks/${id}/enable`);
  await call('POST', `/webhooks/${id}/disable`);
  await sandbox.advance('6d');
  expect(requests).toBe(1);
  expect(sandbox.deliveries.map(({ state }) => state)).toEqual(['failed']);
});

test('names that every object of JavaScript has mean nothing', async () => {
  const { call } = await quietSandbox();
  const attributes = { constructor: { toString: 1 }, fields: { toString: 'a' } };
  const account = await call('POST', '/accounts', { data: { attributes } });
  expect([account.status, account.body.data.attributes.fields.toString.value]).toEqual([201, 'a']);
  const query = { attribute: 'status', operator: 'constructor', value: 'a' };
  await newInquiry(call);
  expect((await call('POST', '/inquiries/search', { query })).status).toBe(400);
  const id = await newInquiry(call);
  const { body } = await call('POST', `/inquiries/${id}/approve`, { constructor: 1 });
  expect(body.errors[0].details).toBe('constructor is not allowed: known are meta');
});

test('a search has pages of 1 to 100', async () => {
  const { call } = await quietSandbox();
  for (const size of [0, 101]) {
    const { status } = await call('POST', '/inquiries/search', { page: { size } });
    expect(status).toBe(400);
  }
});

test('an account is upserted by its reference id, in any spelling, and by nothing else', async () => {
  const { call } = await quietSandbox();
  const upsert = (by: string) =>
    call('POST', '/accounts', { data: { attributes: { 'reference-id': 'a' } }, meta: { 'upsert-by': by } });
  expect((await upsert('reference-id')).status).toBe(201);
  expect((await upsert('reference_id')).status).toBe(200);
  expect((await upsert('email-address')).status).toBe(501);
});

test('a delivery that a reset ends is not among those after it', async () => {
  const webhooks = [{ url: 'http://localhost:9/', 'enabled-events': ['inquiry.created'] }];
  const { sandbox, call } = await quietSandbox({ webhooks, sender: refusing(() => undefined) });
  await newInquiry(call);
  await sandbox.advance(1);
  await sandbox.reset();
  await call('GET', '/inquiries');
  expect(sandbox.deliveries).toEqual([]);
});

/** Answers 500 to everything. */
function refusing(onRequest: () => void): HttpSender {
  return {
    send: () => {
      onRequest();
      const response = { status: 500, headers: {}, body: Buffer.from(''), truncated: false };
      return Promise.resolve({ kind: 'response', response, timings: { totalMs: 1 } });
    },
  };
}
