import { expect, test } from 'vitest';
import { startServer } from '../../src/server/start-server.ts';
import { apiClient } from '../helpers/api-client.ts';
import { httpServer } from '../helpers/servers.ts';

const SECRET = 'a secret that has no form of its own';
const WEBHOOK_TOKEN = 'token-of-the-webhook';
const DELIVERY_TOKEN = 'token-of-the-delivery';
const COOKIE = 'cookie-of-the-receiver';
const BASE64 = Buffer.from(SECRET).toString('base64').replace(/=+$/, '');
const UNKNOWN_SECRET = 'wbhsec_11111111-2222-4333-8444-555555555555';

/** Pages are there when the package is built. */
const built = new URL('../../dist/server/start-server.js', import.meta.url).href;

/** A receiver that answers with all that it has seen and knows, and a server that has sent to it. */
async function setUp(start: typeof startServer) {
  const receiver = await httpServer((request, response) => {
    const { authorization, 'x-api-key': key } = request.headers;
    request.resume().on('end', () => {
      response.setHeader('x-echo', `${authorization}, ${SECRET}`);
      response.setHeader('set-cookie', [`session=${COOKIE}`]);
      response.end(JSON.stringify({ authorization, key, SECRET, BASE64, UNKNOWN_SECRET, kept: 'the rest' }));
    });
  });
  const attributes = {
    url: receiver.url.href,
    secret: SECRET,
    'custom-http-headers': { Authorization: `Bearer ${WEBHOOK_TOKEN}` },
  };
  const server = await start({ port: 0, webhooks: [{ attributes }] });
  const call = apiClient(server.url);
  const sent = { event: 'inquiry.approved', headers: { 'X-Api-Key': DELIVERY_TOKEN } };
  expect((await call('POST', '/v1/deliveries?wait=settled', sent)).json.state).toBe('completed');
  const dispose = async () => {
    await server.close();
    await receiver[Symbol.asyncDispose]();
  };
  return { url: server.url, call, [Symbol.asyncDispose]: dispose };
}

function credentialsIn(text: string): string[] {
  return [SECRET, BASE64, WEBHOOK_TOKEN, DELIVERY_TOKEN, COOKIE, UNKNOWN_SECRET].filter((one) =>
    text.includes(one),
  );
}

/** Everything that the server shows of a delivery. */
async function shownBy(url: string): Promise<[path: string, text: string][]> {
  const paths = [
    '/v1/deliveries',
    '/v1/deliveries/d1',
    '/v1/deliveries/d1/attempts/1',
    '/v1/deliveries/d1/attempts/1/request',
    '/v1/deliveries/d1/attempts/1/response',
    '/v1/webhooks',
    ...['har', 'ndjson'].map((format) => `/v1/export?format=${format}`),
  ];
  return Promise.all(
    paths.map(async (path): Promise<[string, string]> => [path, await (await fetch(url + path)).text()]),
  );
}

/** What a stream has told when the delivery is settled. */
async function streamed(url: string): Promise<string> {
  const stop = new AbortController();
  const response = await fetch(`${url}/v1/stream`, {
    signal: stop.signal,
    headers: { 'last-event-id': '0' },
  });
  let text = '';
  for await (const chunk of response.body!) {
    text += Buffer.from(chunk).toString();
    if (text.includes('"state":"completed"')) break;
  }
  stop.abort();
  return text;
}

test('what a receiver repeats of credentials is neither in answers nor in streams and exports', async () => {
  await using context = await setUp(startServer);
  const { url, call } = context;
  for (const [path, text] of [...(await shownBy(url)), ['/v1/stream', await streamed(url)] as const])
    expect([path, credentialsIn(text)]).toEqual([path, []]);
  const { response } = (await call('GET', '/v1/deliveries/d1/attempts/1')).json;
  expect(response.headers).toMatchObject({ 'x-echo': '[secret], [secret]', 'set-cookie': '[secret]' });
  expect(JSON.parse(response.body)).toMatchObject({
    ...{ authorization: '[secret]', key: '[secret]', SECRET: '[secret]' },
    kept: 'the rest',
  });
});

test('nor is it in the exported page', async () => {
  const { startServer: start } = (await import(built)) as { startServer: typeof startServer };
  await using context = await setUp(start);
  const text = await (await fetch(`${context.url}/v1/export?format=html`)).text();
  expect(text).toContain('the rest');
  expect(credentialsIn(text)).toEqual([]);
});
