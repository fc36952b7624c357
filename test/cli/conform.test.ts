import { createHmac } from 'node:crypto';
import { chmod, readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli, session, shown, timeless, type CliRun } from '../helpers/run-cli.ts';
import { httpServer, type TestServer } from '../helpers/servers.ts';
import { temporaryFolder, type TemporaryFolder } from '../helpers/temporary-folder.ts';
import { MODEL_SECRET, ModelReceiver } from '../mutants/model-receiver.ts';
import { SIGNATURE_MUTANTS } from '../mutants/signature.ts';

const env = { PERSONA_WEBHOOK_SECRET: MODEL_SECRET };

let good: ModelReceiver;
/** Accepts signatures under any label: fails SIG-11 and nothing else. */
let bad: ModelReceiver;
let folder: TemporaryFolder;

beforeAll(async () => {
  good = await new ModelReceiver().start();
  bad = await SIGNATURE_MUTANTS.find(({ id }) => id === 'any-label')!
    .create()
    .start();
  folder = await temporaryFolder();
});

afterAll(async () => {
  for (const thing of [good, bad, folder]) await thing[Symbol.asyncDispose]();
});

const conform = (argv: readonly string[], options: Parameters<typeof runCli>[1] = {}) =>
  runCli(['conform', ...argv], { env, ...options });
const quick = () => ['--to', good.url, '--only', 'ACK-01,SIG-02', '--seed', '7'];
const failing = () => ['--to', bad.url, '--only', 'SIG-11', '--seed', '7'];
const report = (run: CliRun) =>
  shown(run, { [folder.path]: 'FOLDER' }).replace(/^(Conformance: .*, )\S+ m?s$/gm, '$1TIME');
const baseline = (...ids: string[]) => folder.write('baseline.json', JSON.stringify(ids));

