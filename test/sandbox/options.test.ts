import { expect, test } from 'vitest';
import { HookcastError } from '../../src/errors.ts';
import { createSandbox, type SandboxOptions } from '../../src/sandbox/create-sandbox.ts';

/** [options, what the error says] */
const WRONG: readonly (readonly [string, Record<string, unknown>, RegExp])[] = [
  ['a port above 65535', { port: 70_000 }, /`port` 70000: expected a whole number from 0 to 65535/],
  ['a port as text', { port: '4665' }, /`port` "4665"/],
  ['a host that is not an address', { host: 'no such host' }, /no such host:0: .*address/],
  ['a host of another machine', { host: '192.0.2.1' }, /192\.0\.2\.1 is not an address of this machine/],
  ['a misspelt option', { webhook: [] }, /no option `webhook`; did you mean webhooks\?/],
  ['a misspelt decision', { decide: 'aprove' }, /`decide` "aprove": expected approve, decline/],
  ['a negative delay', { decideAfterMs: -1 }, /`decideAfterMs` -1: expected milliseconds/],
  [
    'a scale without waits',
    { timeScale: Number.POSITIVE_INFINITY },
    /`timeScale` Infinity: .*sandbox\.advance/,
  ],
  ['an unknown fault', { faults: ['430'] }, /430: expected one of 429/],
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

test('a port that is taken is named, and the sandbox that has it goes on', async () => {
  await using first = await createSandbox();
  const port = Number(new URL(first.url).port);
  await expect(createSandbox({ port })).rejects.toMatchObject({
    name: 'ListenError',
    message: expect.stringContaining(`port ${port} is taken`),
  });
  expect((await fetch(`${first.url}/api/v1/inquiries`)).status).toBe(401);
});

test('a webhook that makes no sense leaves no port open', async () => {
  await using probe = await createSandbox();
  const port = Number(new URL(probe.url).port);
  await probe.close();
  await expect(createSandbox({ port, webhooks: [{ url: 'nothing' }] })).rejects.toBeInstanceOf(HookcastError);
  await using again = await createSandbox({ port });
  expect(again.url).toBe(probe.url);
});
