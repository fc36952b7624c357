import { expect, test } from 'vitest';
import { bundledFixtures } from '../../src/fixture/files.ts';
import { startServer } from '../../src/server/start-server.ts';
import { apiClient } from '../helpers/api-client.ts';

function withResolvers() {
  let resolve!: () => void;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}

/** Fixtures that are read when `release` is called; `asked` resolves when one of them is wanted. */
function heldFixtures() {
  const library = bundledFixtures();
  const asked = withResolvers();
  const held = withResolvers();
  const read = async (path: string) => {
    asked.resolve();
    await held.promise;
    return library.files.read(path);
  };
  return {
    fixtures: { ...library, files: { read } },
    asked: asked.promise,
    release: () => held.resolve(),
  };
}

test.each([
  ['an event', '/v1/deliveries', { event: 'inquiry.approved' }],
  ['several events', '/v1/deliveries', { events: ['inquiry.created', 'inquiry.approved'] }],
  ['a scenario', '/v1/scenarios/quickstart/runs', {}],
])('nothing is sent to a webhook that is removed during the build of %s', async (_, path, body) => {
  const { fixtures, asked, release } = heldFixtures();
  await using server = await startServer({ port: 0, fixtures });
  const call = apiClient(server.url);
  const { json } = await call('POST', '/v1/webhooks', { url: 'http://127.0.0.1:9/' });
  const sent = call('POST', path, body);
  await asked;
  expect((await call('DELETE', `/v1/webhooks/${json.id}`)).status).toBeLessThan(300);
  release();
  expect(await sent).toMatchObject({
    ...{ status: 404, json: { code: 'not-found', detail: `the webhook ${json.id} was removed meanwhile` } },
  });
  expect((await call('GET', '/v1/deliveries')).json.deliveries).toEqual([]);
});
