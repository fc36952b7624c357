import { describe, expect, it, test } from 'vitest';
import { readFile } from 'node:fs/promises';
import { parseScript } from '../../src/receiver/reaction.ts';
import { startReceiver } from '../../src/receiver/start-receiver.ts';
import { DEVELOPMENT_SECRET, Secret } from '../../src/signing/sign.ts';
import { httpServer } from '../helpers/servers.ts';
import { runCli, session, stable } from '../helpers/run-cli.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const SECRETS = [new Secret(DEVELOPMENT_SECRET)];
const receiverWith = (script: string) => startReceiver({ secrets: SECRETS, script: parseScript(script) });

/** Rates and the times that are not durations in brackets differ, too. */
function steady(text: string): string {
  return stable(text)
    .replace(/\d+(\.\d+)? m?s\b/g, 'N ms')
    .replace(/[\d,.]+ attempts a second/g, 'N attempts a second')
    .replace(/^ {2}(response time|from due time|retries late by).*$/gm, '  $1 …')
    .replace(/^ {2}to .*\n/gm, '')
    .replace(/^ +p50.*$/gm, '  percentiles');
}

it('delivers all events and prints a summary', async () => {
  await using receiver = await receiverWith('500,200');
  const argv = [
    'load',
    '--to',
    receiver.url,
    '--count',
    '20',
    '--concurrency',
    '1',
    '--time-scale',
    'instant',
  ];
  const { code, stdout, stderr } = await runCli([...argv, '--seed', '7']);
  expect(code).toBe(0);
  expect(receiver.received).toHaveLength(21);
  expect(steady(stdout)).toMatchInlineSnapshot(`
    "✓ All delivered
      events      20
      took        N ms
      rate        N attempts a second
      deliveries  20 completed
      attempts    21, of them 1 retry
      outcomes    20 accepted, 1 rejected
      statuses    200: 20, 500: 1

      percentiles
      response time …
      from due time …
      retries late by …


    what failed, for example:
      - 500 Internal Server Error (inquiry.approved evt_ID,
        attempt 1)
    "
  `);
  expect(steady(stderr)).toMatchInlineSnapshot(`
    "signing with the development secret wbhsec_00000000-dead-4000-8000-00000000beef: give it to your receiver, or pass --secret
    "
  `);
});

it('prints nothing on success with --quiet, and how to repeat a failure', async () => {
  await using good = await httpServer((request, response) => {
    request.resume().once('end', () => response.end());
  });
  await using bad = await httpServer((request, response) => {
    request.resume().once('end', () => response.writeHead(500).end());
  });
  const argv = ['load', '--count', '2', '--seed', '7', '--time-scale', 'instant'];
  const quiet = await runCli([...argv, '--quiet', '--to', good.url.href]);
  expect(quiet).toEqual({ code: 0, stdout: '', stderr: '' });
  const failed = await runCli([...argv, '--secret', 'wbhsec_abcdefgh', '--to', bad.url.href]);
  expect(failed.stderr.split('\n').at(-2)).toBe('repeat with: --seed 7');
});

it('fails when a forgery is accepted', async () => {
  await using server = await httpServer((request, response) => {
    request.resume().once('end', () => response.end());
  });
  const argv = ['load', '--to', server.url.href, '--count', '10', '--forged', '1'];
  const { code, stdout } = await runCli(argv);
  expect(code).toBe(1);
  expect(steady(stdout)).toMatchInlineSnapshot(`
    "✗ Some events failed
      events      0
      took        N ms
      rate        N attempts a second
      deliveries  none
      attempts    0
      outcomes    none
      forged      10 sent: 10 accepted
    ! 10 forged events were ACCEPTED: the receiver does not check signatures
    what failed, for example:
      - forged, and accepted: 200 OK (inquiry.approved
        evt_ID, attempt 1)
      - forged, and accepted: 200 OK (inquiry.approved
        evt_ID, attempt 1)
      - forged, and accepted: 200 OK (inquiry.approved
        evt_ID, attempt 1)
    "
  `);
});

