import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { JournalBrokenError } from '../../src/journal/errors.ts';
import { openJournal } from '../../src/journal/sqlite/open-journal.ts';
import { ROUTES } from '../../src/server/routes/index.ts';
import { createServerHandler } from '../../src/server/server-handler.ts';
import { startServer } from '../../src/server/start-server.ts';
import { version } from '../../src/text/version.ts';
import { apiClient } from '../helpers/api-client.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const webhooks = [{ attributes: { url: 'http://127.0.0.1:9/hook' } }];

afterEach(() => void vi.useRealTimers());

test.each([
  ['GET', '/v1/deliveries?state=faild', undefined, ['failed'], 'query.state'],
  ['GET', '/v1/export?format=hra', undefined, ['har'], 'query.format'],
  ['POST', '/v1/deliveries', { event: 'inquiry.approved', signature: 'stal' }, ['stale'], 'body.signature'],
  ['POST', '/v1/conformance-runs', { profile: 'cor' }, ['core'], 'body.profile'],
  ['POST', '/v1/deliveries', { event: 'inquiry.approved', set: { sttus: 'x' } }, ['status'], undefined],
])('names the value that was probably meant: %s %s', async (method, path, body, near, where) => {
  await using server = await startServer({ port: 0, webhooks });
  const { status, json } = await apiClient(server.url)(method, path, body);
  expect([status, json.near, json.where]).toEqual([400, near, where]);
  expect(json.detail).toContain(near[0]);
});

const WITHOUT_BODY = ROUTES.filter(({ method, body }) => method !== 'GET' && body === undefined);

test.each(WITHOUT_BODY.map(({ method, path }) => [method, path] as const))(
  '%s %s takes {} and nothing else',
  async (method, path) => {
    await using server = await startServer({ port: 0, webhooks });
    const call = apiClient(server.url);
    const filled = path.replace('{webhook}', 'default').replace('{delivery}', 'd1').replace('{run}', 'c1');
    const refused = await call(method, filled, { reason: 'x' });
    expect([refused.status, refused.json.code]).toEqual([400, 'unknown-member']);
    expect((await call(method, filled, '[')).json.code).toBe('invalid-json');
    const typed = await fetch(server.url + filled, { method, body: '{}' });
    expect(typed.status).toBe(415);
    expect((await call(method, filled, {})).json?.code ?? 'not-found').toBe('not-found');
  },
);

test.each([
  [
    '/v1/webhooks',
    { urll: 'http://127.0.0.1:9' },
    'unknown-member',
    "unknown member 'urll'; did you mean url?",
  ],
  [
    '/v1/webhooks',
    { url: 'http://127.0.0.1:9', seed: 1.5 },
    'invalid-body',
    'expected a whole number, found 1.5',
  ],
  [
    '/v1/webhooks',
    { url: 'http://127.0.0.1:9', timeScale: 0 },
    'invalid-body',
    'expected a number above 0, found 0',
  ],
  ['/v1/conformance-runs', { url: 'file:///etc/passwd' }, 'bad-request', 'starts with http:// or https://'],
  ['/v1/deliveries', Buffer.from('{"event":"\xff"}', 'latin1'), 'invalid-json', 'it is not UTF-8'],
])('says what is wrong: POST %s %o', async (path, body, code, detail) => {
  await using server = await startServer({ port: 0, webhooks });
  const answer = await fetch(server.url + path, {
    ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
    body: Buffer.isBuffer(body) ? new Uint8Array(body) : JSON.stringify(body),
  });
  const problem = (await answer.json()) as { code: string; detail: string };
  expect([answer.status, problem.code]).toEqual([400, code]);
  expect(problem.detail).toContain(detail);
});

test('before there is a run, says how one is made', async () => {
  await using server = await startServer({ port: 0, webhooks });
  const call = apiClient(server.url);
  const details = await Promise.all(
    ['runs', 'conformance-runs'].map(
      async (kind) => (await call('GET', `/v1/${kind}/latest`)).json.detail as string,
    ),
  );
  expect(details).toEqual([
    'there is no run yet; start one: POST /v1/scenarios/quickstart/runs',
    'there is no run yet; start one: POST /v1/conformance-runs',
  ]);
});

test("the run 'latest' chooses deliveries, too", async () => {
  await using server = await startServer({ port: 0, webhooks });
  const call = apiClient(server.url);
  expect((await call('GET', '/v1/deliveries?run=latest')).json.deliveries).toEqual([]);
  await call('POST', '/v1/deliveries', { event: 'inquiry.approved' });
  for (const event of ['inquiry.created', 'inquiry.started']) {
    await call('POST', '/v1/scenarios/inline/runs', { steps: [{ event }] });
  }
  const { deliveries } = (await call('GET', '/v1/deliveries?run=latest')).json;
  expect(deliveries.map(({ eventName }: { eventName: string }) => eventName)).toEqual(['inquiry.started']);
});

