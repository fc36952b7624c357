import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { parseScript } from '../../src/receiver/reaction.ts';
import { startReceiver } from '../../src/receiver/start-receiver.ts';
import { recordingLine } from '../../src/recording/ndjson.ts';
import { Secret } from '../../src/signing/sign.ts';
import { runCli, session, shown as shownRun, stable } from '../helpers/run-cli.ts';
import { temporaryFolder, type TemporaryFolder } from '../helpers/temporary-folder.ts';

const SECRET = 'wbhsec_abcdefgh-1234-5678-9ijk-lmnopqrstuvw';
const env = { PERSONA_WEBHOOK_SECRET: SECRET };
const receiver = (script: string) =>
  startReceiver({ secrets: [new Secret(SECRET)], script: parseScript(script) });

const AT_MS = Date.parse('2026-01-31T12:00:00.250Z');
const event = (id: string, name: string, extra = '') =>
  Buffer.from(
    `{"data":{"type":"event","id":"evt_${id.repeat(24)}","attributes":{"name":"${name}"${extra}}}}`,
  );
const line = (body: Buffer, atMs: number, more: object = {}) =>
  `${recordingLine({
    method: 'POST',
    url: 'http://there.test/hook',
    headers: [
      ['Content-Type', 'application/json'],
      ['Persona-Signature', 't=1764686826,v1=00'],
      ['Authorization', 'Bearer abc'],
    ],
    body,
    atMs,
    ...more,
  })}\n`;

const RECORDING = [
  line(event('a', 'inquiry.created'), AT_MS, { attempt: 1 }),
  line(event('b', 'inquiry.approved', ',"score":100.0'), AT_MS + 90_000, { attempt: 1 }),
  line(event('b', 'inquiry.approved', ',"score":100.0'), AT_MS + 93_000, { attempt: 2 }),
].join('');

const recorded = (folder: TemporaryFolder, content = RECORDING) => folder.write('recording.ndjson', content);

