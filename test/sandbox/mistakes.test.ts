import { expect, test } from 'vitest';
import { KEY, newInquiry, quietSandbox, TEMPLATE } from './helpers.ts';

const CREATE = { data: { attributes: { 'inquiry-template-id': TEMPLATE } } };
const withAttributes = (attributes: object) => ({
  data: { attributes: { ...CREATE.data.attributes, ...attributes } },
});

/** [method, path, body, status, what the answer says] */
const MISTAKES: readonly (readonly [string, string, unknown, number, string])[] = [
  ['GET', '/inquiries/inq_1/verifications', undefined, 404, 'GET /inquiries/{id}?include=verifications'],
  ['GET', '/inquiries/inq_1/documents', undefined, 404, 'GET /inquiries/{id}?include=documents'],
  ['POST', '/inquiries/inq_1/redact', {}, 404, 'DELETE /inquiries/{id}'],
  ['POST', '/inquiries/inq_1/submit', {}, 404, 'complete_inquiry'],
  ['POST', '/inquiries/inq_1/session-token', {}, 404, 'POST /inquiries/{id}/resume, in meta.session-token'],
  ['GET', '/inquiries/inq_1/sessions', undefined, 404, 'GET /inquiry-sessions?filter[inquiry-id]={id}'],
  ['POST', '/inquiries/inq_1', {}, 404, 'PATCH /inquiries/{id}'],
  ['GET', '/accounts/act_1/inquiries', undefined, 404, 'GET /inquiries?filter[account-id]={id}'],
  ['GET', '/inquires', undefined, 404, 'did you mean GET /inquiries?'],
  ['POST', '/inquiries?auto-create-one-time-link=true', CREATE, 400, 'a member of "meta" in the body'],
  ['POST', '/inquiries', withAttributes({ 'auto-create-one-time-link': true }), 400, 'stands beside "data"'],
  ['POST', '/inquiries', { data: { ...CREATE.data, meta: {} } }, 400, '"meta" stands beside "data"'],
  ['POST', '/inquiries', withAttributes({ 'callback-url': 'http://a' }), 400, 'Results arrive at a webhook'],
  ['POST', '/inquiries', withAttributes({ callbackUrl: 'http://a' }), 400, 'Results arrive at a webhook'],
  ['POST', '/inquiries', withAttributes({ 'inquiry-type-id': 'x' }), 400, 'inquiry-template-id (itmpl_…)'],
  ['POST', '/inquiries', withAttributes({ 'name-first': 'Jo' }), 400, '{"fields": {"name-first": …}}'],
  ['POST', '/inquiries', withAttributes({ 'refrence-id': 'x' }), 400, 'did you mean reference-id?'],
  ['POST', '/inquiries', { data: { attributes: {} } }, 400, 'inquiry-template-id is missing'],
  [
    'POST',
    '/inquiries',
    { data: { attributes: { 'template-id': TEMPLATE } } },
    400,
    'goes into inquiry-template-id',
  ],
  ['POST', '/inquiries', undefined, 400, 'data is missing'],
  ['GET', '/inquiries?reference-id=a', undefined, 400, 'filter[reference-id]'],
  ['GET', '/inquiries?limit=5', undefined, 400, 'page[size]'],
  ['GET', '/inquiries?page[size]=1000', undefined, 400, 'from 1 to 100'],
  [
    'POST',
    '/webhooks',
    { data: { attributes: { name: 'a', url: 'http://a', 'enabled-events': ['*'], enabled: true } } },
    400,
    'POST /webhooks/{id}/enable turns it on',
  ],
  [
    'POST',
    '/webhooks',
    { data: { attributes: { name: 'a', url: 'localhost:3000', 'enabled-events': ['*'] } } },
    422,
    'did you mean http://localhost:3000?',
  ],
  [
    'POST',
    '/inquiries/inq_1/mark-for-review',
    { meta: { comment: 'a' } },
    400,
    'meta is not allowed: the body is empty here',
  ],
  ['POST', '/inquiries/inq_1/decline', { comment: 'a' }, 400, '{"meta": {"comment": "…"}}'],
  [
    'POST',
    '/reports',
    { data: { type: 'report/x' } },
    400,
    'data.type must be report/address-lookup or report/',
  ],
  [
    'POST',
    '/webhooks',
    { data: { attributes: { name: 'a', url: 'http://a', 'enabled-events': [] } } },
    400,
    'data.attributes.enabled-events must not be empty',
  ],
  ['GET', '/cases', undefined, 501, 'list-all-cases'],
  ['GET', '/cases', undefined, 501, 'docs/coverage.md of the package lists what it has'],
];