test('a cursor that no page gave is refused', async () => {
  await using server = await startServer({ port: 0, webhooks });
  const call = apiClient(server.url);
  expect((await call('GET', '/v1/deliveries?after=abc')).json).toMatchObject({
    ...{ status: 400, code: 'invalid-parameter', where: 'query.after' },
  });
  expect((await call('GET', '/v1/deliveries?after=d99')).json).toEqual({ deliveries: [], after: null });
});

test('HEAD answers as GET, without the body', async () => {
  await using server = await startServer({ port: 0, webhooks });
  for (const path of ['/', '/v1/webhooks', '/openapi.json', '/healthz', '/v1/none']) {
    const [get, head] = await Promise.all(
      ['GET', 'HEAD'].map((method) => fetch(server.url + path, { method })),
    );
    expect([path, head!.status, head!.headers.get('content-type')]).toEqual([
      ...[path, get!.status, get!.headers.get('content-type')],
    ]);
    expect(await head!.text()).toBe('');
    await get!.text();
  }
});

test('every answer names the version, also that to a request for a proxy', async () => {
  await using server = await startServer({ port: 0, webhooks });
  for (const path of ['/', '/v1/webhooks', '/v1/none', '/healthz']) {
    expect((await fetch(server.url + path)).headers.get('hookcast-version')).toBe(version());
  }
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  socket.end('GET http://elsewhere.example/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  let text = '';
  socket.on('data', (chunk) => (text += String(chunk)));
  await once(socket, 'close');
  expect(text.toLowerCase()).toContain(`\r\nhookcast-version: ${version()}\r\n`);
});

test('refuses a Host that is none, and goes on', async () => {
  await using server = await startServer({ port: 0, webhooks });
  const statuses: string[] = [];
  for (const host of ['a b', '[', 'localhost:99999', '', 'a@b', '\u0001']) {
    for (const path of ['/healthz', '/v1/webhooks', '/']) {
      const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
      socket.end(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
      let text = '';
      socket.on('data', (chunk) => (text += String(chunk)));
      await once(socket, 'close');
      statuses.push(text.slice(9, 12));
    }
  }
  expect(new Set(statuses)).toEqual(new Set(['400']));
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
});

test('a client that leaves before its body has come is no bug', async () => {
  const bugs: unknown[] = [];
  const server = await startServer({ port: 0, webhooks, onBug: (error) => bugs.push(error) });
  for (const length of ['Content-Length: 100', 'Transfer-Encoding: chunked']) {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    const head = `POST /v1/webhooks HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${length}`;
    socket.write(`${head}\r\nExpect: 100-continue\r\n\r\n`);
    // Now the server reads the body.
    await once(socket, 'data');
    socket.destroy();
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  }
  await server.close();
  expect(bugs).toEqual([]);
});

test('is not ready when its journal can no longer be written', async () => {
  await using folder = await temporaryFolder();
  const journal = openJournal(join(folder.path, 'journal.db'));
  const broken = new AbortController();
  Object.defineProperty(journal, 'broken', { value: broken.signal });
  await using server = await startServer({ port: 0, webhooks, journal });
  const call = apiClient(server.url);
  expect((await call('GET', '/readyz')).status).toBe(200);
  broken.abort(new JournalBrokenError(journal.path, 'the disk is full'));
  expect((await call('GET', '/readyz')).json).toMatchObject({ status: 503, code: 'journal-broken' });
  expect((await call('GET', '/healthz')).status).toBe(200);
  journal.close();
});

test('a preview has the command line that sends the same event', async () => {
  await using server = await startServer({ port: 0, webhooks });
  const text = `{"event": "inquiry.approved", "referenceId": "user 1", "id": "evt_1",
    "set": {"status": "it's odd"}, "add": {"score": 100.0}, "remove": ["tags"]}`;
  const { json } = await apiClient(server.url)('POST', '/v1/preview', text);
  expect(json.command).toBe(
    "hookcast send inquiry.approved --to http://127.0.0.1:9/hook --reference-id 'user 1' --id evt_1 " +
      "--set 'status=it'\\''s odd' --add score:=100.0 --remove tags",
  );
});

test('a stream says every 15 seconds that it is still there', async () => {
  vi.useFakeTimers();
  const server = createServerHandler({ webhooks });
  const response = await server.handler(new Request('http://localhost/v1/stream'));
  const reader = response.body!.getReader();
  const next = async () => Buffer.from((await reader.read()).value).toString();
  expect(await next()).toBe(': hookcast\n\n');
  vi.advanceTimersByTime(14_999);
  const beat = next();
  vi.advanceTimersByTime(1);
  expect(await beat).toBe(': still here\n\n');
  server.close();
});
