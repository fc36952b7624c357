import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { Secret, sign } from '../../src/signing/sign.ts';
import { WRONG_FORMS } from '../../src/signing/wrong-forms.ts';
import { runCli } from '../helpers/run-cli.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const SECRET = 'wbhsec_abcdefgh-1234-5678-9ijk-lmnopqrstuvw';
const env = { PERSONA_WEBHOOK_SECRET: SECRET };

describe('sign and verify', () => {
  test('verify accepts what sign prints', async () => {
    await using folder = await temporaryFolder();
    const body = await folder.write('body.json', '{"n":100.0}');
    const signed = await runCli(['sign', body, '--at', '1764686826'], { env });
    expect(signed.stdout).toBe(
      'Persona-Signature: t=1764686826,v1=1ab0bbf656aa7d68244f27e3a3085d33ad95a2f4085e59290f0a600c5be57dc5\n',
    );
    const verified = await runCli(['verify', body, '--signature', signed.stdout.trim(), '--ignore-time'], {
      env,
    });
    expect(verified).toEqual({ code: 0, stdout: 'valid: signed at 2025-12-02T14:47:06Z\n', stderr: '' });
  });

  test('verify judges the age of t', async () => {
    await using folder = await temporaryFolder();
    const body = await folder.write('body.json', '{}');
    const header = sign(Buffer.from('{}'), [new Secret(SECRET)], 1_764_686_826);
    const verifyAt = (at: string) => runCli(['verify', body, '--signature', header, '--at', at], { env });
    expect((await verifyAt('1764686926')).code).toBe(0);
    expect(await verifyAt('1764690426')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('t is 1h old'),
    });
    expect(await verifyAt('1764680000')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('in the future'),
    });
  });

  test('verify says which part disagrees', async () => {
    await using folder = await temporaryFolder();
    const path = await folder.write('body.json', '{"n":100.0}');
    const input = { body: await readFile(path), secret: SECRET, t: '1764686826' };
    const wrong = WRONG_FORMS.find(({ id }) => id === 're-serialised')?.compute(input) ?? '';
    const run = await runCli(['verify', path, '--signature', `t=1764686826,v1=${wrong}`], { env });
    expect(run).toEqual({
      code: 1,
      stdout:
        'mismatch: no set of the header was made from these bytes with this secret\n' +
        "this is an HMAC of the body parsed and printed again as JSON.stringify, Go's json.Marshal or PHP's json_encode does (verify the bytes that arrived, before parsing)\n",
      stderr: '',
    });
  });

  test('verify explains a malformed header and a missing file', async () => {
    await using folder = await temporaryFolder();
    const path = await folder.write('body.json', '{}');
    expect(await runCli(['verify', path, '--signature', 'v1=abc'], { env })).toMatchObject({
      code: 1,
      stdout: "malformed: 'v1=abc' has no 't='; a set looks like t=1764686826,v1=<64 hex digits>\n",
    });
    expect(await runCli(['verify', 'none.json', '--signature', 'x'], { env })).toEqual({
      code: 2,
      stdout: '',
      stderr: 'error: none.json: there is no such file\n',
    });
  });
});
