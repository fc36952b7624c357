import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openJournal } from '../../src/journal/sqlite/open-journal.ts';
import { startServer, type ServerOptions } from '../../src/server/start-server.ts';
import { apiClient } from '../helpers/api-client.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

/** A server over a journal, until `kill`: what is in the file by then is all that the next one knows. */
async function serving(path: string, options: ServerOptions = {}) {
  const journal = openJournal(path);
  const server = await startServer({ port: 0, journal, ...options });
  const call = apiClient(server.url);
  const look = async () => {
    const { webhooks } = (await call('GET', '/v1/webhooks')).json;
    const { deliveries } = (await call('GET', '/v1/deliveries')).json;
    const views = deliveries.map(async ({ id }: any) => (await call('GET', `/v1/deliveries/${id}`)).json);
    return {
      clocks: webhooks.map(({ id, clock }: any) => ({ id, ...clock })),
      deliveries: await Promise.all(views),
    };
  };
  const kill = async () => {
    await journal.commit();
    for (const suffix of ['', '-wal'])
      if (existsSync(path + suffix)) copyFileSync(path + suffix, `${path}.next${suffix}`);
    await server.close();
    journal.close();
    return `${path}.next`;
  };
  return { call, look, kill };
}

test('a paused clock stands where it stood, and what waits on it keeps its time', async () => {
  await using folder = await temporaryFolder();
  const elapsed: number[] = [];
  let wallMs = Date.parse('2026-01-31T12:00:00.250Z');
  const refusing: ServerOptions = {
    clock: { now: () => wallMs, sleep: () => Promise.reject(new Error('nobody sleeps on a paused clock')) },
    sender: {
      send: ({ headers }) => {
        elapsed.push(wallMs / 1000 - Number(headers['Persona-Webhook-First-Attempted-At']));
        const response = { status: 500, headers: {}, body: Buffer.from('no'), truncated: false };
        return Promise.resolve({ kind: 'response', response, timings: { totalMs: 0 } });
      },
    },
  };
  const url = 'http://127.0.0.1:9/';
  const first = await serving(join(folder.path, 'journal.db'), refusing);
  const restarted = async ({ kill }: typeof first) => {
    const path = await kill();
    wallMs += 3_600_000;
    return serving(path, refusing);
  };
  const { call } = first;
  for (const more of [{}, { timeScale: 60 }, { timeScale: 'instant' }]) {
    const { json } = await call('POST', '/v1/webhooks', { url, paused: true, ...more });
    await call('POST', '/v1/deliveries?wait=attempt:1', { event: 'inquiry.approved', webhook: json.id });
    wallMs += 60_000;
    await call('POST', `/v1/webhooks/${json.id}/clock/advance`, { by: '1s' });
    wallMs += 60_000;
    await call('POST', '/v1/deliveries?wait=attempt:1', { event: 'inquiry.declined', webhook: json.id });
    const steps = [{ event: 'inquiry.created', after: '5s' }];
    await call('POST', '/v1/scenarios/inline/runs', { webhook: json.id, steps: [...steps, ...steps] });
  }
  const before = await first.look();
  expect(before.deliveries.map(({ next }: any) => next !== null)).toEqual(before.deliveries.map(() => true));
  const second = await restarted(first);
  expect(await second.look()).toEqual(before);
  const third = await restarted(second);
  expect(await third.look()).toEqual(before);
  elapsed.length = 0;
  const { id } = before.clocks[0];
  for (const [left, attempt] of [
    [2_000, 2],
    [1_000, 2],
  ] as const) {
    expect((await third.call('GET', `/v1/webhooks/${id}/clock`)).json.nextInMs).toBe(left);
    await third.call('POST', `/v1/webhooks/${id}/clock/next`);
    const { json } = await third.call('GET', `/v1/deliveries?webhook=${id}`);
    expect(Math.max(...json.deliveries.map(({ attemptsMade }: any) => attemptsMade))).toBe(attempt);
  }
  // The hours of the restarts are no part of the wait.
  expect(elapsed.map(Math.floor)).toEqual([3, 3]);
  const moved = await third.look();
  const fourth = await restarted(third);
  expect(await fourth.look()).toEqual(moved);
  await fourth.kill();
});

