import { EventEmitter, once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openJournal } from '../../src/journal/sqlite/open-journal.ts';
import { startServer } from '../../src/server/start-server.ts';
import { apiClient, type ApiClient } from '../helpers/api-client.ts';
import { httpServer } from '../helpers/servers.ts';
import { spawnCli } from '../helpers/spawn-cli.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

interface Served {
  readonly call: ApiClient;
  readonly output: () => string;
  /** kill -9 */
  kill(): Promise<void>;
}

/** A second attempt that no test lives to see, but by moving the clock. */
const LATE = { name: 'late', 'delays-seconds': [36_000], 'timeout-ms': 5_000, 'accepted-statuses': [200] };

/** `hookcast serve` in a process of its own. */
async function serve(journal: string, flags: readonly string[]): Promise<Served> {
  const cli = spawnCli(['serve', '--port', '0', '--json', '--journal', journal, ...flags]);
  await cli.until('"listening"');
  const { url } = JSON.parse(cli.output().split('\n')[0]!) as { url: string };
  const kill = async () => {
    cli.kill('SIGKILL');
    await cli.ended;
  };
  return { call: succeeding(apiClient(url)), output: () => cli.output(), kill };
}

/** A refusal is a mistake of the test's. */
function succeeding(call: ApiClient): ApiClient {
  return async (...asked) => {
    const answer = await call(...asked);
    if (answer.status < 300) return answer;
    throw new Error(`${asked.join(' ')}: ${answer.bytes.toString()}`);
  };
}

/** Every delivery as its route shows it. */
async function views(call: ApiClient): Promise<any[]> {
  const { deliveries } = (await call('GET', '/v1/deliveries?limit=200')).json;
  const views = deliveries.map(async ({ id }: any) => (await call('GET', `/v1/deliveries/${id}`)).json);
  return Promise.all(views);
}

test('every delivery is the same after kill -9', async () => {
  await using folder = await temporaryFolder();
  const journal = join(folder.path, 'journal.db');
  await using refusing = await httpServer((_, response) => response.writeHead(500).end('no'));
  await using accepting = await httpServer((_, response) => response.writeHead(200).end('yes'));
  const asked = new EventEmitter();
  await using silent = await httpServer(() => asked.emit('request'));
  const first = await serve(journal, ['--to', accepting.url.href]);
  const { call } = first;
  const webhook = async (attributes: object) =>
    (await call('POST', '/v1/webhooks', { paused: true, ...attributes })).json.id as string;
  const send = async (body: object, wait = 'settled') => {
    const { json } = await call('POST', `/v1/deliveries?wait=${wait}`, {
      event: 'inquiry.approved',
      ...body,
    });
    return json.id as string;
  };
  const blocked = { 'api-attributes-blocklist': ['name-last', 'no-such-attribute'] };
  const failing = await webhook({ url: refusing.url.href, policy: LATE });
  const masking = await webhook({ url: accepting.url.href, ...blocked });
  const doomed = await webhook({ url: refusing.url.href, name: 'disabled' });
  const removed = await webhook({ url: refusing.url.href, name: 'removed' });
  const moved = await webhook({ url: refusing.url.href, name: 'moved' });
  const hanging = await webhook({ url: silent.url.href });

  const plain = await send({});
  await send({ webhook: masking });
  await send({ signature: 'tampered', headers: { 'X-Trace': '1', Authorization: 'Bearer of-a-caller' } });
  await send({ event: 'inquiry.approved', body: Buffer.from('no json').toString('base64') });
  await call('POST', `/v1/deliveries/${plain}/resend?wait=settled`, { set: { 'data.id': 'evt_edited' } });
  const instant = await webhook({ url: accepting.url.href, ...blocked, paused: false, timeScale: 'instant' });
  const run = await call('POST', '/v1/scenarios/quickstart/runs?wait=settled', {
    ...{ webhook: instant, duplicates: 1 },
  });
  expect(run.json).toMatchObject({ id: 'r1', state: 'settled' });
  const steps = [{ event: 'inquiry.created' }, { event: 'inquiry.approved', after: '10h' }];
  const { json } = await call('POST', '/v1/scenarios/inline/runs', { webhook: masking, steps });
  await call('GET', `/v1/deliveries/${json.deliveries[0].id}?wait=settled`);
  await send({ webhook: await webhook({ url: accepting.url.href, 'enabled-events': ['account.created'] }) });
  const waiting = await send({ webhook: failing }, 'attempt:1');
  await call('POST', `/v1/deliveries/${waiting}/cancel`);
  for (const signature of ['none', 'wrong-secret']) await send({ webhook: failing, signature }, 'attempt:1');
  for (const of of [doomed, removed, moved]) await send({ webhook: of, signature: 'stale' }, 'attempt:1');
  await call('POST', `/v1/webhooks/${doomed}/disable`);
  await call('DELETE', `/v1/webhooks/${removed}`);
  await call('PATCH', `/v1/webhooks/${moved}`, { url: accepting.url.href });
  await call('POST', `/v1/webhooks/${moved}/clock/next`);
  const isAsked = once(asked, 'request');
  const { json: cut } = await call('POST', '/v1/deliveries', { event: 'inquiry.created', webhook: hanging });
  await isAsked;
  await call('POST', `/v1/deliveries/${cut.id}/cancel`);

  const before = await views(call);
  const runs = [(await call('GET', '/v1/runs/r1')).json, (await call('GET', '/v1/deliveries?run=r1')).json];
  await first.kill();
  const second = await serve(journal, ['--to', accepting.url.href]);
  expect(await views(second.call)).toEqual(before);
  expect([
    (await second.call('GET', '/v1/runs/r1')).json,
    (await second.call('GET', '/v1/deliveries?run=r1')).json,
  ]).toEqual(runs);
  const another = await second.call('POST', '/v1/scenarios/quickstart/runs');
  expect(another.json.id).toBe('r3');
  const states = before.map(({ state, signature }) => `${state} ${signature}`);
  expect(new Set(states)).toEqual(
    new Set([
      ...['completed valid', 'completed tampered', 'completed stale', 'skipped valid', 'cancelled valid'],
      ...['failed stale', 'pending valid', 'pending none', 'pending wrong-secret'],
    ]),
  );
  await second.kill();
});

