import { expect, test } from 'vitest';
import { startServer } from '../../src/server/start-server.ts';
import { fingerprintOf, Secret } from '../../src/signing/sign.ts';
import { apiClient } from '../helpers/api-client.ts';

/** A server with one webhook that nobody answers at. */
async function setUp() {
  const webhooks = [{ attributes: { url: 'http://127.0.0.1:9/', secret: 'first' } }];
  const server = await startServer({ port: 0, webhooks });
  return { server, call: apiClient(server.url), [Symbol.asyncDispose]: () => server.close() };
}

test('a secret that is given takes the place of those of a rotation', async () => {
  await using context = await setUp();
  const { call } = context;
  await call('POST', '/v1/webhooks/default/rotate-secret', { secret: 'second', expiresIn: '1h' });
  const secretsAfter = async (changes: object) => {
    const { json } = await call('PATCH', '/v1/webhooks/default', changes);
    return json.secrets.map(({ fingerprint }: any) => fingerprint);
  };
  const known = (secret: string) => fingerprintOf(new Secret(secret));
  expect(await secretsAfter({ name: 'a' })).toEqual([known('second'), known('first')]);
  expect(await secretsAfter({ secret: 'third' })).toEqual([known('third')]);
  expect(await secretsAfter({ secrets: [{ value: 'fourth' }] })).toEqual([known('fourth')]);
  expect(await secretsAfter({ secret: 'fifth' })).toEqual([known('fifth')]);
});

test('what is archived stays so, whichever way it is asked back', async () => {
  await using context = await setUp();
  const { call } = context;
  const { id } = (await call('GET', '/v1/webhooks/default')).json;
  const path = `/v1/webhooks/${id}`;
  await call('PATCH', path, { status: 'archived' });
  for (const status of ['enabled', 'disabled']) {
    const { json } = await call('PATCH', path, { status });
    expect([json.status, json.code, json.state]).toEqual([409, 'archived', 'archived']);
  }
  expect((await call('POST', `${path}/enable`)).json.code).toBe('archived');
  expect((await call('PATCH', path, { name: 'kept' })).json).toMatchObject({
    status: 'archived',
    name: 'kept',
  });
});

test('a reader of the stream that comes from an earlier server gets all that happened in this one', async () => {
  await using context = await setUp();
  await context.call('PATCH', '/v1/webhooks/default', { name: 'renamed' });
  const headers = { 'Last-Event-ID': '4711' };
  const { body } = await fetch(`${context.server.url}/v1/stream?types=webhook`, { headers });
  const reader = body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (!text.includes('renamed')) text += (await reader.read()).value ?? '';
  expect(text).toMatch(/^event: webhook$/m);
  await reader.cancel();
});