describe('conform', () => {
  test('lists all checks of a conformant receiver and ends with exit code 0', async () => {
    expect(report(await conform(quick()))).toMatchInlineSnapshot(`
      "Conformance: profile core, seed N, TIME

      127.0.0.1:PORT  http://127.0.0.1:PORT/webhooks

        ACK  acknowledging
          ✓ ACK-01   Genuine event is acknowledged

        SIG  signature
          ✓ SIG-02   Wrong secret

        2 checks: 2 pass
      exit code 0
      "
    `);
  });

  test('says of a failed check what was expected, what was seen and how to repeat it', async () => {
    expect(report(await conform(failing()))).toMatchInlineSnapshot(`
      "Conformance: profile core, seed N, TIME

      127.0.0.1:PORT  http://127.0.0.1:PORT/webhooks

        ? SIG-11   Other algorithms and labels
            seen      labelled v0: status 200: only an oracle can tell whether it
                      acted, answer: "{"received":true}"
            expected  refuses a digest labelled v0 with a 4xx status and does nothing
            cause     the algorithm follows from the label or the digest's length, or
                      \`v0\`, \`v2\` are read too
            fix       accept HMAC-SHA256 under \`v1\`, and nothing else
            basis     Persona requires it (graded here: must)
            page
            https://github.com/hookcast/hookcast/blob/main/docs/checks/sig.md#sig-11
            repeat    hookcast conform --to http://127.0.0.1:PORT/webhooks \\
                      --only SIG-11 --seed N

        ? marks a forged event that your receiver accepted: answer 4xx, or prove with
        --oracle-url that nothing was done.
        What went over the wire: --verbose; as curl lines: --save <folder>

        1 check: 1 failed
      exit code 1
      "
    `);
  });

  test('begins with the diagnosis when the receiver refuses genuine events', async () => {
    const run = await conform([...quick(), '--secret', 'wbhsec_00000000-1111-2222-3333-444444444444']);
    expect(report(run)).toMatchInlineSnapshot(`
      "Conformance: profile core, seed N, TIME

      127.0.0.1:PORT  http://127.0.0.1:PORT/webhooks

        Diagnosis: your receiver refuses everything with status 401: "refused", in
                   every known form; either it has another secret, or a login or
                   firewall stands before it

        ✗ ACK-01   Genuine event is acknowledged
            seen      status 401, answer: "refused"
            expected  accepts a genuine event with 200 within 5 s
            basis     Persona requires it (graded here: must)
            page
            https://github.com/hookcast/hookcast/blob/main/docs/checks/ack.md#ack-01
            repeat    hookcast conform --to http://127.0.0.1:PORT/webhooks \\
                      --only ACK-01 --seed N

        What went over the wire: --verbose; as curl lines: --save <folder>

        1 check was not run: no genuine event is accepted

        2 checks: 1 failed, 1 not run
        Diagnosis: your receiver refuses everything with status 401: "refused", in
                   every known form; either it has another secret, or a login or
                   firewall stands before it
      exit code 1
      "
    `);
  });

  test('prints a repeat command with the flags that matter and without the secret', async () => {
    const webhook = await folder.write('my webhook.json', JSON.stringify({ secret: MODEL_SECRET }));
    const flags = ['--webhook', webhook, '--tolerance', '60', '--strict', '--profile', 'strict'];
    const run = await conform([...failing(), ...flags], { env: {} });
    expect(report(run)).toMatchInlineSnapshot(`
      "Conformance: profile strict, --strict, seed N, TIME

      127.0.0.1:PORT  http://127.0.0.1:PORT/webhooks

        ? SIG-11   Other algorithms and labels
            seen      labelled v0: status 200: only an oracle can tell whether it
                      acted, answer: "{"received":true}"
            expected  refuses a digest labelled v0 with a 4xx status and does nothing
            cause     the algorithm follows from the label or the digest's length, or
                      \`v0\`, \`v2\` are read too
            fix       accept HMAC-SHA256 under \`v1\`, and nothing else
            basis     Persona requires it (graded here: must)
            page
            https://github.com/hookcast/hookcast/blob/main/docs/checks/sig.md#sig-11
            repeat    hookcast conform --to http://127.0.0.1:PORT/webhooks \\
                      --only SIG-11 --seed N \\
                      --webhook 'FOLDER/my webhook.json' \\
                      --tolerance 60 --strict

        ? marks a forged event that your receiver accepted: answer 4xx, or prove with
        --oracle-url that nothing was done.
        What went over the wire: --verbose; as curl lines: --save <folder>

        1 check: 1 failed
      exit code 1
      "
    `);
    expect(run.stdout + run.stderr).not.toContain(MODEL_SECRET);
  });

  test('draws a seed and names it when none is given', async () => {
    const run = await conform(['--to', good.url, '--only', 'ACK-01']);
    expect(report(run)).toMatchInlineSnapshot(`
      "Conformance: profile core, seed N, TIME

      127.0.0.1:PORT  http://127.0.0.1:PORT/webhooks

        1 check: 1 pass
      exit code 0
      "
    `);
  });

  test('takes the secret and the URL from a webhook file', async () => {
    const file = await folder.write('webhook.json', JSON.stringify({ url: good.url, secret: MODEL_SECRET }));
    const run = await conform(['--webhook', file, '--only', 'ACK-01'], { env: {} });
    expect(run).toMatchObject({ code: 0, stderr: '' });
  });

  test('names the development secret when no secret is given', async () => {
    expect((await conform(quick(), { env: {} })).stderr).toMatchInlineSnapshot(`
      "signing with the development secret wbhsec_00000000-dead-4000-8000-00000000beef: give it to your receiver, or pass --secret
      "
    `);
  });

  test('warns of a secret with white space around it', async () => {
    const run = await conform([...quick(), '--secret', `${MODEL_SECRET} `]);
    expect(run.stderr).toMatchInlineSnapshot(`
      "warning: the secret has white space around it (copied with a line break?)
      "
    `);
  });

  test('reports on each of several receivers', async () => {
    const run = await conform(['--to', `good=${good.url}`, '--to', `bad=${bad.url}`, '--only', 'SIG-11']);
    expect(report(run)).toMatchInlineSnapshot(`
      "Conformance: profile core, seed N, TIME

         1  good  http://127.0.0.1:PORT/webhooks
         2  bad   http://127.0.0.1:PORT/webhooks

                    1   2
        SIG  signature
        SIG-11      ✓   ?  Other algorithms and labels

      good  http://127.0.0.1:PORT/webhooks

        1 check: 1 pass

      bad  http://127.0.0.1:PORT/webhooks

        ? SIG-11   Other algorithms and labels
            seen      labelled v0: status 200: only an oracle can tell whether it
                      acted, answer: "{"received":true}"
            expected  refuses a digest labelled v0 with a 4xx status and does nothing
            cause     the algorithm follows from the label or the digest's length, or
                      \`v0\`, \`v2\` are read too
            fix       accept HMAC-SHA256 under \`v1\`, and nothing else
            basis     Persona requires it (graded here: must)
            page
            https://github.com/hookcast/hookcast/blob/main/docs/checks/sig.md#sig-11
            repeat    hookcast conform --to http://127.0.0.1:PORT/webhooks \\
                      --only SIG-11 --seed N

        ? marks a forged event that your receiver accepted: answer 4xx, or prove with
        --oracle-url that nothing was done.
        What went over the wire: --verbose; as curl lines: --save <folder>

        1 check: 1 failed
      exit code 1
      "
    `);
  });

  test('--quiet prints nothing', async () => {
    expect(await conform([...quick(), '--quiet'])).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  test('shows a progress line on a terminal, and wipes it at the end', async () => {
    const { stderr } = await conform(quick(), { stderrIsTty: true });
    const frames = stderr.split('\r\u001b[2K');
    expect(frames.every((frame) => frame.length < 80)).toBe(true);
    expect(frames.map(timeless)).toMatchInlineSnapshot(`
      [
        "",
        "[------------------------] 0 of 2  127.0.0.1:PORT  ACK-01 Genuine event is ack",
        "[############------------] 1 of 2  127.0.0.1:PORT  ACK-01 Genuine event is ack",
        "[########################] 2 of 2  127.0.0.1:PORT  SIG-02 Wrong secret",
        "",
      ]
    `);
  });

  test('gives no verdict on a check that Ctrl-C interrupts', async () => {
    const controller = new AbortController();
    await using receiver = await httpServer((_, response: ServerResponse) => {
      response.end(() => controller.abort());
    });
    const argv = ['--to', receiver.url.href, '--only', 'ACK-08,SIG-02'];
    const run = await conform(argv, { interrupted: controller.signal });
    expect(report(run)).toMatchInlineSnapshot(`
      "Conformance: profile core, seed N, TIME

      127.0.0.1:PORT  http://127.0.0.1:PORT/hook?a=1&b=%2F

        interrupted after 0 of 2 checks
      warning: interrupted: the report covers only the checks that had ended
      exit code 130
      "
    `);
  });

  test.each(['ACK-01', 'SIG-02'])(
    'blames no oracle that breaks when Ctrl-C reaches it, as when it is asked for %s',
    async (check) => {
      const controller = new AbortController();
      let asked = 0;
      await using oracle = await httpServer((_, response: ServerResponse) => {
        asked += 1;
        if (check === 'ACK-01' || asked > 3) controller.abort();
        response.statusCode = controller.signal.aborted ? 503 : 200;
        response.end('{}');
      });
      const argv = ['--to', good.url, '--only', check, '--oracle-url', oracle.url.href];
      const run = await conform(argv, { interrupted: controller.signal });
      expect(run.code).toBe(130);
      expect(run.stderr).toBe('warning: interrupted: the report covers only the checks that had ended\n');
    },
  );

  test('names the checks that a passing run left out', async () => {
    const { stdout } = await conform(['--to', good.url, '--profile', 'core']);
    expect(stdout.slice(stdout.indexOf('\n  40 checks'))).toMatchInlineSnapshot(`
      "
        40 checks: 40 pass
        40 of 106 checks (core). Not asked: whether a duplicate is processed once,
        whether an older event overwrites a newer state (both need --oracle-url or
        --oracle-cmd); 40 that are not musts: --profile strict
      "
    `);
  });

  test('reads the log of the receiver with --log-file', async () => {
    const log = await folder.write('app.log', 'received an event\n');
    const run = await conform(['--to', good.url, '--only', 'SEC-03', '--log-file', log]);
    expect(report(run)).toMatchInlineSnapshot(`
      "Conformance: profile core, seed N, TIME

      127.0.0.1:PORT  http://127.0.0.1:PORT/webhooks

        1 check: 1 pass
      exit code 0
      "
    `);
  });

  test('opens the HTML report with --open, or says that no program can', async () => {
    const opener = process.platform === 'darwin' ? 'open' : 'xdg-open';
    const bin = await folder.write(opener, '#!/bin/sh\nprintf %s "$1" > "$0.seen"\n');
    await chmod(bin, 0o755);
    const path = join(folder.path, 'opened.html');
    const argv = [...quick(), '--open', '--report', path];
    expect((await conform(argv, { env: { ...env, PATH: folder.path } })).stderr).toBe(`written: ${path}\n`);
    await expect.poll(() => readFile(`${bin}.seen`, 'utf8').catch(() => '')).toBe(path);
    const without = await conform(argv, { env: { ...env, PATH: join(folder.path, 'none') } });
    expect(without.stderr).toBe(
      `written: ${path}\nwarning: ${path} cannot be opened (${opener} is not installed): open it yourself\n`,
    );
  });
});

describe('a mistake is reported before anything is sent', () => {
  let target: TestServer;
  let requests = 0;

  beforeAll(async () => {
    target = await httpServer((_, response) => {
      requests += 1;
      response.end();
    });
  });

  afterAll(() => target[Symbol.asyncDispose]());

  test('when it is in a flag', async () => {
    requests = 0;
    const to = ['conform', '--to', target.url.href];
    const lines = [
      ['--only', 'SIG-99'],
      ['--only', 'SIG', '--skip', 'SIG'],
      ['--report', 'htlm=r.html'],
      ['--report', 'html='],
      ['--report', 'html=no/such/folder.html'],
      ['--report', 'html=.'],
      ['--report', 'out.foo'],
      ['--save', 'package.json/x'],
      ['--save', 'package.json'],
      ['--log-file', 'none.log'],
      ['--wait-for', 'soon'],
      ['--hook', 'reboot=x'],
      ['--hook', 'restart='],
      ['--hook', 'restart'],
      ['--oracle-url', 'localhost:3000'],
      ['--oracle-url', 'http://x/', '--oracle-cmd', 'x'],
      ['--profile', 'quick'],
      ['--baseline', 'none.json'],
      ['--watch', 'no-such-folder'],
    ];
    const text = await session(
      lines.map((flags) => [...to, ...flags]),
      { env },
    );
    expect(text.replaceAll(` --to '${target.url.href}'`, '')).toMatchInlineSnapshot(`
      "$ hookcast conform --only SIG-99
      error: unknown check 'SIG-99'; did you mean SIG-09, SIG-01, SIG-02?
      All checks: hookcast conform --list
      exit code 2
      $ hookcast conform --only SIG --skip SIG
      error: no check is left: --skip SIG leaves out all of the selection
      exit code 2
      $ hookcast conform --report htlm=r.html
      error: unknown report format 'htlm'; did you mean html?
      Formats: text, html, json, junit, ctrf, tap, github, markdown
      exit code 2
      $ hookcast conform --report html=
      error: --report 'html=': expected a file, e.g. html=report.html
      exit code 2
      $ hookcast conform --report html=no/such/folder.html
      error: no/such/folder.html: the folder to write it into does not exist
      exit code 2
      $ hookcast conform --report html=.
      error: .: this is a folder, not a file
      exit code 2
      $ hookcast conform --report out.foo
      error: --report out.foo: the file's ending names no format; did you mean html=out.foo?
      exit code 2
      $ hookcast conform --save package.json/x
      error: package.json/x: a part of this path is a file, not a folder
      exit code 2
      $ hookcast conform --save package.json
      error: package.json: a part of this path is a file, not a folder
      exit code 2
      $ hookcast conform --log-file none.log
      error: none.log: there is no such file
      exit code 2
      $ hookcast conform --wait-for soon
      error: --wait-for soon: expected a duration such as 30s or 2m
      exit code 2
      $ hookcast conform --hook reboot=x
      error: --hook 'reboot=x': expected <name>=<command> with one of these names: create, restart, dependency-down, dependency-up, writes-down, writes-up, unset-secret
      exit code 2
      $ hookcast conform --hook restart=
      error: --hook 'restart=': expected <name>=<command> with one of these names: create, restart, dependency-down, dependency-up, writes-down, writes-up, unset-secret
      exit code 2
      $ hookcast conform --hook restart
      error: --hook 'restart': expected <name>=<command> with one of these names: create, restart, dependency-down, dependency-up, writes-down, writes-up, unset-secret
      exit code 2
      $ hookcast conform --oracle-url localhost:3000
      error: --oracle-url localhost:3000: expected a URL that starts with http:// or https://; did you mean http://localhost:3000?
      exit code 2
      $ hookcast conform --oracle-url http://x/ --oracle-cmd x
      error: --oracle-url and --oracle-cmd: pass only one of them
      exit code 2
      $ hookcast conform --profile quick
      error: --profile quick: expected one of core, strict, probe, soak, load
      (see: hookcast conform --help)
      exit code 2
      $ hookcast conform --baseline none.json
      error: none.json: there is no such file
      exit code 2
      $ hookcast conform --watch no-such-folder
      error: no-such-folder: there is no such file or folder
      exit code 2
      "
    `);
    expect(requests).toBe(0);
  });

  test('when it is in the receiver', async () => {
    const lines = [
      [],
      ['--to', 'localhost:3000'],
      ['--to', 'mine=localhost:3000'],
      ['--to', 'http://8.8.8.8/'],
      ['--to', 'http://localhost:1/a', '--to', 'http://localhost:1/b'],
    ];
    const text = await session(
      lines.map((flags) => ['conform', ...flags]),
      { env },
    );
    expect(text).toMatchInlineSnapshot(`
      "$ hookcast conform
      error: no receiver given: pass --to http://localhost:3000/webhooks (or set HOOKCAST_URL)
      exit code 2
      $ hookcast conform --to localhost:3000
      error: localhost:3000: expected a URL that starts with http:// or https://; did you mean http://localhost:3000?
      exit code 2
      $ hookcast conform --to mine=localhost:3000
      error: localhost:3000: expected a URL that starts with http:// or https://; did you mean http://localhost:3000?
      exit code 2
      $ hookcast conform --to http://8.8.8.8/
      error: 8.8.8.8 is not on this machine or a private network; if the receiver is yours, pass --allow-remote
      exit code 2
      $ hookcast conform --to http://localhost:1/a --to http://localhost:1/b
      error: --to: two receivers are called localhost:1; name them: --to a=http://… --to b=http://…
      exit code 2
      "
    `);
  });
});

test('--json prints the report of a run, like --report json', async () => {
  const runs = await Promise.all([
    conform([...failing(), '--json']),
    conform([...failing(), '--json', '--report', 'json']),
  ]);
  for (const { code, stdout } of runs) {
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ schema: 'hookcast-report/1', seed: 7 });
  }
});