test.each(MISTAKES)('%s %s is named', async (method, path, body, status, sentence) => {
  const { call } = await quietSandbox({ seed: { inquiries: [{ id: 'inq_1' }] } });
  const answer = await call(method, path, body);
  expect([answer.status, answer.body.errors[0].details]).toEqual([status, expect.stringContaining(sentence)]);
});

test('approve takes its comment in meta, and says so', async () => {
  const { call } = await quietSandbox();
  const id = await newInquiry(call);
  const answer = await call('POST', `/inquiries/${id}/approve`, { data: { attributes: { comment: 'ok' } } });
  expect([answer.status, answer.body.errors[0].details]).toEqual([
    400,
    expect.stringContaining('{"meta": {"comment": "…"}}'),
  ]);
});

test('a version that never existed is refused with those that did', async () => {
  const { call } = await quietSandbox();
  const answer = await call('GET', '/inquiries', undefined, { 'Persona-Version': '2023-01-06' });
  expect(answer.status).toBe(400);
  expect(answer.body.errors[0].details).toContain('2023-01-05');
});

test('keys: a missing, a bare and a foreign one get 401; a production key gets 403, and the advice to rotate it', async () => {
  const hints: string[] = [];
  const { sandbox } = await quietSandbox({ onHint: (hint) => hints.push(hint) });
  const secret = 'persona_production_5f0d2f6e-0000-4000-8000-000000000000';
  const answers = await Promise.all(
    [undefined, KEY, 'Bearer sk_1', `Bearer ${secret}`, secret, `Bearer ${KEY}`].map(async (value) => {
      const headers = value === undefined ? {} : { Authorization: value };
      const response = await sandbox.fetch(`${sandbox.url}/api/v1/inquiries`, { headers });
      return {
        status: response.status,
        text: await response.text(),
        limit: response.headers.get('ratelimit-limit'),
      };
    }),
  );
  expect(answers.map(({ status, limit }) => [status, limit])).toEqual([
    [401, null],
    [401, null],
    [401, null],
    [403, '300'],
    [403, '300'],
    [200, '300'],
  ]);
  expect(answers[3]?.text).toContain('Rotate it');
  const said = JSON.stringify([answers, hints]);
  expect(said).not.toContain(secret);
  expect(said).not.toContain(KEY);
});

test('lenient: what is not known is ignored, with one hint', async () => {
  const hints: string[] = [];
  const { call } = await quietSandbox({ lenient: true, onHint: (hint) => hints.push(hint) });
  for (let time = 0; time < 2; time += 1) {
    const answer = await call(
      'POST',
      '/inquiries?nonsense=1',
      withAttributes({ 'callback-url': 'http://a' }),
    );
    expect(answer.status).toBe(201);
  }
  expect(hints.filter((hint) => hint.includes('callback'))).toHaveLength(1);
  expect(hints.filter((hint) => hint.includes('nonsense'))).toHaveLength(1);
});

test('a log line for each call, without parameters and bodies', async () => {
  const calls: unknown[] = [];
  const { call } = await quietSandbox({ onCall: (record) => calls.push(record) });
  await call('GET', '/inquiries?filter[reference-id]=jane.doe@example.com');
  await call('GET', '/nowhere');
  expect(calls).toEqual([
    { method: 'GET', path: '/api/v1/inquiries', operation: 'list-all-inquiries', status: 200 },
    { method: 'GET', path: '/api/v1/nowhere', operation: undefined, status: 404 },
  ]);
});

test('a session and a link that were not asked for are null, and the log says how to ask', async () => {
  const hints: string[] = [];
  const { call } = await quietSandbox({ onHint: (hint) => hints.push(hint) });
  const { body } = await call('POST', '/inquiries', CREATE);
  expect(body.meta).toEqual({ 'session-token': null, 'one-time-link': null, 'one-time-link-short': null });
  expect(hints).toEqual([expect.stringContaining('auto-create-inquiry-session')]);
});
