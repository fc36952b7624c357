import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openJournal } from '../../src/journal/sqlite/open-journal.ts';
import { startServer } from '../../src/server/start-server.ts';
import { apiClient } from '../helpers/api-client.ts';
import { httpServer } from '../helpers/servers.ts';
import { spawnCli } from '../helpers/spawn-cli.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

test('shows the same deliveries after a restart, and continues those that are pending', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'journal.db');
  let status = 500;
  await using receiver = await httpServer((_, response) => response.writeHead(status).end('no'));
  const first = openJournal(path);
  const before = await (async () => {
    await using server = await startServer({ port: 0, journal: first });
    const call = apiClient(server.url);
    await call('POST', '/v1/webhooks', { url: receiver.url.href, paused: true });
    await call('POST', '/v1/deliveries?wait=attempt:1', { event: 'inquiry.approved' });
    await call('POST', '/v1/deliveries?wait=attempt:1', { event: 'inquiry.declined' });
    await call('POST', '/v1/deliveries/d1/cancel');
    for (const [by, attempt] of [
      ['3s', 2],
      ['66s', 3],
    ] as const) {
      await call('POST', '/v1/webhooks/default/clock/advance', { by });
      await call('GET', `/v1/deliveries/d2?wait=attempt:${attempt}`);
    }
    const { json } = await call('GET', '/v1/deliveries/d2');
    return { json, list: (await call('GET', '/v1/deliveries')).json };
  })();
  await first.commit();
  first.close();

  status = 200;
  const second = openJournal(path);
  await using server = await startServer({ port: 0, journal: second });
  const call = apiClient(server.url);
  const list = (await call('GET', '/v1/deliveries')).json;
  expect(list.deliveries.map((one: any) => [one.id, one.eventId, one.state, one.webhook])).toEqual(
    before.list.deliveries.map((one: any) => [one.id, one.eventId, one.state, one.webhook]),
  );
  const again = (await call('GET', '/v1/deliveries/d2')).json;
  const lasting = ({ sha256, createdAt, attempts }: any) => ({ sha256, createdAt, attempts });
  expect(lasting(again)).toEqual(lasting(before.json));
  expect(again.attempts.map(({ nextDelayMs }: any) => nextDelayMs)).toEqual([3_000, 66_000, 731_000]);
  // The fourth attempt keeps its time, 731 s after the third.
  expect(again).toMatchObject({ state: 'pending', attemptsMade: 3, next: { attempt: 4 } });
  expect((await call('GET', '/v1/deliveries/d2')).json.attemptsMade).toBe(3);
  await call('POST', '/v1/webhooks/default/clock/advance', { by: '731s' });
  expect((await call('GET', '/v1/deliveries/d2?wait=settled')).json).toMatchObject({
    ...{ state: 'completed', attemptsMade: 4 },
  });
  second.close();
});

test('survives kill -9 with a journal', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'journal.db');
  await using receiver = await httpServer((_, response) => response.writeHead(500).end());
  const flags = ['serve', '--port', '0', '--json', '--journal', path, '--to', receiver.url.href];
  const shown: unknown[] = [];
  for (const isLast of [false, true]) {
    await using cli = spawnCli(flags);
    await cli.until('"listening"');
    const url = await urlOf(cli);
    const call = apiClient(url);
    if (!isLast) await call('POST', '/v1/deliveries?wait=attempt:1', { event: 'inquiry.approved' });
    const { json } = await call('GET', '/v1/deliveries');
    const { sha256, attempts } = (await call('GET', '/v1/deliveries/d1')).json;
    const { bytes } = await call('GET', '/v1/deliveries/d1/attempts/1/body');
    // A second attempt may be made on a slow machine.
    const [{ startedAt, request, outcome }] = attempts;
    shown.push({
      list: json.deliveries.map(({ id, eventId, state, webhook }: any) => ({ id, eventId, state, webhook })),
      ...{ sha256, body: bytes.toString(), first: { startedAt, request, outcome } },
    });
    cli.kill('SIGKILL');
    await cli.ended;
  }
  expect(shown[1]).toEqual(shown[0]);
  expect(shown[0]).toMatchObject({
    list: [{ id: 'd1', state: 'pending' }],
    first: { outcome: { status: 500 } },
  });
});

test('webhooks of the API come back after kill -9 as they were changed last', async () => {
  await using folder = await temporaryFolder();
  const flags = ['serve', '--port', '0', '--json', '--journal', join(folder.path, 'journal.db')];
  await using receiver = await httpServer((_, response) => response.writeHead(500).end());
  const url = receiver.url.href;
  const seen: unknown[] = [];
  const look = async (call: ReturnType<typeof apiClient>) => {
    const { webhooks } = (await call('GET', '/v1/webhooks')).json;
    const { deliveries } = (await call('GET', '/v1/deliveries')).json;
    seen.push({
      webhooks: webhooks.map(({ createdAt: _, seed: __, clock: ___, ...rest }: any) => rest),
      deliveries: deliveries.map(({ id, webhook, eventId, state }: any) => ({ id, webhook, eventId, state })),
    });
  };
  await using first = spawnCli(flags);
  await first.until('"listening"');
  const call = apiClient(await urlOf(first));
  const blocklist = { 'api-attributes-blocklist': ['name-last'] };
  const created = await call('POST', '/v1/webhooks', { url, name: 'one', ...blocklist });
  const other = await call('POST', '/v1/webhooks', { url, name: 'two', 'api-key-inflection': 'camel' });
  const gone = await call('POST', '/v1/webhooks', { url: 'http://127.0.0.1:9/', name: 'gone' });
  await call('DELETE', `/v1/webhooks/${gone.json.id}`);
  for (const { json } of [created, other]) {
    const sent = { event: 'inquiry.approved', webhook: json.id };
    await call('POST', '/v1/deliveries?wait=attempt:1', sent);
  }
  const path = `/v1/webhooks/${created.json.id}`;
  await call('PATCH', path, { name: 'changed' });
  await call('PATCH', path, { name: 'one' });
  await call('POST', `/v1/webhooks/${other.json.id}/disable`);
  await call('GET', '/v1/deliveries/d2?wait=settled');
  await look(call);
  first.kill('SIGKILL');
  await first.ended;
  await using second = spawnCli(flags);
  await second.until('"listening"');
  await look(apiClient(await urlOf(second)));
  expect(seen[1]).toEqual(seen[0]);
  expect(seen[0]).toMatchObject({
    webhooks: [
      { name: 'one', ...blocklist },
      { name: 'two', status: 'disabled' },
    ],
    deliveries: [{ webhook: other.json.id, state: 'failed' }, { webhook: created.json.id }],
  });
});

async function urlOf(cli: { readonly output: () => string }): Promise<string> {
  return Promise.resolve((JSON.parse(cli.output().split('\n')[0]!) as { url: string }).url);
}
