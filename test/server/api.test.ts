import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { DEVELOPMENT_SECRET, Secret } from '../../src/signing/sign.ts';
import { verify } from '../../src/signing/verify.ts';
import { startServer, type ServerOptions } from '../../src/server/start-server.ts';
import { apiClient } from '../helpers/api-client.ts';
import { httpServer, tcpServer } from '../helpers/servers.ts';

interface Seen {
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

/** A receiver that answers with what `status` says, and a server that sends to it. */
async function setUp(options: ServerOptions = {}, status: () => number = () => 200) {
  const seen: Seen[] = [];
  const receiver = await httpServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      seen.push({ headers: request.headers as Record<string, string>, body: Buffer.concat(chunks) });
      response.writeHead(status(), { 'x-answer': 'yes' }).end('answer');
    });
  });
  const webhooks = options.webhooks ?? [{ attributes: { url: receiver.url.href }, seed: 7 }];
  const server = await startServer({ port: 0, ...options, webhooks });
  const dispose = async () => {
    await server.close();
    await receiver[Symbol.asyncDispose]();
  };
  return { seen, receiver, server, call: apiClient(server.url), [Symbol.asyncDispose]: dispose };
}

test('gives the exact bytes of a request and its answer', async () => {
  let wire = '';
  await using receiver = await tcpServer((socket) => {
    socket.on('data', (chunk) => {
      wire += chunk.toString('latin1');
      if (wire.includes('"data"') && wire.endsWith('}')) {
        socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\nx-a: b\r\n\r\nhi');
      }
    });
  });
  await using server = await startServer({ port: 0 });
  const call = apiClient(server.url);
  await call('POST', '/v1/webhooks', { url: receiver.url.href, customHttpHeaders: { 'X-Env': 'test' } });
  await call('POST', '/v1/deliveries?wait=settled', { event: 'inquiry.approved' });
  const request = await call('GET', '/v1/deliveries/latest/attempts/1/request');
  expect(request.bytes.toString('latin1')).toBe(wire);
  expect(request.headers.get('hookcast-sha256')).toBe(
    createHash('sha256').update(request.bytes).digest('hex'),
  );
  expect(request.headers.get('content-disposition')).toBe('attachment; filename="d1-1-request.http"');
  const response = await call('GET', '/v1/deliveries/d1/attempts/latest/response');
  expect(response.bytes.toString()).toBe('HTTP/1.1 200 OK\r\ncontent-length: 2\r\nx-a: b\r\n\r\nhi');
  const body = await call('GET', '/v1/deliveries/d1/attempts/1/body');
  expect(wire.endsWith(body.bytes.toString('latin1'))).toBe(true);
  expect((await call('GET', '/v1/deliveries/d1/attempts/1')).json.request.body).toBe(body.bytes.toString());
  expect((await call('GET', '/v1/deliveries/d1/attempts/2')).json).toMatchObject({ status: 404 });
});

test.each([
  ['valid', 'valid'],
  ['none', 'missing'],
  ['wrong-secret', 'mismatch'],
  ['stale', 'stale'],
  ['tampered', 'mismatch'],
])('signs as asked: %s', async (signature, expected) => {
  await using context = await setUp();
  await context.call('POST', '/v1/deliveries?wait=settled', { event: 'inquiry.approved', signature });
  const { headers, body } = context.seen[0]!;
  const header = headers['persona-signature'];
  const secrets = [new Secret(DEVELOPMENT_SECRET)];
  const limits = { secrets, nowSeconds: Date.now() / 1000, toleranceSeconds: 300 };
  expect(header === undefined ? 'missing' : verify(body, header, limits).kind).toBe(expected);
});

test('shows what the blocklist took, and previews what would be sent', async () => {
  await using context = await setUp();
  const { call, seen } = context;
  const changed = await call('PATCH', '/v1/webhooks/default', { apiAttributesBlocklist: ['name-*', 'nmae'] });
  expect(changed.json['api-attributes-blocklist']).toEqual(['name-*', 'nmae']);
  const preview = await call('POST', '/v1/preview', {
    event: 'inquiry.approved',
    set: { status: 'declined' },
  });
  expect(preview.json).toMatchObject({ wouldSend: true, reason: null, unmatched: ['nmae'] });
  expect(preview.json.removed.length).toBeGreaterThan(0);
  expect(seen).toEqual([]);
  const sent = await call('POST', '/v1/deliveries?wait=settled', { event: 'inquiry.approved' });
  expect(sent.json.removed).toEqual(preview.json.removed);
  await call('PATCH', '/v1/webhooks/default', { 'enabled-events': ['inquiry.declined'] });
  const skipped = await call('POST', '/v1/deliveries', { event: 'inquiry.approved' });
  expect(skipped.json).toMatchObject({
    ...{ state: 'skipped', attemptsMade: 0 },
    reason: "the webhook's enabled-events do not list inquiry.approved",
  });
});