it('fails when a delivery fails', async () => {
  await using receiver = await receiverWith('503');
  const argv = ['load', '--to', receiver.url, '--count', '2', '--time-scale', 'instant', '--quiet'];
  expect(await runCli([...argv, '--policy', 'persona-2020'])).toMatchObject({ code: 1, stdout: '' });
  expect(receiver.received).toHaveLength(10);
});

it('writes records, the last of which is the result', async () => {
  await using receiver = await receiverWith('200');
  const argv = ['load', '--to', receiver.url, '--count', '5', '--mix', 'inquiry.approved,inquiry.declined=2'];
  const { code, stdout } = await runCli([...argv, '--json', '--quiet']);
  const record = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
  expect(code).toBe(0);
  expect(record).toMatchObject({ type: 'result', ok: true, events: 5, statuses: { 200: 5 } });
});

it.each([
  ['--journal', 'FOLDER/j.db', '--report', 'json=FOLDER/j.db'],
  ['--report', 'html=FOLDER/x', '--report', 'json=FOLDER/x'],
  ['--webhook', 'FOLDER/w.json', '--report', 'FOLDER/w.json'],
])('refuses a report over what it reads or writes: %s %s %s %s', async (...flags) => {
  await using folder = await temporaryFolder();
  await folder.write('w.json', '{}');
  const there = flags.map((flag) => flag.replace('FOLDER', folder.path));
  const run = await runCli(['load', '--to', 'http://127.0.0.1:9/', '--count', '1', ...there]);
  expect(run).toMatchObject({ code: 2, stdout: '' });
  expect(run.stderr).toMatch(/--report \S+: (this command also reads|this file would be written twice)/);
});