describe('a run that breaks ends with exit code 3', () => {
  test('when nothing listens at the URL', async () => {
    expect(await conform(['--to', 'http://127.0.0.1:1/'])).toEqual({
      code: 3,
      stdout: '',
      stderr:
        'error: no connection to 127.0.0.1:1 (nothing listens there); is your receiver running? ' +
        '--wait-for 30s waits for it\n',
    });
  });

  test('when the receiver is still down after --wait-for', async () => {
    const port = new URL(good.url).port;
    await using later = await httpServer(() => undefined);
    const free = later.port;
    await later[Symbol.asyncDispose]();
    const down = await conform(['--to', `http://127.0.0.1:${free}/`, '--wait-for', '1ms']);
    expect(report(down)).toMatchInlineSnapshot(`
      "error: no connection to 127.0.0.1:PORT within 0.001 s (nothing listens there); is your receiver running?
      exit code 3
      "
    `);
    const server = createServer((_, response) => response.end());
    const waiting = conform(['--to', `http://127.0.0.1:${free}/`, '--only', 'ACK-08', '--wait-for', '10s']);
    server.listen(free, '127.0.0.1');
    expect((await waiting).code).toBe(0);
    server.closeAllConnections();
    server.close();
    expect(port).not.toBe(String(free));
  });

  test('when an oracle answers in a wrong form', async () => {
    await using oracle = await httpServer((_, response) => response.end('{"evt_1": {"processed": "once"}}'));
    const run = await conform([...quick(), '--oracle-url', oracle.url.href]);
    expect(report(run)).toMatchInlineSnapshot(`
      "error: the oracle http://127.0.0.1:PORT/hook?a=1&b=%2F: at evt_1.processed: expected a number, found "once"
      exit code 3
      "
    `);
  });

  test('when an oracle command fails, whose control characters are escaped', async () => {
    const command = "printf '\\033[31mno table\\n' >&2; exit 4";
    const run = await conform([...quick(), '--oracle-cmd', command]);
    expect(run.stderr).not.toContain('\u001b');
    expect(report(run)).toMatchInlineSnapshot(`
      "error: the oracle 'printf '\\033[31mno table\\n' >&2; exit 4': expected exit code 0, found 4 (\\u001b[31mno table)
      exit code 3
      "
    `);
  });

  test('when a hook fails', async () => {
    const run = await conform(['--to', good.url, '--only', 'ACK-09', '--hook', 'restart=exit 4']);
    expect(report(run)).toMatchInlineSnapshot(`
      "error: the hook restart: 'exit 4' ended with exit code 4
      exit code 3
      "
    `);
  });
});