test('sends bytes as they are, a fixture of the request, several events, and numbers as they are spelled', async () => {
  await using context = await setUp();
  const { call, seen } = context;
  const body = Buffer.from('{"not": "an event"}\n');
  await call('POST', '/v1/deliveries?wait=settled', {
    body: body.toString('base64'),
    headers: { 'X-A': 'b' },
  });
  expect(seen[0]!.body).toEqual(body);
  expect(seen[0]!.headers['x-a']).toBe('b');
  const fixture = {
    data: { type: 'inquiry', id: 'inq_123456789012345678901234', attributes: { status: 'odd' } },
  };
  await call('POST', '/v1/deliveries?wait=settled', { event: 'inquiry.approved', fixture });
  expect(JSON.parse(seen[1]!.body.toString()).data.attributes.payload.data.attributes).toEqual({
    status: 'odd',
  });
  const text = '{"event": "inquiry.approved", "add": {"score": 100.0}}';
  await call('POST', '/v1/deliveries?wait=settled', text);
  expect(seen[2]!.body.toString()).toContain('"score":100.0');
  const several = await call('POST', '/v1/deliveries?wait=settled', {
    events: ['inquiry.created', 'inquiry.approved'],
  });
  expect([several.status, several.json.deliveries.map((one: any) => one.eventName)]).toEqual([
    200,
    ['inquiry.created', 'inquiry.approved'],
  ]);
  const escape = { data: { resource: '../../../package' } };
  const refused = await call('POST', '/v1/deliveries', { event: 'inquiry.approved', fixture: escape });
  expect(refused.json).toMatchObject({ status: 400 });
});

test('runs scenarios, and steps of the request', async () => {
  await using context = await setUp();
  const { call, server } = context;
  const { json: known } = await call('GET', '/v1/scenarios');
  const clock = server.state.webhooks.get('default').clock;
  clock.setScale(Number.POSITIVE_INFINITY);
  const run = await call('POST', `/v1/scenarios/${known.scenarios[0].name}/runs?wait=settled`, { seed: 3 });
  expect([run.status, run.json.state, run.json.counts.pending]).toEqual([200, 'settled', 0]);
  expect(run.json.deliveries.map((one: any) => one.eventName)).toEqual(known.scenarios[0].events);
  const steps = [
    { event: 'inquiry.created' },
    { event: 'inquiry.approved', after: '2h', set: { status: 'odd' } },
  ];
  const own = await call('POST', '/v1/scenarios/inline/runs?wait=settled', { steps });
  expect(own.json).toMatchObject({ id: 'r2', scenario: 'inline', counts: { completed: 2 } });
  expect((await call('GET', '/v1/deliveries?run=r2')).json.deliveries).toHaveLength(2);
  expect((await call('POST', '/v1/scenarios/..%2Fpackage/runs', {})).json.code).toBe('unknown-name');
  const misspelt = { steps: [{ event: 'inquiry.created' }, { event: 'inquiry.aproved' }] };
  expect((await call('POST', '/v1/scenarios/inline/runs', misspelt)).json).toMatchObject({
    detail:
      'body.steps[1].event: expected the name of an event, found "inquiry.aproved" (did you mean inquiry.approved?)',
    where: 'body.steps[1].event',
  });
  const bare = { steps: [{ event: 'inquiry.created', fixture: { data: 5 } }] };
  expect((await call('POST', '/v1/scenarios/inline/runs', bare)).json.where).toBe(
    'body.steps[0].fixture.data',
  );
  expect((await call('GET', '/v1/runs/latest')).json.id).toBe('r2');
});