it('writes reports that load nothing and run nothing', async () => {
  await using receiver = await receiverWith('200,503,200');
  await using folder = await temporaryFolder();
  const [html, json] = [`${folder.path}/load.html`, `${folder.path}/load.json`];
  const argv = ['load', '--to', `${receiver.url}/<script>`, '--count', '30', '--time-scale', 'instant'];
  expect((await runCli([...argv, '--report', html, '--report', json])).code).toBe(0);
  const page = await readFile(html, 'utf8');
  expect(page.match(/<svg/g)).toHaveLength(2);
  expect(/<p class="verdict[^>]*>(.*?)<\/p>/.exec(page)?.[1]).toBe('✓ All delivered');
  expect(page).not.toMatch(/<script|javascript:|<link|<img|NaN|Infinity|undefined/);
  expect(JSON.parse(await readFile(json, 'utf8'))).toMatchObject({ type: 'result', events: 30, retries: 1 });
});

it('stops at Ctrl-C and reports what was done', async () => {
  await using receiver = await receiverWith('200');
  const stop = new AbortController();
  stop.abort();
  const argv = ['load', '--to', receiver.url, '--count', '5'];
  const { code, stdout } = await runCli(argv, { interrupted: stop.signal });
  expect(code).toBe(130);
  expect(steady(stdout)).toMatchInlineSnapshot(`
    "Stopped with work left
      events      0
      took        N ms, interrupted
      rate        N attempts a second
      deliveries  none
      attempts    0
      outcomes    none
    "
  `);
});

describe('options that cannot work', () => {
  const OUTAGE = ['--rate', '1/s', '--outage', '1h'];
  test('are refused before anything is sent', async () => {
    const lines = [
      ['--rate', '500'],
      ['--rate', '0/s'],
      ['--duration', '0s'],
      ['--count', '0'],
      ['--duplicates', '2'],
      ['--forged', 'x'],
      ['--mix', 'inquiry.approved=0'],
      ['--mix', 'nothing.*'],
      ['--mix', 'a', '--scenario', 'b'],
      ['--outage', '2h'],
      [...OUTAGE, '--count', '5'],
      ['--rate', '9999/s', '--outage', '9h'],
      ['--report', 'x.pdf'],
    ];
    const load = ['load', '--to', 'http://127.0.0.1:9', '--secret', 'wbhsec_a'];
    expect(await session(lines.map((flags) => [...load, ...flags]))).toMatchInlineSnapshot(`
      "$ hookcast load --to http://127.0.0.1:9 --secret wbhsec_a --rate 500
      error: --rate 500: expected a number above 0 with a unit: 500/s, 30/m or 100/h; did you mean 500/s?
      (see: hookcast load --help)
      exit code 2
      $ hookcast load --to http://127.0.0.1:9 --secret wbhsec_a --rate 0/s
      error: --rate 0/s: expected a number above 0 with a unit: 500/s, 30/m or 100/h
      (see: hookcast load --help)
      exit code 2
      $ hookcast load --to http://127.0.0.1:9 --secret wbhsec_a --duration 0s
      error: --duration 0s: expected a duration above 0, such as 500ms, 30s, 5m or 2h
      (see: hookcast load --help)
      exit code 2
      $ hookcast load --to http://127.0.0.1:9 --secret wbhsec_a --count 0
      error: --count 0: expected a whole number from 1
      (see: hookcast load --help)
      exit code 2
      $ hookcast load --to http://127.0.0.1:9 --secret wbhsec_a --duplicates 2
      error: --duplicates 2: expected a number from 0 to 1, such as 0.05
      (see: hookcast load --help)
      exit code 2
      $ hookcast load --to http://127.0.0.1:9 --secret wbhsec_a --forged x
      error: --forged x: expected a number from 0 to 1, such as 0.05
      (see: hookcast load --help)
      exit code 2
      $ hookcast load --to http://127.0.0.1:9 --secret wbhsec_a --mix inquiry.approved=0
      warning: the secret is not wbhsec_ and a UUID, as Persona's secrets are
      error: --mix inquiry.approved=0: expected a weight above 0, such as 8 or 0.5; leave the pattern out instead
      exit code 2
      $ hookcast load --to http://127.0.0.1:9 --secret wbhsec_a --mix 'nothing.*'
      warning: the secret is not wbhsec_ and a UUID, as Persona's secrets are
      error: --mix nothing.*: no event with a fixture has this name
      All names: hookcast events
      exit code 2
      $ hookcast load --to http://127.0.0.1:9 --secret wbhsec_a --mix a --scenario b
      error: --mix and --scenario both say which events are sent; choose one
      exit code 2
      $ hookcast load --to http://127.0.0.1:9 --secret wbhsec_a --outage 2h
      error: --outage needs --rate: how many events would have come while it lasted?
      exit code 2
      $ hookcast load --to http://127.0.0.1:9 --secret wbhsec_a --rate 1/s --outage 1h --count 5
      error: --outage sends only the events of the outage; leave --count out
      exit code 2
      $ hookcast load --to http://127.0.0.1:9 --secret wbhsec_a --rate 9999/s --outage 9h
      error: --outage at this --rate would queue 323967600 events; the limit is 10000000
      exit code 2
      $ hookcast load --to http://127.0.0.1:9 --secret wbhsec_a --report x.pdf
      warning: the secret is not wbhsec_ and a UUID, as Persona's secrets are
      error: --report x.pdf: the file's ending names no format; did you mean html=x.pdf?
      exit code 2
      "
    `);
  });

  it('are refused when there are more connections than files', async () => {
    const { code, stderr } = await runCli(['load', '--to', 'http://127.0.0.1:9', '--concurrency', '9999999']);
    expect({ code, stderr: stderr.replace(/\d+(?= files|, or)/g, 'N') }).toMatchInlineSnapshot(`
      {
        "code": 2,
        "stderr": "error: --concurrency 9999999 needs one file per connection, and this process may open only N files; lower it to N, or raise the limit (ulimit -n)
      ",
      }
    `);
  });
});
