import { expect, test } from 'vitest';
import { startServer } from '../../src/server/start-server.ts';
import { apiClient } from '../helpers/api-client.ts';
import { httpServer } from '../helpers/servers.ts';

const STEPS = [
  { event: 'inquiry.created' },
  { event: 'inquiry.started', after: '1m' },
  { event: 'inquiry.approved', after: '2h' },
];

test('an event of a run that fails holds up none of those after it', async () => {
  const names: string[] = [];
  await using receiver = await httpServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      names.push(JSON.parse(text).data.attributes.name);
      response.writeHead(500).end();
    });
  });
  await using server = await startServer({ port: 0 });
  const call = apiClient(server.url);
  await call('POST', '/v1/webhooks', { url: receiver.url.href, paused: true });
  await call('POST', '/v1/scenarios/inline/runs', { steps: STEPS });
  const { json: quick } = await call('POST', '/v1/webhooks/default/clock/advance', { by: '1m' });
  expect(quick.moved).toBe(true);
  expect(names).toEqual(['inquiry.created', 'inquiry.created', 'inquiry.started']);
  await call('POST', '/v1/webhooks/default/clock/advance', { by: '7d' });
  const { json: run } = await call('GET', '/v1/runs/latest');
  expect(run).toMatchObject({ state: 'settled', counts: { failed: 3 } });
  expect(names).toHaveLength(27);
});

test('an event of a run that is not yet due can be sent now, and is not sent again when it is due', async () => {
  let count = 0;
  await using receiver = await httpServer((request, response) => {
    count += 1;
    request.resume();
    response.writeHead(500).end();
  });
  await using server = await startServer({ port: 0 });
  const call = apiClient(server.url);
  await call('POST', '/v1/webhooks', { url: receiver.url.href, paused: true });
  await call('POST', '/v1/scenarios/inline/runs', { steps: STEPS });
  await call('GET', '/v1/deliveries/d1?wait=attempt:1');
  const { status, json } = await call('POST', '/v1/deliveries/d3/next?timeout=2s');
  expect([status, json.attemptsMade]).toEqual([200, 1]);
  await call('POST', '/v1/webhooks/default/clock/advance', { by: '7d' });
  const { json: run } = await call('GET', '/v1/runs/latest');
  expect(run).toMatchObject({ state: 'settled', counts: { failed: 3 } });
  expect(count).toBe(27);
});