test('what is pending goes on as it was asked for, and to where its webhook leads by now', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'journal.db');
  const requests: (string | undefined)[][] = [];
  let status = 500;
  await using receiver = await httpServer(({ url, headers }, response) => {
    const { 'persona-signature': signature, 'x-trace': trace, authorization } = headers;
    const age = Math.floor(Date.now() / 1000) - Number(/t=(\d+)/.exec(String(signature))?.[1]);
    requests.push([
      url,
      signature === undefined ? 'none' : age < 300 ? 'fresh' : 'stale',
      String(trace),
      authorization,
    ]);
    response.writeHead(status).end();
  });
  const headers = { 'X-Trace': '7' };
  const first = openJournal(path);
  {
    await using server = await startServer({ port: 0, journal: first });
    const call = succeeding(apiClient(server.url));
    const { json } = await call('POST', '/v1/webhooks', { url: receiver.url.href, policy: LATE });
    for (const how of [
      { signature: 'none', headers },
      { signature: 'stale' },
      { headers: { ...headers, Authorization: 'Bearer of-a-caller' } },
    ])
      await call('POST', '/v1/deliveries?wait=attempt:1', { event: 'inquiry.approved', ...how });
    await call('PATCH', `/v1/webhooks/${json.id}`, { url: new URL('/moved', receiver.url).href });
    await first.commit();
  }
  first.close();
  expect(readFileSync(path).includes('Bearer')).toBe(false);
  requests.length = 0;
  status = 200;
  const second = openJournal(path);
  const warnings: string[] = [];
  await using server = await startServer({
    port: 0,
    journal: second,
    onWarning: (text) => warnings.push(text),
  });
  const call = succeeding(apiClient(server.url));
  await call('POST', '/v1/webhooks/default/clock/next');
  await call('POST', '/v1/webhooks/default/clock/advance', { by: '11h' });
  expect(requests.sort()).toEqual([
    ['/moved', 'none', '7', undefined],
    ['/moved', 'stale', 'undefined', undefined],
  ]);
  expect(warnings).toEqual([
    'd3 stays pending: the value of its header Authorization is not kept in the journal (`storeSecrets` keeps it)',
  ]);
  expect((await call('GET', '/v1/deliveries?state=pending')).json.deliveries).toMatchObject([{ id: 'd3' }]);
  second.close();
});

test('what cannot be read is not sent otherwise than it was asked for', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'journal.db');
  const delivery = { eventId: 'evt_1', eventName: 'inquiry.approved', body: Buffer.from('{}') };
  const journal = openJournal(path);
  const times = { createdAtMs: 0, dueAtMs: 0 };
  const id = journal.addDelivery({ ...delivery, ...times, webhook: 1, extras: { signature: 'stale' } });
  expect(journal.pending(id)?.extras).toEqual({ signature: 'stale' });
  journal.note(`delivery:${id}`, { signature: 'of a newer hookcast' });
  expect(() => journal.pending(id)).toThrow(`how d${id} is to be sent cannot be read`);
  journal.close();
});