describe('the list of checks', () => {
  test('is printed by --list without a receiver', async () => {
    const lines = report(await conform(['--list'])).split('\n');
    // A hundred rows more would say nothing new.
    expect([...lines.slice(0, 3), '…', ...lines.slice(-6)].join('\n')).toMatchInlineSnapshot(`
      "id       level   title                                                  needs
      ACK-01   must    Genuine event is acknowledged
      ACK-02   should  Success code is on the short list
      …
      LOAD-02  should  Steady rate with forgeries
      LOAD-03  should  Recovery herd                                          oracle, hook:dependency-down, hook:dependency-up

      106 checks (ACK: acknowledging, SIG: signature, ROT: secret rotation, RAW: bytes versus parsed JSON, TIME: timestamps and replay, IDEM: duplicates, ORD: ordering, RTY: retry behaviour, ENV: envelope and payload, NET: transport, SEC: leakage and abuse, LOAD: load)
      exit code 0
      "
    `);
  });

  test('is limited to the selection by --dry-run', async () => {
    const run = await conform(['--dry-run', '--only', 'ROT', '--skip', 'ROT-04,ROT-05']);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toMatchInlineSnapshot(`
      "id      level  title                           needs
      ROT-01  must   Rotation: known secret first
      ROT-02  must   Rotation: known secret second
      ROT-03  must   Rotation: neither secret known

      3 checks (ROT: secret rotation)
      "
    `);
  });

  test('takes in the checks that need an oracle when one is given', async () => {
    const run = await conform(['--dry-run', '--only', 'IDEM', '--oracle-cmd', 'true']);
    expect(run.stdout).toMatchInlineSnapshot(`
      "id       level   title                                            needs
      IDEM-01  must    Duplicate is acknowledged
      IDEM-02  must    Duplicate has no second effect                   oracle
      IDEM-03  should  Concurrent duplicates                            oracle
      IDEM-04  should  Duplicate after a sender timeout                 oracle
      IDEM-05  should  Duplicate with other bytes                       oracle
      IDEM-06  must    Different events are not duplicates              oracle
      IDEM-07  must    A forgery does not use up the event id           oracle
      IDEM-08  should  A failed attempt does not count as processed     oracle, hook:dependency-down, hook:dependency-up
      IDEM-09  should  Duplicates are recognised after a restart        oracle, hook:restart
      IDEM-10  should  A half-done attempt does not count as processed  oracle, hook:writes-down, hook:writes-up

      10 checks (IDEM: duplicates)
      "
    `);
  });
});

