import { expect, test } from 'vitest';
import { createServerHandler } from '../../src/server/server-handler.ts';

const url = 'http://127.0.0.1:9/hook';
const { handler } = createServerHandler({
  webhooks: [{ attributes: { url }, id: 'wbh_1' }],
  allowedHosts: ['ci.example'],
  corsOrigins: ['http://app.test:5173'],
});

async function ask(
  headers: Record<string, string>,
  { method = 'GET', path = '/v1/webhooks', body = '' } = {},
) {
  const request = new Request(`http://localhost:4665${path}`, {
    method,
    headers: { host: 'localhost:4665', ...headers },
    ...(method === 'GET' || method === 'OPTIONS' ? {} : { body }),
  });
  const response = await handler(request);
  const text = await response.text();
  const problem = text === '' ? {} : (JSON.parse(text) as { code?: string; detail?: string });
  return { status: response.status, code: problem.code, detail: problem.detail, headers: response.headers };
}

test.each([
  ['localhost', 200],
  ['localhost:4665', 200],
  ['LOCALHOST:4665', 200],
  ['api.localhost:4665', 200],
  ['127.0.0.1:4665', 200],
  ['[::1]:4665', 200],
  ['192.168.1.7', 200],
  ['hookcast', 200],
  ['host.docker.internal:4665', 200],
  ['ci.example', 200],
  ['evil.example', 403],
  ['localhost.evil.example', 403],
  ['127.0.0.1.evil.example', 403],
  ['sub.ci.example', 403],
  ['user@localhost', 400],
  ['local/host', 400],
  ['', 400],
])('answers Host %j with %i', async (host, status) => {
  const found = await ask({ host });
  expect(found.status).toBe(status);
  if (status === 403) expect(found.detail).toContain('--allowed-host');
});

const OWN = 'http://localhost:4665';
const BODY = '{"url": "http://127.0.0.1:9/x"}';

test.each([
  // Sec-Fetch-Site, Origin, method, media type → status
  [undefined, undefined, 'GET', undefined, 200],
  ['none', undefined, 'GET', undefined, 200],
  ['same-origin', undefined, 'GET', undefined, 200],
  ['same-origin', OWN, 'POST', 'application/json', 201],
  [undefined, OWN, 'POST', 'application/json; charset=utf-8', 201],
  [undefined, undefined, 'POST', 'application/json', 201],
  [undefined, undefined, 'POST', 'text/plain', 415],
  [undefined, undefined, 'POST', 'application/x-www-form-urlencoded', 415],
  [undefined, undefined, 'POST', 'multipart/form-data', 415],
  [undefined, undefined, 'POST', 'application/jsonp', 415],
  [undefined, undefined, 'POST', undefined, 415],
  ['same-site', undefined, 'GET', undefined, 403],
  ['cross-site', undefined, 'GET', undefined, 403],
  ['same-site', 'http://localhost:3000', 'POST', 'application/json', 403],
  ['cross-site', 'https://evil.example', 'POST', 'application/json', 403],
  ['cross-site', 'https://evil.example', 'POST', 'text/plain', 403],
  [undefined, 'http://localhost:3000', 'GET', undefined, 403],
  [undefined, 'https://localhost:4665', 'GET', undefined, 403],
  [undefined, 'null', 'POST', 'application/json', 403],
  ['same-origin', 'null', 'GET', undefined, 403],
  ['same-site', 'http://app.test:5173', 'GET', undefined, 200],
  ['cross-site', 'http://app.test:5173', 'POST', 'application/json', 201],
  ['cross-site', 'http://app.test', 'GET', undefined, 403],
])('site %s, origin %s, %s with %s → %i', async (site, origin, method, type, status) => {
  const headers = {
    ...(site === undefined ? {} : { 'sec-fetch-site': site }),
    ...(origin === undefined ? {} : { origin }),
    ...(type === undefined ? {} : { 'content-type': type }),
  };
  const found = await ask(headers, { method, body: BODY });
  expect([found.status, found.code]).toEqual([
    status,
    { 403: 'forbidden-origin', 415: 'unsupported-media-type' }[status],
  ]);
  if (status === 403) expect(found.detail).toContain('--cors-origin');
  const isLetIn = origin === 'http://app.test:5173';
  expect(found.headers.get('access-control-allow-origin')).toBe(isLetIn ? origin : null);
});

test('answers the preflight of an allowed origin, and of no other', async () => {
  const preflight = {
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'content-type',
  };
  const allowed = await ask({ origin: 'http://app.test:5173', ...preflight }, { method: 'OPTIONS' });
  expect([allowed.status, allowed.headers.get('access-control-allow-headers')]).toEqual([
    204,
    'authorization, content-type',
  ]);
  const refused = await ask({ origin: 'https://evil.example', ...preflight }, { method: 'OPTIONS' });
  expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([403, null]);
});

test('wants the token that it was started with', async () => {
  const { handler: guarded } = createServerHandler({ token: 'letmein' });
  const statusWith = async (headers: Record<string, string>, path = '/v1/webhooks') =>
    (await guarded(new Request(`http://localhost${path}`, { headers }))).status;
  expect(await statusWith({})).toBe(401);
  expect(await statusWith({ authorization: 'Bearer letmeout' })).toBe(401);
  expect(await statusWith({ authorization: 'Basic letmein' })).toBe(401);
  expect(await statusWith({ authorization: 'Bearer letmein' })).toBe(200);
  expect(await statusWith({}, '/healthz')).toBe(200);
});

test('refuses every write when it is read-only, and no read', async () => {
  const { handler: readOnly } = createServerHandler({ readOnly: true, webhooks: [{ attributes: { url } }] });
  const call = async (method: string, path: string, body?: string) => {
    const request = new Request(`http://localhost${path}`, {
      method,
      ...(body === undefined ? {} : { body, headers: { 'content-type': 'application/json' } }),
    });
    return (await readOnly(request)).status;
  };
  expect(await call('POST', '/v1/webhooks', BODY)).toBe(403);
  expect(await call('POST', '/v1/deliveries', '{"event":"inquiry.approved"}')).toBe(403);
  expect(await call('DELETE', '/v1/deliveries')).toBe(403);
  expect(await call('PATCH', '/v1/webhooks/default', '{}')).toBe(403);
  expect(await call('POST', '/v1/webhooks/default/clock/next')).toBe(403);
  expect(await call('POST', '/v1/reset')).toBe(403);
  expect(await call('GET', '/v1/webhooks')).toBe(200);
  expect(await call('POST', '/v1/preview', '{"event":"inquiry.approved"}')).toBe(200);
});

test('never answers with a secret', async () => {
  const secret = 'wbhsec_11111111-2222-4333-8444-555555555555';
  const { handler: open } = createServerHandler({
    webhooks: [{ attributes: { url, secret, 'custom-http-headers': { 'X-Api-Key': 'hush' } } }],
  });
  const answer = await (await open(new Request('http://localhost/v1/webhooks/default'))).text();
  expect(answer).not.toContain(secret);
  expect(answer).not.toContain('hush');
  expect(JSON.parse(answer).secrets[0].fingerprint).toMatch(/^[0-9a-f]{32}$/);
});