test('verifies, and names the mistake', async () => {
  await using context = await setUp();
  const { call, seen } = context;
  await call('POST', '/v1/deliveries?wait=settled', { event: 'inquiry.approved' });
  const { headers, body } = seen[0]!;
  const signature = headers['persona-signature'];
  const right = { signature, body: body.toString('base64') };
  expect((await call('POST', '/v1/verify', right)).json).toMatchObject({ verdict: 'valid', mistake: null });
  const wrong = { signature, text: JSON.stringify(JSON.parse(body.toString()), null, 2) };
  expect((await call('POST', '/v1/verify', wrong)).json).toMatchObject({ verdict: 'mismatch' });
  expect((await call('POST', '/v1/verify', { signature })).json).toMatchObject({ status: 400 });
});

test('tests a receiver, and reports in every format', async () => {
  await using context = await setUp();
  const { call } = context;
  const run = await call('POST', '/v1/conformance-runs?wait=settled&timeout=60s', { only: ['ACK-01'] });
  expect(run.json).toMatchObject({ id: 'c1', state: 'finished', failures: 0, done: 1, total: 1 });
  for (const format of ['text', 'html', 'json', 'junit', 'ctrf', 'tap', 'github', 'markdown']) {
    expect((await call('GET', `/v1/conformance-runs/c1/report?format=${format}`)).status).toBe(200);
  }
  expect((await call('POST', '/v1/conformance-runs/c1/cancel')).json).toMatchObject({
    status: 409,
    state: 'finished',
  });
  expect((await call('POST', '/v1/conformance-runs', { only: ['ACK-99'] })).json.code).toBe('unknown-name');
});

test('lists in pages, clears, exports and resets', async () => {
  await using context = await setUp({ keep: 3 });
  const { call } = context;
  for (let count = 0; count < 5; count += 1) {
    await call('POST', '/v1/deliveries?wait=settled', { event: 'inquiry.approved' });
  }
  const page = (await call('GET', '/v1/deliveries?limit=2')).json;
  expect([page.deliveries.map((one: any) => one.id), page.after]).toEqual([['d5', 'd4'], 'd4']);
  const rest = (await call('GET', `/v1/deliveries?limit=2&after=${page.after}`)).json;
  expect([rest.deliveries.map((one: any) => one.id), rest.after]).toEqual([['d3'], null]);
  const lines = (await call('GET', '/v1/export?format=ndjson')).bytes.toString().trim().split('\n');
  expect(lines.map((line) => JSON.parse(line).deliveryId)).toEqual(['d3', 'd4', 'd5']);
  const har = JSON.parse((await call('GET', '/v1/export?format=har')).bytes.toString());
  expect(har.log.entries).toHaveLength(3);
  expect((await call('DELETE', '/v1/deliveries?event=inquiry.*')).json).toEqual({ cleared: 3 });
  await call('POST', '/v1/webhooks', { url: 'http://127.0.0.1:9/other' });
  expect((await call('POST', '/v1/reset')).json).toEqual({ webhooks: 1 });
  expect((await call('GET', '/v1/deliveries/latest')).json.code).toBe('not-found');
});

test('waits no longer than asked, and says so with 202', async () => {
  await using context = await setUp({}, () => 500);
  const { call } = context;
  const still = await call('POST', '/v1/deliveries?wait=settled&timeout=20ms', { event: 'inquiry.approved' });
  expect([still.status, still.json.state]).toEqual([202, 'pending']);
  expect((await call('GET', '/v1/deliveries/d1?wait=attempt:1')).status).toBe(200);
  const next = (await call('GET', '/v1/deliveries/d1')).json.next;
  expect([next.attempt, next.inMs > 2000 && next.inMs <= 3000]).toEqual([2, true]);
  await call('POST', '/v1/deliveries/d1/cancel');
  const never = await call('GET', '/v1/deliveries/d1?wait=attempt:9');
  expect([never.status, never.json.state]).toEqual([202, 'cancelled']);
  expect((await call('GET', '/v1/deliveries/d1?timeout=61s')).json.detail).toContain('at most 60s');
});

test('an address outside this machine and private networks is a failed attempt', async () => {
  await using context = await setUp({ webhooks: [{ attributes: { url: 'http://198.51.100.7/hook' } }] });
  const { json } = await context.call('POST', '/v1/deliveries?wait=attempt:1', { event: 'inquiry.approved' });
  expect(json.attempts[0].outcome).toMatchObject({ kind: 'unreachable', code: 'REMOTE_ADDRESS' });
  expect(json.lastOutcome.reason).toContain('start the server with --allow-remote');
  const run = await context.call('POST', '/v1/conformance-runs?wait=settled', { only: ['SIG-01'] });
  expect(run.json.reason).toContain('start the server with --allow-remote');
});

