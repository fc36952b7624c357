import { expect, test } from 'vitest';
import { startServer } from '../../src/server/start-server.ts';
import { httpServer } from '../helpers/servers.ts';

/** A client of one server. */
function clientOf(base: string) {
  return async (method: string, path: string, body?: unknown) => {
    const response = await fetch(base + path, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    return { status: response.status, headers: response.headers, json: (await response.json()) as any };
  };
}

test('walks the nine attempts of the default schedule on a paused clock', async () => {
  const bodies: string[] = [];
  await using receiver = await httpServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      bodies.push(body);
      response.writeHead(500).end('no');
    });
  });
  await using server = await startServer({ port: 0 });
  const call = clientOf(server.url);
  const created = await call('POST', '/v1/webhooks', { url: receiver.url.href, paused: true, seed: 7 });
  expect(created.status).toBe(201);
  const sent = await call('POST', '/v1/deliveries', { event: 'inquiry.approved' });
  expect(sent.status).toBe(202);
  for (let number = 2; number <= 9; number += 1) {
    const moved = await call('POST', '/v1/webhooks/default/clock/next');
    expect(moved.json.moved).toBe(true);
    const { json } = await call('GET', '/v1/deliveries/latest');
    expect(json.attemptsMade).toBe(number);
  }
  const { json, status } = await call('GET', '/v1/deliveries/latest?wait=settled');
  expect([status, json.state, json.attempts.length]).toEqual([200, 'failed', 9]);
  expect(new Set(bodies).size).toBe(1);
  expect(json.attempts.map((attempt: any) => attempt.nextDelayMs)).toEqual(
    [3, 66, 731, 4098, 15627, 46658, 117651, 262146].map((seconds) => seconds * 1000).concat([null as any]),
  );
  const list = await call('GET', '/v1/deliveries?state=failed');
  expect(list.json.deliveries.map((one: any) => one.id)).toEqual(['d1']);
  expect((await call('POST', '/v1/deliveries/d1/cancel')).json).toMatchObject({
    status: 409,
    state: 'failed',
  });
  expect((await call('POST', '/v1/deliveries', { evnt: 'x' })).json).toMatchObject({
    ...{ status: 400, code: 'unknown-member' },
    near: ['event', 'events'],
  });
  const again = await call('POST', '/v1/deliveries/d1/resend?wait=attempt:1', {
    set: { status: 'declined' },
  });
  expect(again.json).toMatchObject({ id: 'd2', resendOf: 'd1', attemptsMade: 1 });
  expect((await call('POST', '/v1/deliveries/d2/next')).json.attemptsMade).toBe(2);
  expect((await call('POST', '/v1/webhooks/default/disable')).json.status).toBe('disabled');
  expect((await call('GET', '/v1/deliveries/d2?wait=settled')).json.state).toBe('failed');
});

test('of two ends of a delivery the first holds', async () => {
  await using receiver = await httpServer((_, response) => response.writeHead(500).end());
  await using server = await startServer({ port: 0, webhooks: [{ attributes: { url: receiver.url.href } }] });
  const call = clientOf(server.url);
  await call('POST', '/v1/deliveries?wait=attempt:1', { event: 'inquiry.approved' });
  const { webhooks, history, runner } = server.state;
  webhooks.setStatus(webhooks.get('default'), 'disabled');
  runner.cancel(history.latest()!);
  expect((await call('GET', '/v1/deliveries/latest?wait=settled')).json.state).toBe('failed');
});
