import { describe, expect, test } from 'vitest';
import { selectChecks } from '../../src/conformance/select.ts';
import {
  conformanceTests,
  type ConformanceTestsOptions,
  type TestFunction,
} from '../../src/conformance/testing.ts';
import { httpServer } from '../helpers/servers.ts';
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

  test('selects core by default, and obeys `only` and `skip` like the command', () => {
    expect(collected({ url: '' }).ids).toEqual(selectChecks({ profile: 'core' }).map(({ id }) => id));
    expect(collected({ url: '', only: ['ACK-01', 'ROT-01'], skip: ['ROT'] }).ids).toEqual(['ACK-01']);
  });

  test('passes for a right receiver, even one that starts late', async () => {
    const model = new ModelReceiver();
    const { messageOf } = collected({
      ...{ secret: MODEL_SECRET, only: ['ACK-01', 'SIG-04'], pauseScale: 100 },
      url: async () => (await model.start()).url,
    });
    expect([await messageOf('ACK-01'), await messageOf('SIG-04')]).toEqual([undefined, undefined]);
    await model[Symbol.asyncDispose]();
  });

  test('fails with all that is known of the failure', async () => {
    await using model = await SIGNATURE_MUTANTS.find(({ id }) => id === 'any-label')!
      .create()
      .start();
    const { messageOf } = collected({ url: model.url, secret: MODEL_SECRET, only: ['SIG-11'], seed: 7 });
    expect(await messageOf('SIG-11')).toMatchInlineSnapshot(`
      "SIG-11 Other algorithms and labels: needs-oracle
        sent:      the right digest labelled v0 and v2; SHA-1, SHA-512, MD5 and base64 in v1
        expected:  refuses a digest labelled v0 with a 4xx status and does nothing
        actual:    labelled v0: status 200: only an oracle can tell whether it acted
        cause:     the algorithm follows from the label or the digest's length, or \`v0\`, \`v2\` are read too
        fix:       accept HMAC-SHA256 under \`v1\`, and nothing else
        page:      https://github.com/hookcast/hookcast/blob/main/docs/checks/sig.md#sig-11
        basis:     Persona requires it (graded here: must); Persona, Webhook Best Practices: checking signatures; Stripe, verifying signatures: downgrade
        repeat:    { only: ['SIG-11'], seed: 7 }"
    `);
  });

  test('fails with the diagnosis when a genuine event is refused', async () => {
    await using model = await new ModelReceiver().start();
    const { messageOf } = collected({ url: model.url, secret: 'wbhsec_another', only: ['ACK-01'], seed: 7 });
    expect(await messageOf('ACK-01')).toMatchInlineSnapshot(`
      "ACK-01 Genuine event is acknowledged: fail
        sent:      a genuine event with the default headers: \`inquiry.approved\`, or another that the webhook enables
        expected:  accepts a genuine event with 200 within 5 s
        actual:    status 401
        diagnosis: your receiver refuses everything with status 401: "refused", in every known form; either it has another secret, or a login or firewall stands before it
        page:      https://github.com/hookcast/hookcast/blob/main/docs/checks/ack.md#ack-01
        basis:     Persona requires it (graded here: must); Persona, Webhooks guide: retry logic; Webhook Best Practices
        repeat:    { only: ['ACK-01'], seed: 7 }"
    `);
  });

  test('does not judge the other checks when a genuine event is refused, and says why', async () => {
    await using model = await new ModelReceiver().start();
    const options = { url: model.url, secret: 'wbhsec_another', only: ['ACK-01', 'SIG-16'], seed: 7 };
    expect(await collected(options).messageOf('SIG-16')).toMatchInlineSnapshot(`
      "SIG-16 Header name in any case: error
        sent:      genuine events with the header name in lower and in upper case
        expected:  accepts them: header names have no case
        actual:    not run: the genuine event is refused (ACK-01), so nothing can be concluded
        diagnosis: your receiver refuses everything with status 401: "refused", in every known form; either it has another secret, or a login or firewall stands before it
        page:      https://github.com/hookcast/hookcast/blob/main/docs/checks/sig.md#sig-16
        basis:     general practice, not a requirement of Persona's (graded here: must); RFC 9110, 5.1
        repeat:    { only: ['SIG-16'], seed: 7 }"
    `);
  });

  test('says that a receiver verifies nothing', async () => {
    await using server = await httpServer((request, response) => {
      request.resume();
      response.end();
    });
    const { messageOf } = collected({
      url: server.url.href,
      secret: MODEL_SECRET,
      only: ['SIG-02'],
      seed: 7,
    });
    expect(await messageOf('SIG-02')).toMatchInlineSnapshot(`
      "SIG-02 Wrong secret: needs-oracle
        sent:      an event signed with another secret of the right form
        expected:  refuses an event signed with another secret with a 4xx status and does nothing
        actual:    status 200: only an oracle can tell whether it acted
        diagnosis: your receiver accepted all 4 forged events: it does not check the signature
        cause:     nothing is verified, or the result is computed and not used
        fix:       compute the digest with your secret, compare, and answer 401 when it differs
        page:      https://github.com/hookcast/hookcast/blob/main/docs/checks/sig.md#sig-02
        basis:     Persona recommends it (graded here: must); Persona, Webhook Best Practices: checking signatures
        repeat:    { only: ['SIG-02'], seed: 7 }"
    `);
  });

  test('says what to pass when there is no test function', () => {
    expect(() => conformanceTests({ url: 'http://127.0.0.1/' })).toThrow(
      'no global test function; pass the one of your framework: { test }',
    );
  });
});
