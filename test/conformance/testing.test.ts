import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { selectChecks } from '../../src/conformance/select.ts';
import {
  conformanceTests,
  type ConformanceTestsOptions,
  type TestFunction,
} from '../../src/conformance/testing.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { MODEL_SECRET, ModelReceiver } from '../mutants/model-receiver.ts';
import { SIGNATURE_MUTANTS } from '../mutants/signature.ts';

/** What a test framework would have been told. */
function collected(options: Omit<ConformanceTestsOptions, 'test'>) {
  const [tests, skipped] = [new Map<string, () => Promise<void>>(), [] as string[]];
  const idOf = (name: string) => name.split(' ')[0] ?? '';
  const fake: TestFunction = Object.assign(
    (name: string, run: () => Promise<void>) => tests.set(idOf(name), run),
    { skip: (name: string) => skipped.push(idOf(name)) },
  );
  conformanceTests({ ...options, test: fake });
  const messageOf = async (id: string) => {
    const error = await tests.get(id)!().then(
      () => undefined,
      (reason: unknown) => reason as Error,
    );
    return error?.message;
  };
  return { ids: [...tests.keys()], skipped, messageOf };
}

describe('conformanceTests', () => {
  test('makes a test of each check of the profile, and skips what it cannot run', () => {
    const { ids, skipped } = collected({ url: 'http://127.0.0.1/', profile: 'probe' });
    const checks = selectChecks({ profile: 'probe' });
    const needy = checks.filter(({ needs = [] }) => needs.length > 0).map(({ id }) => id);
    expect(skipped).toEqual(needy);
    expect([...ids, ...skipped].toSorted()).toEqual(checks.map(({ id }) => id).toSorted());
  });

  test('is core by default, and takes --only and --skip like the command', () => {
    expect(collected({ url: '' }).ids).toEqual(selectChecks({ profile: 'core' }).map(({ id }) => id));
    expect(collected({ url: '', only: ['ACK-01', 'ROT-01'], skip: ['ROT'] }).ids).toEqual(['ACK-01']);
  });

  test('a test passes where the receiver does, which may come up late', async () => {
    const model = new ModelReceiver();
    const { messageOf } = collected({
      ...{ secret: MODEL_SECRET, only: ['ACK-01', 'SIG-04'], pauseScale: 100 },
      url: async () => (await model.start()).url,
    });
    expect([await messageOf('ACK-01'), await messageOf('SIG-04')]).toEqual([undefined, undefined]);
    await model[Symbol.asyncDispose]();
  });

  test('a failure says all that is known', async () => {
    await using model = await SIGNATURE_MUTANTS.find(({ id }) => id === 'any-label')!
      .create()
      .start();
    const { messageOf } = collected({ url: model.url, secret: MODEL_SECRET, only: ['SIG-11'], seed: 7 });
    expect(await messageOf('SIG-11')).toMatchInlineSnapshot(`
      "SIG-11 Other algorithms and labels: needs-oracle
        sent:      the right digest labelled v0 and v2; SHA-1, SHA-512, MD5 and base64 in v1
        expected:  refuses a digest labelled v0 with a 4xx status and does nothing
        actual:    labelled v0: status 200: only an oracle can tell whether it acted
        basis:     Persona requires it (graded here: must); Persona, Webhook Best Practices: checking signatures; Stripe, verifying signatures: downgrade
        repeat:    { only: ['SIG-11'], seed: 7 }"
    `);
  });

  test('a genuine event refused comes with the diagnosis', async () => {
    await using model = await new ModelReceiver().start();
    const { messageOf } = collected({ url: model.url, secret: 'wbhsec_another', only: ['ACK-01'], seed: 7 });
    expect(await messageOf('ACK-01')).toMatchInlineSnapshot(`
      "ACK-01 Genuine event is acknowledged: fail
        sent:      a genuine event with the default headers: \`inquiry.approved\`, or another that the webhook enables
        expected:  accepts a genuine event with 200 within 5 s
        actual:    status 401
        diagnosis: your receiver refuses everything with status 401: "refused", in every form known here; either it has another secret, or a login or firewall stands before it
        basis:     Persona requires it (graded here: must); Persona, Webhooks guide: retry logic; Webhook Best Practices
        repeat:    { only: ['ACK-01'], seed: 7 }"
    `);
  });

  test('without a test function there is a sentence', () => {
    expect(() => conformanceTests({ url: 'http://127.0.0.1/' })).toThrow(
      'no global test function; hand in that',
    );
  });
});

test('node:test runs it from the package as it is built', async () => {
  await using model = await new ModelReceiver().start();
  await using folder = await temporaryFolder();
  const module = new URL('../../dist/conformance/testing.js', import.meta.url).href;
  const options = { url: model.url, secret: MODEL_SECRET, only: ['ACK-01', 'SIG-04', 'IDEM-02'] };
  const file = await folder.write(
    'receiver.test.mjs',
    `import { test } from 'node:test';
import { conformanceTests } from ${JSON.stringify(module)};
conformanceTests({ test, ...${JSON.stringify(options)} });
`,
  );
  // Nothing else: variables of the run around it would change what node does.
  const env = { PATH: process.env['PATH'] };
  const { stdout } = await promisify(execFile)(process.execPath, ['--test', '--test-reporter=tap', file], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    env,
  });
  expect(stdout).toContain('ok 1 - ACK-01 Genuine event is acknowledged');
  expect(stdout).toContain('ok 2 - SIG-04 Body whitespace changed');
  expect(stdout).toContain('ok 3 - IDEM-02 Duplicate has no second effect # SKIP');
  expect(stdout).toContain('# fail 0');
});
