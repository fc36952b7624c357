import { createHmac } from 'node:crypto';
import { appendFile, chmod, readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli } from '../helpers/run-cli.ts';
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
const stable = (text: string) =>
  text.replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT').replace(/\b\d+(\.\d+)? m?s$/gm, 'TIME');
const baseline = (...ids: string[]) => folder.write('baseline.json', JSON.stringify(ids));

/** Commands in one line. */
const unbroken = (text: string) => text.replace(/ \\\n +/g, ' ');

describe('a run', () => {
  test('conformant: exit code 0, and every check by name', async () => {
    const run = await conform(quick());
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(stable(run.stdout)).toMatchInlineSnapshot(`
      "Conformance: profile core, seed 7, TIME

      127.0.0.1:PORT  http://127.0.0.1:PORT/webhooks

        ACK  acknowledging
          ✓ ACK-01   Genuine event is acknowledged

        SIG  signature
          ✓ SIG-02   Wrong secret

        2 checks: 2 pass
      "
    `);
  });

  test('failing: exit code 1, what was expected, what came, and the command that repeats it', async () => {
    const run = await conform(failing());
    expect(run.code).toBe(1);
    for (const part of [
      '  ? SIG-11   Other algorithms and labels\n',
      '      expected  refuses a digest labelled v0 with a 4xx status and does nothing\n',
      '      seen      labelled v0: status 200: only an oracle can tell whether it\n',
      '  ? marks a forged event that your receiver accepted: answer 4xx, or prove',
      `      repeat    hookcast conform --to ${bad.url} --only SIG-11 --seed 7\n`,
      '  1 check: 1 failed\n',
    ]) {
      expect(unbroken(run.stdout)).toContain(part);
    }
  });

  test('a receiver that refuses genuine events: the diagnosis comes first', async () => {
    const run = await conform([...quick(), '--secret', 'wbhsec_00000000-1111-2222-3333-444444444444']);
    expect(run.code).toBe(1);
    expect(run.stdout).toMatch(/^Conformance: .*\n\n.*\n\n {2}Diagnosis: your receiver refuses everything/);
    expect(run.stdout).toContain('2 checks: 1 failed, 1 not run');
  });

  test('the repeat command has the flags that matter, and no secret', async () => {
    const webhook = await folder.write('my webhook.json', JSON.stringify({ secret: MODEL_SECRET }));
    const flags = ['--webhook', webhook, '--tolerance', '60', '--strict', '--profile', 'strict'];
    const run = await conform([...failing(), ...flags], { env: {} });
    expect(unbroken(run.stdout)).toContain(
      `--only SIG-11 --seed 7 --webhook '${webhook}' --tolerance 60 --strict\n`,
    );
    expect(run.stdout + run.stderr).not.toContain(MODEL_SECRET);
  });

  test('a seed repeats, and is told', async () => {
    const { stdout } = await conform(['--to', good.url, '--only', 'ACK-01']);
    expect(stdout).toMatch(/^Conformance: profile core, seed \d+, /);
  });

  test('the secret of a webhook file, and its URL', async () => {
    const file = await folder.write('webhook.json', JSON.stringify({ url: good.url, secret: MODEL_SECRET }));
    const run = await conform(['--webhook', file, '--only', 'ACK-01'], { env: {} });
    expect(run).toMatchObject({ code: 0, stderr: '' });
  });

  test('no secret: the development secret, by name; an odd one is told', async () => {
    const run = await conform(quick(), { env: {} });
    expect(run.stderr).toMatch(/^no secret given: development secret wbhsec_/);
    const odd = await conform([...quick(), '--secret', `${MODEL_SECRET} `]);
    expect(odd.stderr).toContain('warning: the secret has white space around it');
  });

  test('several receivers side by side', async () => {
    const run = await conform(['--to', `good=${good.url}`, '--to', `bad=${bad.url}`, '--only', 'SIG-11']);
    expect(run.code).toBe(1);
    expect(run.stdout).toContain(`\ngood  ${good.url}\n`);
    expect(run.stdout).toContain(`\nbad  ${bad.url}\n`);
  });

  test('--quiet prints nothing', async () => {
    expect(await conform([...quick(), '--quiet'])).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  test('on a terminal a line of progress moves, and is wiped', async () => {
    const { stderr } = await conform(quick(), { stderrIsTty: true });
    const frames = stderr.split('\r\u001b[2K');
    expect(frames[1]).toMatch(/^\[-{24}\] 0 of 2 {2}127\.0\.0\.1:\d+ {2}ACK-01 Genuine/);
    expect(frames[2]).toMatch(/^\[############------------\] 1 of 2 {2}127\.0\.0\.1:\d+ {2}ACK-01 Genuine/);
    expect(frames.every((frame) => frame.length < 80)).toBe(true);
    expect(frames.at(-1)).toBe('');
  });

  test('Ctrl-C: exit code 130, no verdict on what it interrupted', async () => {
    const controller = new AbortController();
    await using receiver = await httpServer((_, response: ServerResponse) => {
      response.end(() => controller.abort());
    });
    const argv = ['--to', receiver.url.href, '--only', 'ACK-08,SIG-02'];
    const run = await conform(argv, { interrupted: controller.signal });
    expect(run.code).toBe(130);
    expect(run.stderr).toBe('warning: interrupted: the report has only what was done by then\n');
    expect(run.stdout).not.toContain('✗');
    expect(run.stdout).toMatch(/\n {2}interrupted after \d of 2 checks/);
  });

  test('a green run says what it did not ask', async () => {
    const { stdout } = await conform(['--to', good.url, '--profile', 'core']);
    expect(stdout.slice(stdout.indexOf('\n  40 checks'))).toMatchInlineSnapshot(`
      "
        40 checks: 40 pass
        40 of 106 checks (core). Not asked: whether a duplicate is processed once,
        whether an older event overwrites a newer state (both need --oracle-url); 40
        that are not musts: --profile strict
      "
    `);
  });

  test("--log-file: the receiver's log is read as it is", async () => {
    const log = await folder.write('app.log', 'received an event\n');
    const run = await conform(['--to', good.url, '--only', 'SEC-03', '--log-file', log]);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toContain('  1 check: 1 pass\n');
  });

  test('--open opens the HTML report; without a program for that, says where it is', async () => {
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

describe('mistakes are said before anything is sent', () => {
  let target: TestServer;
  let requests = 0;

  beforeAll(async () => {
    target = await httpServer((_, response) => {
      requests += 1;
      response.end();
    });
  });

  afterAll(() => target[Symbol.asyncDispose]());

  test.each<[string[], string]>([
    [['--only', 'SIG-99'], "unknown check 'SIG-99'; did you mean SIG-09"],
    [['--only', 'SIG', '--skip', 'SIG'], 'no check is left: --skip SIG takes out all that were chosen'],
    [['--report', 'htlm=r.html'], "unknown report format 'htlm'; did you mean html?\nFormats: text, html,"],
    [['--report', 'html='], "--report 'html=': expected a file, e.g. html=report.html"],
    [
      ['--report', 'html=no/such/folder.html'],
      'no/such/folder.html: there is no such folder to write it into',
    ],
    [['--report', 'html=.'], '.: this is a folder, not a file'],
    [['--save', 'package.json/x'], 'package.json/x: a file stands where its folder should be'],
    [['--save', 'package.json'], 'package.json: a file of that name stands in its place'],
    [['--log-file', 'none.log'], 'none.log: there is no such file'],
    [['--wait-for', 'soon'], '--wait-for soon: expected a duration such as 30s or 2m'],
    [['--hook', 'reboot=x'], "--hook 'reboot=x': expected <name>=<command>, the name one of create,"],
    [['--hook', 'restart'], "--hook 'restart': expected <name>=<command>"],
    [['--oracle-url', 'localhost:3000'], '--oracle-url localhost:3000: expected a URL that starts with http'],
    [
      ['--oracle-url', 'http://x/', '--oracle-cmd', 'x'],
      '--oracle-url and --oracle-cmd: one oracle is enough',
    ],
    [['--profile', 'quick'], '--profile quick: expected one of core, strict, probe, soak, load'],
    [['--baseline', 'none.json'], 'none.json: there is no such file'],
  ])('%j', async (argv, message) => {
    requests = 0;
    const run = await conform(['--to', target.url.href, ...argv]);
    expect(run.stderr).toContain(message);
    expect({ code: run.code, stdout: run.stdout, requests }).toEqual({ code: 2, stdout: '', requests: 0 });
  });

  test.each<[string[], string]>([
    [[], 'no receiver given: pass --to http://localhost:3000/webhooks (or set HOOKCAST_URL)'],
    [['--to', 'localhost:3000'], 'did you mean http://localhost:3000?'],
    [['--to', 'mine=localhost:3000'], 'did you mean http://localhost:3000?'],
    [['--to', 'http://8.8.8.8/'], '8.8.8.8 is not on this machine or a private network'],
    [
      ['--to', 'http://localhost:1/a', '--to', 'http://localhost:1/b'],
      '--to: two receivers are called localhost:1; name them: --to a=http://… --to b=http://…',
    ],
  ])('%j', async (argv, message) => {
    const run = await conform(argv);
    expect(run.stderr).toContain(message);
    expect(run).toMatchObject({ code: 2, stdout: '' });
  });
});

describe('--watch', () => {
  /** Ends like Ctrl-C after so many reports. */
  function rounds(count: number, betweenRounds: () => unknown) {
    const controller = new AbortController();
    let seen = 0;
    const onOutput = (stdout: string) => {
      const reports = stdout.match(/^Conformance:/gm)?.length ?? 0;
      if (reports === seen) return;
      seen = reports;
      if (reports < count) setImmediate(betweenRounds);
      else controller.abort();
    };
    return { interrupted: controller.signal, onOutput };
  }

  test('a file that changes: the run is repeated', async () => {
    const source = await folder.write('source.js', '1');
    const run = await conform(
      [...quick(), '--watch', source],
      rounds(2, () => appendFile(source, '2')),
    );
    expect(run).toMatchObject({
      code: 130,
      stderr: `watching: the run is repeated after a change; Ctrl-C ends it\n\n${source} changed\nwarning: interrupted: the report has only what was done by then\n`,
    });
  });

  test('a receiver that goes away and comes back: the run is repeated', async () => {
    const server = await httpServer((request, response) => {
      request.resume();
      response.end();
    });
    const { port, url } = server;
    const again = createServer((request, response) => {
      request.resume();
      response.end();
    });
    const restart = async () => {
      await server[Symbol.asyncDispose]();
      // Away for much longer than it takes to look at it once, on a busy machine, too.
      setTimeout(() => again.listen(port, '127.0.0.1'), 3_000);
    };
    const argv = ['--to', url.href, '--only', 'ACK-08', '--watch'];
    const run = await conform(
      argv,
      rounds(2, () => void restart()),
    );
    expect(run.code).toBe(130);
    expect(run.stderr).toContain('\nthe receiver is back\n');
    again.closeAllConnections();
    again.close();
  });

  test('a path that is not there is told before anything is sent', async () => {
    const run = await conform([...quick(), '--watch', 'no-such-folder']);
    expect(run).toMatchObject({
      code: 2,
      stdout: '',
      stderr: 'error: no-such-folder: there is no such file or folder\n',
    });
  });
});

describe('when the run breaks: exit code 3', () => {
  test('a receiver that is down, in one sentence', async () => {
    expect(await conform(['--to', 'http://127.0.0.1:1/'])).toEqual({
      code: 3,
      stdout: '',
      stderr:
        'error: no connection to 127.0.0.1:1 (nothing listens there); is your receiver running? ' +
        '--wait-for 30s waits for it\n',
    });
  });

  test('--wait-for waits for it, and no longer than it says', async () => {
    const port = new URL(good.url).port;
    await using later = await httpServer(() => undefined);
    const free = later.port;
    await later[Symbol.asyncDispose]();
    const down = await conform(['--to', `http://127.0.0.1:${free}/`, '--wait-for', '1ms']);
    expect(down.stderr).toContain(
      `no connection to 127.0.0.1:${free} within 0.001 s (nothing listens there)`,
    );
    const server = createServer((_, response) => response.end());
    const waiting = conform(['--to', `http://127.0.0.1:${free}/`, '--only', 'ACK-08', '--wait-for', '10s']);
    server.listen(free, '127.0.0.1');
    expect((await waiting).code).toBe(0);
    server.closeAllConnections();
    server.close();
    expect(port).not.toBe(String(free));
  });

  test('an oracle that talks nonsense: the member is named', async () => {
    await using oracle = await httpServer((_, response) => response.end('{"evt_1": {"processed": "once"}}'));
    const run = await conform([...quick(), '--oracle-url', oracle.url.href]);
    expect(run).toMatchObject({ code: 3, stdout: '' });
    expect(stable(run.stderr)).toMatchInlineSnapshot(`
      "error: the oracle http://127.0.0.1:PORT/hook?a=1&b=%2F: at evt_1.processed: expected a number, found "once"
      "
    `);
  });

  test('what an oracle command writes on stderr is escaped', async () => {
    const command = "printf '\\033[31mno table\\n' >&2; exit 4";
    const run = await conform([...quick(), '--oracle-cmd', command]);
    expect(run).toMatchObject({ code: 3, stdout: '' });
    expect(run.stderr).toContain('expected exit code 0, found 4 (\\u001b[31mno table)');
    expect(run.stderr).not.toContain('\u001b');
  });

  test('a hook that fails', async () => {
    const run = await conform(['--to', good.url, '--only', 'ACK-09', '--hook', 'restart=exit 4']);
    expect(run).toMatchObject({ code: 3, stdout: '' });
    expect(run.stderr).toContain("error: the hook restart: 'exit 4' ended with exit code 4");
  });
});

describe('what would run', () => {
  test('--list: all checks, no receiver needed', async () => {
    const run = await conform(['--list']);
    expect(run.code).toBe(0);
    expect(run.stdout).toMatch(/^id +level +title +needs\nACK-01 +must +Genuine event is acknowledged\n/);
    expect(run.stdout).toMatch(/\n\n\d+ checks \(ACK: acknowledging, SIG: signature, /);
  });

  test('--dry-run: those of the selection; with an oracle those of probe', async () => {
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
    const probe = await conform(['--dry-run', '--oracle-cmd', 'true']);
    expect(probe.stdout).toContain('IDEM-02');
  });
});

describe('a baseline', () => {
  test('known failures: exit code 0, said in the report', async () => {
    const run = await conform([...failing(), '--baseline', await baseline('SIG-11')]);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toContain('  1 check: 1 known to fail\n');
  });

  test('one that passes now is to be taken out, unless another receiver still fails it', async () => {
    const known = ['--baseline', await baseline('SIG-11', 'SIG-98')];
    const alone = await conform(['--to', good.url, '--only', 'SIG-11', ...known]);
    expect(alone.code).toBe(0);
    expect(alone.stderr).toContain('there is no check SIG-98\n');
    expect(alone.stderr).toContain('warning: SIG-11 passes now: remove it from the baseline');
    const both = await conform(['--to', good.url, '--to', bad.url, '--only', 'SIG-11', ...known]);
    expect(both.stderr).not.toContain('passes now');
  });
});

describe('reports', () => {
  test('files, any number of them', async () => {
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

  test('without a file: on stdout, and nothing else there', async () => {
    const run = await conform([...failing(), '--report', 'json'], {
      env: { ...env, GITHUB_ACTIONS: 'true' },
    });
    expect(JSON.parse(run.stdout).receivers[0].checks[0]).toMatchObject({ id: 'SIG-11' });
  });

  test('on GitHub: annotations in the log, and the job summary', async () => {
    const summary = await folder.write('summary.md', 'before\n');
    const github = { ...env, GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary };
    const run = await conform(failing(), { env: github });
    expect(run.stdout).toMatch(/^::error title=SIG-11 Other algorithms and labels::labelled v0/m);
    expect(await readFile(summary, 'utf8')).toMatch(/^before\n# Conformance\n/);
  });

  test('--save: bodies, and scripts that send them', async () => {
    const target = join(folder.path, 'saved');
    await conform([...failing(), '--save', target]);
    const [receiver = ''] = await readdir(target);
    const files = await readdir(join(target, receiver));
    expect(files).toEqual(expect.arrayContaining(['SIG-11-1.body', 'SIG-11-1.sh']));
    const read = (name: string) => readFile(join(target, receiver, name), 'utf8');
    expect(JSON.parse(await read('SIG-11-1.body'))).toHaveProperty('data.id');
    const script = (await read('SIG-11-1.sh')).replace(/t=\d+,v1=\w+/, 'SIGNATURE');
    expect(stable(script).replace(/: \d+'/g, ": N'")).toMatchInlineSnapshot(`
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

test('a receiver that signs re-serialised JSON: the whole output fits 24 lines of 80 columns', async () => {
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
  expect(run.code).toBe(1);
  const lines = run.stdout.trimEnd().split('\n');
  const screenLines = lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / 80)), 0);
  expect(screenLines, run.stdout).toBeLessThanOrEqual(24);
  const sentence = 'your receiver expects an HMAC of the body after JSON.parse and';
  expect(lines.filter((line) => line.includes(`Diagnosis: ${sentence}`))).toHaveLength(2);
  expect(lines.slice(7, 10)).toEqual([
    '  Therefore these 6 checks fail (each in full: --verbose):',
    '    RAW-01 SIG-04 RAW-02 RAW-04 ENV-01 ENV-09',
    '      fix       take the raw bytes before a parser does (`express.raw`,',
  ]);
  expect(lines).toContain('  40 checks: 6 failed, 34 pass');
});

test('a receiver that verifies nothing is told so, first and last', async () => {
  await using receiver = await httpServer((_, response: ServerResponse) => response.end());
  const run = await conform(['--to', receiver.url.href, '--only', 'ACK-01,SIG-0*', '--seed', '7']);
  const sentence =
    /Diagnosis: your receiver accepted all \d+ forged events: it does not check the signature/g;
  expect(run.stdout.replace(/\n +/g, ' ').match(sentence)).toHaveLength(2);
});

test('--explain says offline what a check asks and how to mend it', async () => {
  const run = await conform(['--explain', 'SIG-08']);
  expect(run).toMatchObject({ code: 0, stderr: '' });
  expect(run.stdout).toMatch(/^SIG-08 Over-long or non-hex v1\n {2}sends /);
  expect(run.stdout).toContain('docs/checks/sig.md#sig-08\n');
  expect(run.stdout).toContain('\n## The fix\n');
});

test('--list --json is for test suites', async () => {
  const run = await conform(['--list', '--json']);
  const rows = JSON.parse(run.stdout) as { id: string }[];
  expect(rows[0]).toMatchObject({ id: 'ACK-01', level: 'must', needs: [] });
  expect((await conform(['--list', '--report', 'json'])).stdout).toBe(run.stdout);
});

test('--write-baseline writes what fails; a run with it is green', async () => {
  const path = join(folder.path, 'written.json');
  const first = await conform([...failing(), '--write-baseline', path]);
  expect(first).toMatchObject({ code: 1, stderr: `written: ${path}\n` });
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(['SIG-11']);
  expect((await conform([...failing(), '--baseline', path])).code).toBe(0);
});

test('--quiet prints a report that was asked for', async () => {
  const run = await conform([...quick(), '--quiet', '--report', 'json']);
  expect(JSON.parse(run.stdout)).toMatchObject({ seed: 7 });
});

test('--report takes the format from the ending of the file', async () => {
  const path = join(folder.path, 'by-ending.html');
  const run = await conform([...quick(), '--report', path]);
  expect(run.stderr).toBe(`written: ${path}\n`);
  expect(await readFile(path, 'utf8')).toMatch(/^<!doctype html>/);
  expect((await conform([...quick(), '--report', 'out.foo'])).stderr).toContain('did you mean html=out.foo?');
});

test('the help fits 80 columns and has examples', async () => {
  const { stdout } = await conform(['--help']);
  expect(stdout).toContain('Examples:\n  $ hookcast conform --to ');
  const options = stdout.slice(0, stdout.indexOf('Examples:'));
  expect(options.split('\n').filter((line) => line.length > 80)).toEqual([]);
});