describe('a baseline', () => {
  test('turns known failures into exit code 0', async () => {
    const run = await conform([...failing(), '--baseline', await baseline('SIG-11')]);
    expect(report(run)).toMatchInlineSnapshot(`
      "Conformance: profile core, seed N, TIME

      127.0.0.1:PORT  http://127.0.0.1:PORT/webhooks

        Known to fail (--baseline), not counted:
          ? SIG-11   Other algorithms and labels: labelled v0: status 200: only an
                     oracle can tell whether it acted

        1 check: 1 known to fail
      exit code 0
      "
    `);
  });

  test('may be written in place of the one that was read', async () => {
    const path = await baseline('SIG-11', 'SIG-98');
    const run = await conform([...failing(), '--baseline', path, '--write-baseline', path]);
    expect(run.code).toBe(0);
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(['SIG-11']);
  });

  test('stays as it was when the run is interrupted', async () => {
    const path = await baseline('SIG-11');
    const run = await conform([...quick(), '--write-baseline', path], { interrupted: AbortSignal.abort() });
    expect(run.code).toBe(130);
    expect(run.stderr).toBe(
      `warning: interrupted: the report covers only the checks that had ended; ${path} stays as it was\n`,
    );
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(['SIG-11']);
  });

  test('draws a warning for a check that all receivers now pass', async () => {
    const known = ['--baseline', await baseline('SIG-11', 'SIG-98')];
    const alone = await conform(['--to', good.url, '--only', 'SIG-11', ...known]);
    expect(report(alone)).toMatchInlineSnapshot(`
      "Conformance: profile core, seed N, TIME

      127.0.0.1:PORT  http://127.0.0.1:PORT/webhooks

        1 check: 1 pass
      warning: FOLDER/baseline.json: there is no check SIG-98
      warning: SIG-11 passes now; remove it from the baseline
      exit code 0
      "
    `);
    const both = await conform(['--to', good.url, '--to', bad.url, '--only', 'SIG-11', ...known]);
    expect(report({ ...both, stdout: '' })).toMatchInlineSnapshot(`
      "warning: FOLDER/baseline.json: there is no check SIG-98
      exit code 0
      "
    `);
  });
});

