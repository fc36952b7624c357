import { describe, expect, test } from 'vitest';
import { runCli, session, shown } from '../helpers/run-cli.ts';
import { httpServer } from '../helpers/servers.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

describe('a file named -', () => {
  const BODY = '{"n":100.0}\r\n';

  test('is standard input for sign and verify, byte for byte', async () => {
    await using folder = await temporaryFolder();
    const file = await folder.write('body.json', BODY);
    const fromFile = await runCli(['sign', file, '--at', '1764686826']);
    const fromInput = await runCli(['sign', '-', '--at', '1764686826'], { input: BODY });
    expect(fromInput.stdout).toBe(fromFile.stdout);
    const check = ['verify', '-', '--ignore-time', '--signature', fromFile.stdout.trim()];
    expect(await runCli(check, { input: BODY })).toMatchObject({ code: 0 });
    expect(await runCli(check, { input: BODY.trimEnd() })).toMatchObject({ code: 1 });
  });

  const EVENT =
    '{"data":{"type":"event","id":"evt_SampLeSampLeSampLeSampL1","attributes":{"name":"inquiry.approved","payload":{"data":{"type":"inquiry","attributes":{}}}}}}\n';

  test('is standard input for whatever reads recordings, in any form', async () => {
    await using folder = await temporaryFolder();
    await using hook = await httpServer((request, response) => {
      request.resume();
      response.end();
    });
    const events = EVENT + EVENT.replace('L1', 'L2');
    const path = await folder.write('events.ndjson', events);
    const fromFile = await runCli(['export', path, '--format', 'har']);
    const fromInput = await runCli(['export', '-', '--format', 'har'], { input: events });
    expect(fromInput).toMatchObject({ code: 0, stdout: fromFile.stdout });
    // HAR is read as a whole, events line by line.
    for (const input of [events, fromInput.stdout]) {
      const replay = ['replay', '-', '--to', hook.url.href, '--time-scale', 'instant'];
      const { code, stdout } = await runCli(replay, { input });
      expect({ code, sum: stdout.trim().split('\n').at(-1) }).toEqual({
        code: 0,
        sum: '2 events, 2 deliveries: 2 completed',
      });
    }
    const explained = await runCli(['explain', '-', '--json'], { input: EVENT });
    expect(explained).toMatchObject({ code: 0 });
    expect(JSON.parse(explained.stdout)).toMatchObject({ eventId: 'evt_SampLeSampLeSampLeSampL1' });
  });

  test('that is empty is said to be', async () => {
    const run = await runCli(['replay', '-', '--to', 'http://127.0.0.1:9'], { input: '' });
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('found an empty file');
  });
});

describe('milliseconds in place of seconds', () => {
  const MS = '1764686826000';

  test('in the t of a signature do not make the signature look wrong', async () => {
    const { createHmac } = await import('node:crypto');
    const secret = 'wbhsec_a';
    const v1 = createHmac('sha256', secret).update(`${MS}.{}`).digest('hex');
    for (const flags of [[], ['--ignore-time']]) {
      const argv = ['verify', '-', '--secret', secret, '--signature', `t=${MS},v1=${v1}`, ...flags];
      const run = await runCli(argv, { input: '{}' });
      expect(run.code).toBe(1);
      expect(run.stdout).toBe(
        "not valid: the signature is right, but t is in milliseconds; Persona's t is in seconds\n",
      );
    }
  });

  test('in --at are refused with the likely mistake', async () => {
    const run = await runCli(['sign', '-', '--at', MS], { input: '{}' });
    expect(shown(run)).toMatchInlineSnapshot(`
      "error: --at 1764686826000: expected a time like TIME, or unix seconds; is this in milliseconds?
      (see: hookcast sign --help)
      exit code 2
      "
    `);
  });
});

test('verify counts the characters of a v1 that is too short', async () => {
  const lines = ['1', '12'].map((v1) => ['verify', '-', '--signature', `t=1,v1=${v1}`]);
  expect(await session(lines, { input: '{}' })).toMatchInlineSnapshot(`
    "$ hookcast verify - --signature t=1,v1=1
    mismatch: no set of the header was made from these bytes with this secret
    v1 is not 64 lower-case hex digits but 1 character, so it cannot be an HMAC-SHA256
    using the development secret wbhsec_00000000-dead-4000-8000-00000000beef; for another pass --secret
    exit code 1
    $ hookcast verify - --signature t=1,v1=12
    mismatch: no set of the header was made from these bytes with this secret
    v1 is not 64 lower-case hex digits but 2 characters, so it cannot be an HMAC-SHA256
    using the development secret wbhsec_00000000-dead-4000-8000-00000000beef; for another pass --secret
    exit code 1
    "
  `);
});

describe('a body that is not UTF-8', () => {
  const LATIN1 = Buffer.from(
    '{"data":{"type":"event","id":"evt_1","attributes":{"name":"inquiry.approved","payload":{"n":"Zo\xeb"}}}}',
    'latin1',
  );

  test('is verified and replayed to the byte, with a warning', async () => {
    await using folder = await temporaryFolder();
    const file = await folder.write('event.json', LATIN1);
    const verified = await runCli(['verify', file, '--signature', 't=1,v1=a', '--secret', 'wbhsec_a']);
    expect(verified.stderr.replaceAll(folder.path, 'FOLDER')).toMatchInlineSnapshot(`
      "warning: FOLDER/event.json: the byte 0xeb at line 1, column 96 is not UTF-8, and Persona sends UTF-8; are these the bytes that arrived?
      warning: the secret is not wbhsec_ and a UUID, as Persona's secrets are
      "
    `);
    const bodies: Buffer[] = [];
    await using receiver = await httpServer((request, response) => {
      request.on('data', (chunk: Buffer) => bodies.push(chunk)).on('end', () => response.end());
    });
    const replayed = await runCli(['replay', file, '--to', receiver.url.href, '--time-scale', 'instant']);
    expect(replayed).toMatchObject({ code: 0 });
    expect(replayed.stderr.replaceAll(folder.path, 'FOLDER')).toMatchInlineSnapshot(`
      "warning: FOLDER/event.json: the byte 0xeb at line 1, column 96 is not UTF-8, and Persona sends UTF-8; it is replayed as it is
      signing with the development secret wbhsec_00000000-dead-4000-8000-00000000beef: give it to your receiver, or pass --secret
      1 delivery out of 1 recorded request, over 0s
      "
    `);
    expect(Buffer.concat(bodies)).toEqual(LATIN1);
  });
});