describe('replay', () => {
  test('sends each recorded delivery in order, and retries by the policy', async () => {
    await using folder = await temporaryFolder();
    await using target = await receiver('200,500,200');
    const path = await recorded(folder);
    const run = await runCli(['replay', path, '--to', target.url, '--time-scale', 'instant'], { env });
    expect(stable(run.stdout)).toMatchInlineSnapshot(`
      "T+TIME  inquiry.created  evt_ID  ✓ 200 OK (N ms)
      T+TIME  inquiry.approved  evt_ID  1 of 9 ✗ 500 Internal Server Error (N ms); next in 3s (0 ms of real time)
      T+TIME  inquiry.approved  evt_ID  2 of 9 ✓ 200 OK (N ms)
      2 events, 2 deliveries: 2 completed
      "
    `);
    expect(run.stderr).toMatchInlineSnapshot(`
      "2 deliveries out of 3 recorded requests, over 1m 30s
      "
    `);
    expect(run.code).toBe(0);
    expect(target.received.map(({ body }) => body.toString())).toEqual([
      event('a', 'inquiry.created').toString(),
      event('b', 'inquiry.approved', ',"score":100.0').toString(),
      event('b', 'inquiry.approved', ',"score":100.0').toString(),
    ]);
    expect(target.received.map(({ verification }) => verification.kind)).toEqual(Array(3).fill('valid'));
  });

  test('--every-attempt sends each recorded attempt as a delivery of its own', async () => {
    await using folder = await temporaryFolder();
    await using target = await receiver('200,200,500');
    const argv = ['replay', await recorded(folder), '--to', target.url, '--time-scale', 'instant'];
    const run = await runCli([...argv, '--every-attempt', '--json'], { env });
    const records = run.stdout
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text));
    expect(records.map(({ type, state, copy }) => [type, state, copy])).toEqual([
      ['attempt', undefined, 1],
      ['delivery', 'completed', 1],
      ['attempt', undefined, 1],
      ['delivery', 'completed', 1],
      ['attempt', undefined, 2],
      ['delivery', 'failed', 2],
    ]);
    expect(run.code).toBe(1);
  });

  test('--frozen sends the recorded signature once, and needs no secret', async () => {
    await using folder = await temporaryFolder();
    await using target = await receiver('200');
    const path = await recorded(folder);
    const run = await runCli(['replay', path, '--to', target.url, '--frozen', '--limit', '1']);
    expect(stable(run.stdout)).toMatchInlineSnapshot(`
      "T+TIME  inquiry.created  evt_ID  1 of 1 ✗ 401 Unauthorized (N ms)
                an old t is refused, as it should be; without --frozen the requests are signed again
                inquiry.created  evt_ID  failed: not accepted; it was sent once
      1 event, 1 delivery: 1 failed
      "
    `);
    expect(run).toMatchObject({ code: 1, stderr: '1 delivery out of 3 recorded requests, over 0s\n' });
    expect(target.received[0]!.headers).toMatchObject({
      'persona-signature': 't=1764686826,v1=00',
      authorization: 'Bearer abc',
    });
  });

  test('--fresh-ids changes nothing but the id, in the same way with the same seed', async () => {
    await using folder = await temporaryFolder();
    await using target = await receiver('200');
    const path = await recorded(folder);
    const argv = [
      'replay',
      path,
      '--to',
      target.url,
      '--fresh-ids',
      '--seed',
      '7',
      '--time-scale',
      'instant',
    ];
    expect(await runCli([...argv, '--quiet'], { env })).toMatchObject({ code: 0, stdout: '', stderr: '' });
    const bodies = target.received.map(({ body }) => body.toString());
    expect(bodies.map((body) => body.replace(/evt_\w{24}/, 'evt_'))).toEqual([
      event('', 'inquiry.created').toString(),
      event('', 'inquiry.approved', ',"score":100.0').toString(),
    ]);
    expect(bodies[0]).not.toContain('a'.repeat(24));
    await runCli([...argv, '--quiet'], { env });
    expect(target.received.slice(2).map(({ body }) => body.toString())).toEqual(bodies);
  });

  test('refuses flags that contradict each other or the recording', async () => {
    await using folder = await temporaryFolder();
    const lines = [
      ['--frozen', '--fresh-ids'],
      ['--frozen', '--secret', SECRET],
      ['--only', 'inquiry.aproved'],
      ['--limit', '0'],
    ];
    const replay = ['replay', await recorded(folder), '--to', 'http://127.0.0.1:9/'];
    const shown = await session(
      lines.map((flags) => [...replay, ...flags]),
      { env },
    );
    expect(shown.replaceAll(folder.path, 'FOLDER')).toMatchInlineSnapshot(`
      "$ hookcast replay FOLDER/recording.ndjson --to http://127.0.0.1:9/ --frozen --fresh-ids
      error: --frozen and --fresh-ids: the old signature does not fit a body with another id
      exit code 2
      $ hookcast replay FOLDER/recording.ndjson --to http://127.0.0.1:9/ --frozen --secret wbhsec_abcdefgh-1234-5678-9ijk-lmnopqrstuvw
      error: --frozen sends the recorded headers: leave out --secret and --header
      exit code 2
      $ hookcast replay FOLDER/recording.ndjson --to http://127.0.0.1:9/ --only inquiry.aproved
      error: --only inquiry.aproved: not in the recording; did you mean inquiry.approved?
      Its events: inquiry.created, inquiry.approved
      exit code 2
      $ hookcast replay FOLDER/recording.ndjson --to http://127.0.0.1:9/ --limit 0
      error: --limit 0: expected a whole number from 1
      (see: hookcast replay --help)
      exit code 2
      "
    `);
  });

  test('needs --allow-remote for an address outside private networks', async () => {
    await using folder = await temporaryFolder();
    const run = await runCli(['replay', await recorded(folder), '--to', 'http://93.184.216.34/'], { env });
    expect(shownRun(run)).toMatchInlineSnapshot(`
      "2 deliveries out of 3 recorded requests, over 1m 30s; to shorten that: --time-scale 1h=1s, or instant
      error: 93.184.216.34 is not on this machine or a private network; if the receiver is yours, pass --allow-remote
      exit code 2
      "
    `);
  });

  test('warns of a credential that the recording hides', async () => {
    await using folder = await temporaryFolder();
    await using target = await receiver('200');
    const path = await recorded(folder, RECORDING.replaceAll('Bearer abc', '[secret]'));
    const run = await runCli(['replay', path, '--to', target.url, '--time-scale', 'instant'], { env });
    expect(run.stderr).toMatchInlineSnapshot(`
      "warning: the value of Authorization was not recorded and is not sent; --header 'Authorization: …' sets it
      2 deliveries out of 3 recorded requests, over 1m 30s
      "
    `);
    expect(target.received[0]!.headers).not.toHaveProperty('authorization');
  });
});