describe('reports', () => {
  test('are written to any number of files', async () => {
    const names = ['html', 'junit', 'json', 'ctrf', 'tap', 'markdown', 'github', 'text'];
    const path = (name: string) => join(folder.path, `report.${name}`);
    const run = await conform([
      ...quick(),
      ...names.flatMap((name) => ['--report', `${name}=${path(name)}`]),
    ]);
    expect(run.code).toBe(0);
    for (const name of names) expect(await readFile(path(name), 'utf8')).not.toBe('');
    expect(JSON.parse(await readFile(path('json'), 'utf8'))).toMatchObject({ seed: 7 });
  });

  test('without a file are the only thing on stdout', async () => {
    const run = await conform([...failing(), '--report', 'json'], {
      env: { ...env, GITHUB_ACTIONS: 'true' },
    });
    expect(JSON.parse(run.stdout).receivers[0].checks[0]).toMatchObject({ id: 'SIG-11' });
  });

  test.each([
    [['--report', 'json', '--report', 'tap'], '--report json, tap: standard output holds one of them'],
    [['--report', 'html=FOLDER/x', '--report', 'tap=FOLDER/./x'], 'x: this file would be written twice'],
    [['--report', 'html=FOLDER/x', '--write-baseline', 'FOLDER/x'], 'x: this file would be written twice'],
    [['--report', 'json=FOLDER/in.json', '--webhook', 'FOLDER/in.json'], 'also reads that file'],
    [['--report', 'json=FOLDER/in.json', '--baseline', 'FOLDER/in.json'], 'also reads that file'],
    [['--write-baseline', 'FOLDER/in.json', '--log-file', 'FOLDER/in.json'], 'also reads that file'],
    [['--write-baseline', 'FOLDER/none/x'], 'the folder to write it into does not exist'],
  ])('%j would lose something, and nothing is sent', async (flags, message) => {
    await folder.write('in.json', flags.includes('--baseline') ? '[]' : '{}');
    const there = flags.map((flag) => flag.replace('FOLDER', folder.path));
    const run = await conform(['--to', 'http://127.0.0.1:9/', ...there]);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain(message);
  });

  test('share standard output where people read them, and any device', async () => {
    const many = [
      '--report',
      'text',
      '--report',
      'github',
      '--report',
      'json=/dev/null',
      '--report',
      'tap=/dev/null',
    ];
    expect(await conform([...quick(), ...many])).toMatchObject({ code: 0 });
  });

  test('on GitHub are annotations in the log, and a job summary', async () => {
    const summary = await folder.write('summary.md', 'before\n');
    const github = { ...env, GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary };
    const run = await conform(failing(), { env: github });
    const annotations = run.stdout.split('\n').filter((line) => line.startsWith('::'));
    expect(timeless(annotations.join('\n'))).toMatchInlineSnapshot(`
      "::error title=SIG-11 Other algorithms and labels::labelled v0: status 200: only an oracle can tell whether it acted%0Aexpected: refuses a digest labelled v0 with a 4xx status and does nothing%0Abasis: Persona requires it (graded here: must); Persona, Webhook Best Practices: checking signatures; Stripe, verifying signatures: downgrade%0Acause: the algorithm follows from the label or the digest's length, or \`v0\`, \`v2\` are read too%0Afix: accept HMAC-SHA256 under \`v1\`, and nothing else%0Apage: https://github.com/hookcast/hookcast/blob/main/docs/checks/sig.md#sig-11%0Arepeat: hookcast conform --to http://127.0.0.1:PORT/webhooks --only SIG-11 --seed 7
      ::notice title=hookcast conform::127.0.0.1:PORT: 1 needs oracle"
    `);
    const page = await readFile(summary, 'utf8');
    const port = /(127&#46;0&#46;0&#46;1&#58;)\d+/g;
    expect(page.replace(port, '$1PORT').replace(/seed 7, .*\.$/m, 'seed 7, TIME.')).toMatchInlineSnapshot(`
      "before
      # Conformance

      Profile core, seed 7, TIME.

      | receiver | ✓ pass | ~ not strict | i info | ✗ fail | ! error | - skipped | ? needs oracle |
      | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
      | 127&#46;0&#46;0&#46;1&#58;PORT | 0 | 0 | 0 | 0 | 0 | 0 | 1 |

      ## 127&#46;0&#46;0&#46;1&#58;PORT

      Receiver: http&#58;//127&#46;0&#46;0&#46;1&#58;PORT/webhooks

      <details>
      <summary>? needs oracle: SIG-11 Other algorithms and labels</summary>

      - sent: the right digest labelled v0 and v2; SHA-1, SHA-512, MD5 and base64 in v1
      - expected: refuses a digest labelled v0 with a 4xx status and does nothing
      - actual: labelled v0&#58; status 200&#58; only an oracle can tell whether it acted
      - basis: Persona requires it (graded here&#58; must)
      - source: Persona, Webhook Best Practices&#58; checking signatures; Stripe, verifying signatures&#58; downgrade
      - cause: the algorithm follows from the label or the digest's length, or &#96;v0&#96;, &#96;v2&#96; are read too
      - fix: accept HMAC-SHA256 under &#96;v1&#96;, and nothing else
      - page: https&#58;//github&#46;com/hookcast/hookcast/blob/main/docs/checks/sig&#46;md&#35;sig-11
      - repeat: <code>hookcast conform --to http&#58;//127&#46;0&#46;0&#46;1&#58;PORT/webhooks --only SIG-11 --seed 7</code>

      </details>
      "
    `);
  });

  test('--save writes bodies and scripts that send them', async () => {
    const target = join(folder.path, 'saved');
    await conform([...failing(), '--save', target]);
    const [receiver = ''] = await readdir(target);
    const files = await readdir(join(target, receiver));
    expect(files).toEqual(expect.arrayContaining(['SIG-11-1.body', 'SIG-11-1.sh']));
    const read = (name: string) => readFile(join(target, receiver, name), 'utf8');
    expect(JSON.parse(await read('SIG-11-1.body'))).toHaveProperty('data.id');
    const script = (await read('SIG-11-1.sh')).replace(/t=\d+,v1=\w+/, 'SIGNATURE');
    expect(timeless(script).replace(/: \d+'/g, ": N'")).toMatchInlineSnapshot(`
      "#!/bin/sh
      # control before
      cd "$(dirname "$0")"
      curl -i -X POST 'http://127.0.0.1:PORT/webhooks' \\
        -H 'Content-Type: application/json; charset=utf-8' \\
        -H 'User-Agent: hookcast' \\
        -H 'Persona-Signature: SIGNATURE' \\
        -H 'Persona-Webhook-Attempts-Made: N' \\
        -H 'Persona-Webhook-Attempts-Left: N' \\
        -H 'Persona-Webhook-First-Attempted-At: N' \\
        --data-binary @SIG-11-1.body
      "
    `);
  });
});

function reprinted(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return '';
  }
}

test('the diagnosis of a receiver that signs re-serialised JSON fits 24 lines of 80 columns', async () => {
  await using receiver = await httpServer((request, response: ServerResponse) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const signed = reprinted(Buffer.concat(parts).toString());
      const isRight = String(request.headers['persona-signature'])
        .split(' ')
        .some((set) => {
          const [, t = '', v1] = /^t=(\d+),v1=(.*)$/.exec(set) ?? [];
          return createHmac('sha256', MODEL_SECRET).update(`${t}.${signed}`).digest('hex') === v1;
        });
      response.writeHead(isRight ? 200 : 401).end(isRight ? 'ok' : 'bad signature');
    });
  });
  const run = await conform(['--to', new URL('/webhooks', receiver.url).href, '--seed', '7']);
  const lines = run.stdout.trimEnd().split('\n');
  const screenLines = lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / 80)), 0);
  expect(screenLines, run.stdout).toBeLessThanOrEqual(24);
  expect(report(run)).toMatchInlineSnapshot(`
    "Conformance: profile core, seed N, TIME

    127.0.0.1:PORT  http://127.0.0.1:PORT/webhooks

      Diagnosis: your receiver expects an HMAC of the body after JSON.parse and
                 JSON.stringify (verify the bytes that arrived, before parsing)

      Therefore these 6 checks fail (each in full: --verbose):
        RAW-01 SIG-04 RAW-02 RAW-04 ENV-01 ENV-09
          fix       take the raw bytes before a parser does (\`express.raw\`,
                    \`get_data()\`), and verify those
          page
          https://github.com/hookcast/hookcast/blob/main/docs/checks/raw.md#raw-01
          repeat    hookcast conform --to http://127.0.0.1:PORT/webhooks \\
                    --only RAW-01 --seed N

      40 checks: 6 failed, 34 pass
      Diagnosis: your receiver expects an HMAC of the body after JSON.parse and
                 JSON.stringify (verify the bytes that arrived, before parsing)
    exit code 1
    "
  `);
});

test('the report on a receiver that verifies nothing begins and ends with the diagnosis', async () => {
  await using receiver = await httpServer((_, response: ServerResponse) => response.end());
  const run = await conform(['--to', receiver.url.href, '--only', 'ACK-01,SIG-0*', '--seed', '7']);
  expect(report(run)).toMatchInlineSnapshot(`
    "Conformance: profile core, seed N, TIME

    127.0.0.1:PORT  http://127.0.0.1:PORT/hook?a=1&b=%2F

      Diagnosis: your receiver accepted all 14 forged events: it does not check the
                 signature

      Therefore these 7 checks fail (each in full: --verbose):
        SIG-01 SIG-02 SIG-03 SIG-04 SIG-05 SIG-06 SIG-07
          fix       refuse with 401 when the header is missing
          page
          https://github.com/hookcast/hookcast/blob/main/docs/checks/sig.md#sig-01
          repeat    hookcast conform --to 'http://127.0.0.1:PORT/hook?a=1&b=%2F' \\
                    --only SIG-01 --seed N

      ? SIG-08   Over-long or non-hex v1
          seen      10 kB: status 200: only an oracle can tell whether it acted
          expected  refuses a v1 that cannot be a digest with a 4xx status and does
                    nothing
          cause     \`timingSafeEqual\` throws when lengths differ, and nobody catches
                    it: 5xx or a crash
          fix       check the length before \`timingSafeEqual\`, and answer 401 when
                    it differs
          basis     general practice, not a requirement of Persona's (graded here:
                    must)
          page
          https://github.com/hookcast/hookcast/blob/main/docs/checks/sig.md#sig-08
          repeat    hookcast conform --to 'http://127.0.0.1:PORT/hook?a=1&b=%2F' \\
                    --only SIG-08 --seed N

      ? marks a forged event that your receiver accepted: answer 4xx, or prove with
      --oracle-url that nothing was done.
      What went over the wire: --verbose; as curl lines: --save <folder>

      Not judged
        ? give --oracle-url or --oracle-cmd:
            SIG-09

      10 checks: 8 failed, 1 pass, 1 needs oracle
      Diagnosis: your receiver accepted all 14 forged events: it does not check the
                 signature
    exit code 1
    "
  `);
});

test('--explain prints the page of a check', async () => {
  const run = await conform(['--explain', 'SIG-08']);
  const [facts = '', page = ''] = run.stdout.split(/^(?=## The fix)/m);
  expect(facts).toMatchInlineSnapshot(`
    "SIG-08 Over-long or non-hex v1
      sends     a v1 of 65 digits, of 10 kB, of an odd count of digits, of letters that are not hex, of emoji
      requires  refuses with a 4xx status, does not break, and accepts the next genuine event
      basis     general practice, not a requirement of Persona's (graded here: must); comparing in constant time throws for unequal lengths in several languages
      cause     \`timingSafeEqual\` throws when lengths differ, and nobody catches it: 5xx or a crash
      fix       check the length before \`timingSafeEqual\`, and answer 401 when it differs
      page      https://github.com/hookcast/hookcast/blob/main/docs/checks/sig.md#sig-08

    "
  `);
  expect(await readFile('docs/checks/sig.md', 'utf8')).toContain(page.trim());
});

test('--list --json lists the checks for programs', async () => {
  const run = await conform(['--list', '--json']);
  const rows = JSON.parse(run.stdout) as { id: string }[];
  expect(rows[0]).toMatchObject({ id: 'ACK-01', level: 'must', needs: [] });
  expect((await conform(['--list', '--report', 'json'])).stdout).toBe(run.stdout);
});

test('a run with the baseline that --write-baseline wrote passes', async () => {
  const path = join(folder.path, 'written.json');
  const first = await conform([...failing(), '--write-baseline', path]);
  expect(first).toMatchObject({ code: 1, stderr: `written: ${path}\n` });
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(['SIG-11']);
  expect((await conform([...failing(), '--baseline', path])).code).toBe(0);
});

test('--quiet still prints a report that was asked for', async () => {
  const run = await conform([...quick(), '--quiet', '--report', 'json']);
  expect(JSON.parse(run.stdout)).toMatchObject({ seed: 7 });
});

test('--report takes the format from the ending of the file', async () => {
  const path = join(folder.path, 'by-ending.html');
  const run = await conform([...quick(), '--report', path]);
  expect(run.stderr).toBe(`written: ${path}\n`);
  // The page itself: test/report.
  expect(await readFile(path, 'utf8')).toMatch(/^<!doctype html>/);
});

test('the help fits 80 columns and has examples', async () => {
  const { stdout } = await conform(['--help']);
  const [options = '', examples] = stdout.split('Examples:');
  expect(options.split('\n').filter((line) => line.length > 80)).toEqual([]);
  expect(examples).toMatchInlineSnapshot(`
    "
      $ hookcast conform --to http://localhost:3000/webhooks
      $ hookcast conform --to http://localhost:3000/webhooks --profile strict \\
          --report html=report.html
      $ hookcast conform --to http://localhost:3000/webhooks --only SIG-04 \\
          --seed 7 --verbose
      $ hookcast conform --to http://localhost:3000/webhooks --watch src
      $ hookcast conform --to old=http://localhost:3000/a \\
          --to new=http://localhost:3000/b
      $ hookcast conform --to http://localhost:3000/webhooks \\
          --oracle-url http://localhost:3000/processed
      $ hookcast conform --explain SIG-04
      $ hookcast conform --list

    Exit codes: 0 conformant, 1 not, 2 wrong usage, 3 the run broke (receiver down,
    unusable oracle), 130 Ctrl-C.

    Docs: docs/conformance.md

    "
  `);
});