test('a clock that was moved, or given another scale, goes on from there', async () => {
  await using folder = await temporaryFolder();
  const url = 'http://127.0.0.1:9/';
  const webhooks = [{ attributes: { url }, timeScale: 2 }];
  const first = await serving(join(folder.path, 'journal.db'), { webhooks });
  await first.call('POST', '/v1/webhooks', { url, name: 'untouched' });
  const { json } = await first.call('POST', '/v1/webhooks', { url, name: 'moved' });
  await first.call('POST', `/v1/webhooks/${json.id}/clock/advance`, { by: '48h' });
  await first.call('PATCH', `/v1/webhooks/${json.id}/clock`, { scale: 3 });
  await first.call('PATCH', '/v1/webhooks/default/clock', { scale: 5 });
  const before = await first.look();
  const path = await first.kill();
  const journal = openJournal(path);
  expect([...journal.notes('clock:').keys()]).toHaveLength(2);
  journal.close();
  const second = await serving(path, { webhooks });
  const { clocks } = await second.look();
  expect(clocks.map(({ scale, movedMs, paused }: any) => ({ scale, movedMs, paused }))).toEqual([
    { scale: 5, movedMs: 0, paused: false },
    { scale: 1, movedMs: 0, paused: false },
    { scale: 3, movedMs: before.clocks[2].movedMs, paused: false },
  ]);
  expect(Date.parse(clocks[2].now) - Date.now()).toBeGreaterThan(47 * 3_600_000);
  // What the command line says by now holds.
  const third = await serving(await second.kill(), { webhooks: [{ attributes: { url }, timeScale: 4 }] });
  expect((await third.look()).clocks[0].scale).toBe(4);
  await third.call('POST', '/v1/reset');
  expect((await third.look()).clocks).toMatchObject([{ scale: 4, movedMs: 0 }]);
  await third.kill();
});

test('a clock that was written down otherwise begins anew', async () => {
  await using folder = await temporaryFolder();
  const webhooks = [{ attributes: { url: 'http://127.0.0.1:9/' } }];
  const first = await serving(join(folder.path, 'journal.db'), { webhooks });
  await first.call('PATCH', '/v1/webhooks/default/clock', { paused: true, scale: 5 });
  const path = await first.kill();
  const journal = openJournal(path);
  for (const id of journal.notes('clock:').keys())
    journal.note(`clock:${id}`, { scale: 'of a newer hookcast' });
  journal.close();
  const second = await serving(path, { webhooks });
  expect((await second.look()).clocks).toMatchObject([{ scale: 1, movedMs: 0, paused: false }]);
  await second.kill();
});

test('the next attempt of a restored delivery is made when it is asked for', async () => {
  await using folder = await temporaryFolder();
  const response = { status: 500, headers: {}, body: Buffer.from('no'), truncated: false };
  const options: ServerOptions = {
    webhooks: [{ attributes: { url: 'http://127.0.0.1:9/' } }],
    sender: { send: () => Promise.resolve({ kind: 'response', response, timings: { totalMs: 0 } }) },
  };
  const first = await serving(join(folder.path, 'journal.db'), options);
  await first.call('PATCH', '/v1/webhooks/default/clock', { paused: true });
  for (const event of ['inquiry.created', 'inquiry.approved', 'inquiry.declined'])
    await first.call('POST', '/v1/deliveries?wait=attempt:1', { event });
  const { call, kill } = await serving(await first.kill(), options);
  const made = async () =>
    (await call('GET', '/v1/deliveries')).json.deliveries.map(({ attemptsMade }: any) => attemptsMade);
  for (const attemptsMade of [2, 3, 4])
    expect(await call('POST', '/v1/deliveries/d2/next')).toMatchObject({
      ...{ status: 200, json: { attemptsMade, attempts: { length: attemptsMade } } },
    });
  expect(await made()).toEqual([1, 4, 1]);
  // The others wait as before, both for the same moment of the clock that stands still.
  await call('POST', '/v1/webhooks/default/clock/next');
  expect(await made()).toEqual([2, 4, 2]);
  await call('POST', '/v1/deliveries/d2/cancel');
  expect((await call('POST', '/v1/deliveries/d2/next')).status).toBe(409);
  await kill();
});