describe('export', () => {
  test('prints NDJSON, with credentials hidden unless asked for', async () => {
    await using folder = await temporaryFolder();
    const path = await recorded(folder);
    const run = await runCli(['export', path, '--only', 'inquiry.created']);
    expect(run.stdout).toMatchInlineSnapshot(`
      "{"type":"recording","at":"2026-01-31T12:00:00.250Z","eventId":"evt_aaaaaaaaaaaaaaaaaaaaaaaa","eventName":"inquiry.created","attempt":1,"request":{"method":"POST","url":"http://there.test/hook","headers":[["Content-Type","application/json"],["Persona-Signature","t=1764686826,v1=00"],["Authorization","[secret]"]],"body":"{\\"data\\":{\\"type\\":\\"event\\",\\"id\\":\\"evt_aaaaaaaaaaaaaaaaaaaaaaaa\\",\\"attributes\\":{\\"name\\":\\"inquiry.created\\"}}}"}}
      "
    `);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    const open = await runCli(['export', path, '--with-credentials']);
    expect(open.stdout.match(/Bearer abc/g)).toHaveLength(3);
  });

  test('says which event of --only was not recorded', async () => {
    await using folder = await temporaryFolder();
    const path = await recorded(folder);
    const run = await runCli(['export', path, '--only', 'inquiry.craeted,inquiry.created']);
    expect(run.code).toBe(0);
    expect(run.stdout).toContain('"eventName":"inquiry.created"');
    expect(run.stderr).toBe(
      'warning: --only inquiry.craeted: not in the recording; did you mean inquiry.created?\n' +
        'Its events: inquiry.created, inquiry.approved\n',
    );
  });

  test('writes HAR that export reads back as the same recordings', async () => {
    await using folder = await temporaryFolder();
    const path = await recorded(folder);
    const output = `${folder.path}/out.har`;
    const run = await runCli(['export', path, '--format', 'har', '--output', output, '--with-credentials']);
    expect(run).toMatchObject({ code: 0, stdout: '', stderr: `3 requests written to ${output}\n` });
    const back = await runCli(['export', output, '--with-credentials']);
    const there = await runCli(['export', path, '--with-credentials']);
    expect(back.stdout).toBe(there.stdout);
  });

  test('refuses an output that cannot be written, and an unknown format', async () => {
    await using folder = await temporaryFolder();
    const lines = [
      ['--output', 'none/there/x.har'],
      ['--format', 'pcap'],
    ];
    const path = await recorded(folder);
    const shown = await session(lines.map((flags) => ['export', path, ...flags]));
    expect(shown.replaceAll(folder.path, 'FOLDER')).toMatchInlineSnapshot(`
      "$ hookcast export FOLDER/recording.ndjson --output none/there/x.har
      error: none/there/x.har: the folder to write it into does not exist
      exit code 2
      $ hookcast export FOLDER/recording.ndjson --format pcap
      error: --format pcap: expected one of ndjson, har, html
      (see: hookcast export --help)
      exit code 2
      "
    `);
  });
});