test.each([
  ['disabled', 'POST', '/v1/webhooks/default/disable'],
  ['archived', 'PATCH', '/v1/webhooks/default'],
  ['removed', 'DELETE', '/v1/webhooks/default'],
])('a delivery fails with its reason when its webhook is %s', async (what, method, path) => {
  await using context = await setUp({}, () => 500);
  await context.call('POST', '/v1/deliveries?wait=attempt:1', { event: 'inquiry.approved' });
  await context.call(method, path, method === 'PATCH' ? { status: what } : undefined);
  const { json } = await context.call('GET', '/v1/deliveries/d1?wait=settled');
  expect([json.state, json.reason]).toEqual(['failed', `the webhook was ${what}`]);
});

test('refuses bodies that are too large, too deep or not JSON, unknown names and routes, and proxying', async () => {
  await using context = await setUp();
  const { call, server } = context;
  const of = async (method: string, path: string, body?: unknown) => {
    const { json } = await call(method, path, body);
    return [json.status, json.code, json.near];
  };
  expect(await of('POST', '/v1/deliveries', `{"body": "${'A'.repeat(5_000_001)}"}`)).toEqual([
    413,
    'too-large',
    undefined,
  ]);
  expect(await of('POST', '/v1/deliveries', '['.repeat(200) + ']'.repeat(200))).toEqual([
    400,
    'invalid-body',
    undefined,
  ]);
  expect(await of('POST', '/v1/deliveries', '{"event": ')).toEqual([400, 'invalid-json', undefined]);
  expect(await of('POST', '/v1/deliveries', '')).toEqual([400, 'invalid-json', undefined]);
  expect(await of('POST', '/v1/deliveries', { event: 'inquiry.aproved' })).toEqual([
    400,
    'unknown-name',
    ['inquiry.approved'],
  ]);
  expect(await of('GET', '/v1/deliveries?stat=failed')).toEqual([400, 'unknown-parameter', ['state']]);
  expect(await of('GET', '/v1/delivery')).toEqual([404, 'not-found', ['/v1/deliveries']]);
  expect(await of('PATCH', '/v1/deliveries')).toEqual([405, 'method-not-allowed', ['GET', 'POST', 'DELETE']]);
  expect(await of('GET', '/v1/webhooks/nope')).toEqual([404, 'not-found', []]);
  const socket = (await import('node:net')).connect(Number(new URL(server.url).port), '127.0.0.1');
  socket.end(
    'GET http://elsewhere.example/v1/webhooks HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
  );
  let text = '';
  socket.on('data', (chunk) => (text += String(chunk)));
  await once(socket, 'close');
  expect(text).toMatch(/^HTTP\/1.1 400 Bad Request/);
});

test('streams what happens: of 200 readers 20 are let in, and the others told so', async () => {
  await using context = await setUp();
  const { call, server } = context;
  const answers = await Promise.all(Array.from({ length: 200 }, () => fetch(`${server.url}/v1/stream`)));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(20);
  expect(answers.filter(({ status }) => status === 503)).toHaveLength(180);
  const [first, ...others] = answers.filter(({ status }) => status === 200);
  expect(first!.headers.get('x-accel-buffering')).toBe('no');
  await Promise.all(others.map((answer) => answer.body!.cancel()));
  await Promise.all(answers.filter(({ status }) => status === 503).map((answer) => answer.text()));
  await call('POST', '/v1/deliveries?wait=settled', { event: 'inquiry.approved' });
  const reader = first!.body!.getReader();
  let text = '';
  while (!text.includes('"state":"completed"')) text += Buffer.from((await reader.read()).value).toString();
  await reader.cancel();
  const events = [...text.matchAll(/^id: (\d+)\nevent: (\w+)\ndata: (.+)$/gm)];
  expect(events.map(([, , type]) => type)).toEqual([
    'delivery',
    'attempt',
    'delivery',
    'attempt',
    'delivery',
    'delivery',
  ]);
  expect(events.map(([, id]) => Number(id))).toEqual([2, 3, 4, 5, 6, 7]);
  const late = await fetch(`${server.url}/v1/stream?types=delivery`, { headers: { 'last-event-id': '5' } });
  const rest = Buffer.from((await late.body!.getReader().read()).value).toString();
  expect([...rest.matchAll(/^id: (\d+)$/gm)].map(([, id]) => id)).toEqual(['6', '7']);
});
