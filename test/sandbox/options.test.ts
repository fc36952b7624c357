import { expect, test } from 'vitest';
import { HookcastError } from '../../src/errors.ts';
import type { HttpSender } from '../../src/ports.ts';
import { createSandbox, type SandboxOptions } from '../../src/sandbox/create-sandbox.ts';
import { newInquiry, quietSandbox, TEMPLATE } from './helpers.ts';

/** [options, what the error says] */
const WRONG: readonly (readonly [string, Record<string, unknown>, RegExp])[] = [
  ['a port above 65535', { port: 70_000 }, /`port` 70000: expected a whole number from 0 to 65535/],
  ['a port as text', { port: '4665' }, /`port` "4665"/],
  ['a host that is not an address', { host: 'no such host' }, /no such host:0: .*address/],
  ['a host of another machine', { host: '192.0.2.1' }, /192\.0\.2\.1 is not an address of this machine/],
  ['a misspelt option', { webhook: [] }, /no option `webhook`; did you mean webhooks\?/],
  ['a misspelt decision', { decide: 'aprove' }, /`decide` "aprove": expected approve, decline/],
  ['a negative delay', { decideAfterMs: -1 }, /`decideAfterMs` -1: expected whole milliseconds/],
  ['a scale of 0', { timeScale: 0 }, /`timeScale` 0: expected a number above 0, or Infinity/],
  ['a scale that is not a number', { timeScale: Number.NaN }, /`timeScale` NaN: expected a number above 0/],
  ['half a millisecond', { decideAfterMs: 0.5 }, /`decideAfterMs` 0\.5: expected whole milliseconds/],
  ['a random seed with a fraction', { randomSeed: 0.5 }, /`randomSeed` 0\.5: expected a whole number/],
  ['null', { port: null }, /`port` null: expected a whole number/],
  ['a fault that is not a string', { faults: [503] }, /`faults` list: expected a list of strings/],
  ['a fault that never strikes', { faults: ['503:0'] }, /^`faults` 503:0: expected how many requests fail/],
  ['a fault without its duration', { faults: ['latency'] }, /^`faults` latency: expected a duration/],
  ['an unknown fault', { faults: ['430'] }, /^`faults` 430: expected one of 429/],
  [
    'a path as the seed',
    { seed: 'seed.json' },
    /`seed` "seed\.json": expected an object \(read a file with loadSeed\)/,
  ],
  ['a seed with a misspelt member', { seed: { inquires: [] } }, /`seed`: at .*inquires/s],
  [
    'a webhook without a scheme',
    { webhooks: [{ url: 'localhost:3000' }] },
    /did you mean http:\/\/localhost:3000/,
  ],
  ['a hint that is not a function', { onHint: true }, /`onHint` true: expected a function/],
];

test.each(WRONG)('%s is an error of the library', async (_, options, message) => {
  const error: unknown = await createSandbox(options as SandboxOptions).then(
    (sandbox) => sandbox.close(),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(HookcastError);
  expect((error as HookcastError).message).toMatch(message);
});

test('a taken port is named in the error, and the sandbox that has it goes on', async () => {
  await using first = await createSandbox();
  const port = Number(new URL(first.url).port);
  await expect(createSandbox({ port })).rejects.toMatchObject({
    name: 'ListenError',
    message: expect.stringContaining(`port ${port} is taken`),
  });
  expect((await fetch(`${first.url}/api/v1/inquiries`)).status).toBe(401);
});

test('an invalid webhook leaves no port open', async () => {
  await using probe = await createSandbox();
  const port = Number(new URL(probe.url).port);
  await probe.close();
  await expect(createSandbox({ port, webhooks: [{ url: 'nothing' }] })).rejects.toBeInstanceOf(HookcastError);
  await using again = await createSandbox({ port });
  expect(again.url).toBe(probe.url);
});

test.each([Number.POSITIVE_INFINITY, 1e300])(
  'with the scale %d retries do not wait, and an inquiry lasts its day',
  async (timeScale) => {
    const refusing: HttpSender = {
      send: () =>
        Promise.resolve({
          kind: 'response',
          response: { status: 500, headers: {}, body: Buffer.from(''), truncated: false },
          timings: { totalMs: 1 },
        }),
    };
    const webhooks = [
      { url: 'http://localhost:9/', 'enabled-events': ['inquiry.created', 'inquiry.expired'] },
    ];
    const { sandbox, call } = await quietSandbox({ timeScale, webhooks, sender: refusing });
    const id = await newInquiry(call);
    const status = async () => (await call('GET', `/inquiries/${id}`)).body.data.attributes.status;
    const settled = () => sandbox.deliveries.map(({ eventName, attempts }) => [eventName, attempts.length]);
    await sandbox.advance(0);
    expect([await status(), settled()]).toEqual(['created', [['inquiry.created', 9]]]);
    await sandbox.advance('24h');
    expect([await status(), settled().at(-1)]).toEqual(['expired', ['inquiry.expired', 9]]);
    const [first, second] = sandbox.deliveries;
    const startOf = (delivery: typeof first) => Number(delivery?.attempts[0]?.simulatedAtMs);
    expect(startOf(second) - startOf(first)).toBe(86_400_000);
  },
);

test.each([
  ['/inquiries', { 'expiration-after-create-interval-seconds': 1e15 }],
  ['/inquiries', { 'one-time-link-expiration-seconds': 0 }],
  ['/webhooks/wbh_1/rotate-secret', { 'expires-in-seconds': 1e15 }],
])('%s with %j is refused with the limit', async (path, meta) => {
  const webhooks = [{ id: 'wbh_1', url: 'http://localhost:9/' }];
  const { call } = await quietSandbox({ seed: { webhooks } });
  const data = { attributes: { 'inquiry-template-id': TEMPLATE } };
  const { status, body } = await call('POST', path, path === '/inquiries' ? { data, meta } : { meta });
  expect([status, body.errors[0].details]).toEqual([
    400,
    expect.stringMatching(/seconds must be at (least 1|most 3155760000)$/),
  ]);
});

test('the clock is not moved by more than a hundred years', async () => {
  const { sandbox } = await quietSandbox();
  await expect(sandbox.advance(1e16)).rejects.toThrow('36525d is the longest');
});