describe('record', () => {
  /** Records what the command lines given send, and returns what record printed. */
  async function record(
    folder: TemporaryFolder,
    to: string,
    { flags = [], send }: { flags?: string[]; send: (url: string) => Promise<unknown> },
  ) {
    const controller = new AbortController();
    let sending: Promise<unknown> | undefined;
    const output = `${folder.path}/out.ndjson`;
    const run = await runCli(['record', '--to', to, '--port', '0', '--output', output, ...flags], {
      env,
      interrupted: controller.signal,
      onOutput: (stdout) => {
        const url = /listening on (\S+),/.exec(stdout)?.[1];
        if (url === undefined || sending !== undefined) return;
        sending = send(url).finally(() => controller.abort());
      },
    });
    await sending;
    const text = await readFile(output, 'utf8');
    return { ...run, stdout: run.stdout.replaceAll(folder.path, 'FOLDER'), text };
  }
  const sendTo = (url: string) =>
    runCli(['send', 'inquiry.approved', '--to', `${url}/hook`, '--time-scale', 'instant', '--seed', '7'], {
      env,
    });

  test.each([
    ['127.0.0.1', 'http://127.0.0.1:47123/hook'],
    ['127.0.0.1', 'http://localhost:47123'],
    ['localhost', 'http://[::1]:47123'],
    ['0.0.0.0', 'http://127.0.0.1:47123'],
  ])('refuses to pass on to itself: %s, %s', async (host, to) => {
    await using folder = await temporaryFolder();
    const output = `${folder.path}/out.ndjson`;
    const argv = ['record', '--host', host, '--port', '47123', '--to', to, '--output', output];
    expect(await runCli(argv, { env })).toMatchObject({
      code: 2,
      stdout: '',
      stderr: 'error: --to is the address that record itself listens on; choose another --port\n',
    });
    expect(await readdir(folder.path)).toEqual([]);
  });

  test('leaves a file alone that is not a recording, whatever it ends in', async () => {
    await using folder = await temporaryFolder();
    for (const text of ['SQLite format 3\0\0', 'notes\nand more', '{"type":"recor']) {
      const output = await folder.write('there', text);
      const run = await runCli(['record', '--to', 'http://127.0.0.1:9/', '--port', '0', '--output', output]);
      expect(run.code).toBe(2);
      expect(run.stderr).toContain('exists and is not a recording; choose another');
    }
    const output = await folder.write('there', '{"type":"recording","at":"2026-01-31T12');
    const run = await runCli(['record', '--to', 'http://127.0.0.1:9/', '--port', '0', '--output', output]);
    expect(run.stderr).toContain('its last line is cut off');
  });

  test('shows each exchange, and ends with the command that replays them', async () => {
    await using folder = await temporaryFolder();
    await using target = await receiver('500,200');
    const run = await record(folder, `${target.url}/hook`, { send: sendTo });
    expect(run.code).toBe(130);
    expect(stable(run.stdout)).toMatchInlineSnapshot(`
      "listening on http://127.0.0.1:PORT, passing on to http://127.0.0.1:PORT/hook
      recording into FOLDER/out.ndjson (personal data included; see --scrub); Ctrl-C ends it
      POST /hook  inquiry.approved  evt_ID  attempt 1  26369 bytes
        ✓ signature valid
        answer: 500 Internal Server Error (N ms)
      POST /hook  inquiry.approved  evt_ID  attempt 2  26369 bytes
        ✓ signature valid
        answer: 200 OK (N ms)
      2 requests passed on, all written to FOLDER/out.ndjson
      replay with: hookcast replay FOLDER/out.ndjson --to http://127.0.0.1:PORT/hook
      "
    `);
    expect(target.received.map(({ path, verification }) => [path, verification.kind])).toEqual([
      ['/hook', 'valid'],
      ['/hook', 'valid'],
    ]);
    const bodies = run.text
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text).request.body);
    expect(bodies).toEqual(target.received.map(({ body }) => body.toString()));
    const before = target.received.length;
    const again = ['replay', `${folder.path}/out.ndjson`, '--to', target.url, '--quiet'];
    expect(await runCli(again, { env })).toMatchObject({ code: 0 });
    expect(target.received[before]!.body).toEqual(target.received[0]!.body);
  });

  test('--scrub writes stand-ins for personal data, which replay --frozen refuses', async () => {
    await using folder = await temporaryFolder();
    await using target = await receiver('200');
    const run = await record(folder, target.url, { flags: ['--scrub'], send: sendTo });
    expect(stable(run.stdout)).toMatchInlineSnapshot(`
      "listening on http://127.0.0.1:PORT, passing on to http://127.0.0.1:PORT/
      recording into FOLDER/out.ndjson (without personal data); Ctrl-C ends it
      POST /hook  inquiry.approved  evt_ID  attempt 1  26369 bytes
        ✓ signature valid
        answer: 200 OK (N ms)
      1 request passed on, all written to FOLDER/out.ndjson
      replay with: hookcast replay FOLDER/out.ndjson --to http://127.0.0.1:PORT/
      "
    `);
    expect(target.received[0]!.body.toString()).toContain('ALEXANDER');
    expect(run.text).not.toContain('ALEXANDER');
    expect(JSON.parse(run.text).altered).toBe('scrubbed');
    const path = `${folder.path}/out.ndjson`;
    const frozen = await runCli(['replay', path, '--to', target.url, '--frozen']);
    expect(shownRun(frozen, { [folder.path]: 'FOLDER' })).toMatchInlineSnapshot(`
      "1 delivery out of 1 recorded request, over 0s
      error: --frozen: evt_ID is not as it arrived (its personal data was replaced), so the old signature does not fit; without --frozen it is signed again
      exit code 2
      "
    `);
    expect(await runCli(['replay', path, '--to', target.url, '--quiet'], { env })).toMatchObject({ code: 0 });
    expect(target.received.at(-1)!.verification.kind).toBe('valid');
  });

  test('says what is wrong with a signature, and when the receiver is down', async () => {
    await using folder = await temporaryFolder();
    const down = await receiver('200');
    await down.close();
    const post = (url: string, headers: Record<string, string>, body: string) =>
      fetch(url, { method: 'POST', headers, body }).then((response) => response.text());
    const run = await record(folder, down.url, {
      flags: ['--scrub'],
      send: async (url) => {
        await post(url, {}, '{}');
        await post(url, { 'Persona-Signature': 't=1,v1=00', Authorization: 'Bearer abc' }, '{"data":1}');
        await post(url, {}, 'hello');
      },
    });
    expect(stable(run.stdout)).toMatchInlineSnapshot(`
      "listening on http://127.0.0.1:PORT, passing on to http://127.0.0.1:PORT/
      recording into FOLDER/out.ndjson (without personal data); Ctrl-C ends it
      POST /  no event name  2 bytes
        ✗ no Persona-Signature header
        ✗ no answer from your receiver (ECONNREFUSED); the sender got 502 (N ms)
      POST /  no event name  10 bytes
        ✗ signature does not match: v1 is not 64 lower-case hex digits but 2 characters, so it cannot be an HMAC-SHA256
        ✗ no answer from your receiver (ECONNREFUSED); the sender got 502 (N ms)
      POST /  no event name  5 bytes
        ✗ no Persona-Signature header
        ✗ no answer from your receiver (ECONNREFUSED); the sender got 502 (N ms)
      3 requests passed on, 2 written to FOLDER/out.ndjson
      replay with: hookcast replay FOLDER/out.ndjson --to http://127.0.0.1:PORT/
      "
    `);
    expect(run.stderr).toMatchInlineSnapshot(`
      "warning: not written: the body is not JSON, and --scrub cannot tell what in it is personal
      "
    `);
    const [, second = '', ...rest] = run.text.trim().split('\n');
    expect(rest).toEqual([]);
    expect(JSON.parse(second).request.headers).toContainEqual(['Authorization', '[secret]']);
    expect(run.text).not.toContain('Bearer abc');
  });
});
