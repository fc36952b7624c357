import { readdir } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { runCli, session, shown } from '../helpers/run-cli.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const to = ['--to', 'http://127.0.0.1:1/'];
const send = ['send', 'inquiry.approved', ...to];

describe('flags that need another', () => {
  const RECORDING = ['export', 'redis://127.0.0.1:1', '--queue', 'q', '--redis-patience', '1ms'];

  test.each([
    [['--queue', 'q'], {}, ['--queue does nothing without --redis']],
    [['--redis-patience', '1s'], {}, ['--redis-patience does nothing without --redis']],
    [['--store-secrets'], {}, ['--store-secrets does nothing without --journal or --redis']],
    [['--store-secrets'], { HOOKCAST_JOURNAL: 'FOLDER/j.db' }, []],
    [['--store-secrets', '--journal', 'FOLDER/j.db'], {}, []],
    [[], {}, []],
  ])('warn without it: %j %j', async (flags, env, warnings) => {
    await using folder = await temporaryFolder();
    const there = (text: string) => text.replace('FOLDER', folder.path);
    const environment = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, there(value)]));
    const argv = [...send, '--time-scale', 'instant', ...flags.map(there)];
    const { stderr } = await runCli(argv, { env: environment });
    expect(stderr.split('\n').filter((line) => line.startsWith('warning: --'))).toEqual(
      warnings.map((warning) => `warning: ${warning}`),
    );
  });

  test('say nothing where an argument is the queue', async () => {
    expect((await runCli(RECORDING)).stderr).not.toContain('does nothing');
  });

  test.each([send, ['scenario', 'quickstart', ...to]])(
    'a journal beside a queue is refused before it is made: %s',
    async (...argv) => {
      await using folder = await temporaryFolder();
      const both = ['--journal', `${folder.path}/j.db`, '--redis', 'redis://127.0.0.1:1'];
      expect(await runCli([...argv, ...both])).toMatchObject({
        code: 2,
        stderr: 'error: --journal needs a run in this process; leave out either it or --redis\n',
      });
      expect(await readdir(folder.path)).toEqual([]);
    },
  );
});

test('more workers than files can be opened is a matter of the workers', async () => {
  const run = await runCli(['load', ...to, '--workers', '10000000']);
  expect(run.code).toBe(2);
  expect(run.stderr).toMatch(
    /^error: --workers 10000000 needs \d+ files of its own, .*one worker for each core/,
  );
});

describe('a value that cannot be used is refused with exit code 2', () => {
  test.each([
    [
      [...send, '--secret', ''],
      '--secret is empty; is PERSONA_WEBHOOK_SECRET set?\n(see: hookcast send --help)',
    ],
    [
      ['conform', ...to, '--secret', ''],
      '--secret is empty; is PERSONA_WEBHOOK_SECRET set?\n(see: hookcast conform --help)',
    ],
    [['listen', '--host', ''], '--host is empty\n(see: hookcast listen --help)'],
    [
      ['listen', '--port', '65536'],
      '--port 65536: expected a whole number from 0 to 65535\n(see: hookcast listen --help)',
    ],
    [
      ['record', '--port', 'abc', ...to],
      '--port abc: expected a whole number from 0 to 65535\n(see: hookcast record --help)',
    ],
    [[...send, '--journal', ''], '--journal is empty; is HOOKCAST_JOURNAL set?\n(see: hookcast send --help)'],
    [
      [...send, '--seed', '٣'],
      '--seed ٣: expected a whole number from 0 to 4294967295\n(see: hookcast send --help)',
    ],
    [
      ['load', ...to, '--count', '99999999999999999999'],
      '--count 99999999999999999999: expected a whole number from 1 to 1000000000000\n(see: hookcast load --help)',
    ],
    [
      ['load', ...to, '--reorder', '999999999999'],
      '--reorder 999999999999: expected a whole number from 1 to 10000000\n(see: hookcast load --help)',
    ],
    [
      [...send, '--header', 'Authorization Bearer abc'],
      `--header: expected 'name: value', with a colon\n(see: hookcast send --help)`,
    ],
    [
      [...send, '--api-version', '2026-09-29'],
      "--api-version 2026-09-29: newer than this hookcast knows (its newest is 2025-12-08); fixtures of that version can be made with 'hookcast fixtures import'\n(see: hookcast send --help)",
    ],
    [
      [...send, '--keep', '--at', '2026-01-31'],
      '--keep keeps the times of the fixture, and --at sets them; choose one',
    ],
    [
      ['send', 'inquiry.created', 'inquiry.approved', ...to, '--id', 'evt_abc'],
      "--id evt_abc: an event's id is unique, and these are 2 events",
    ],
    [
      ['send', 'account.created', ...to, '--id', 'inq_abc'],
      '--id inq_abc: not the kind of object that account.created is about',
    ],
    [['send', 'inquiry.approved', 'http://a/'], `'http://a/' is a URL: pass it as --to http://a/`],
    [
      ['send', 'inquiry.*', ...to],
      "'inquiry.*' is a pattern, and events are sent by name; patterns are for: hookcast events 'inquiry.*', and hookcast load --mix 'inquiry.*'",
    ],
    [
      [...send, '--set', 'constructor.x=1'],
      '--set constructor.x: the path matches nothing. A new attribute is added with --add',
    ],
    [
      ['load', ...to, '--report', 'x.constructor'],
      "--report x.constructor: the file's ending names no format; did you mean html=x.constructor?",
    ],
  ])('in %j', async (argv, message) => {
    expect(await runCli(argv)).toEqual({ code: 2, stdout: '', stderr: `error: ${message}\n` });
  });

  test('in --at', async () => {
    const times = ['Jan 5', '-5', '01/31/2026', '2026', '2026-02-30', '2026-01-31T12:00:00'];
    const lines = times.map((time) => ['show', 'inquiry.approved', `--at=${time}`]);
    expect(await session(lines)).toMatchInlineSnapshot(`
      "$ hookcast show inquiry.approved '--at=Jan 5'
      error: --at Jan 5: expected a time like 2026-01-31T12:00:00Z, or unix seconds
      (see: hookcast show --help)
      exit code 2
      $ hookcast show inquiry.approved --at=-5
      error: --at -5: expected a time like 2026-01-31T12:00:00Z, or unix seconds
      (see: hookcast show --help)
      exit code 2
      $ hookcast show inquiry.approved --at=01/31/2026
      error: --at 01/31/2026: expected a time like 2026-01-31T12:00:00Z, or unix seconds
      (see: hookcast show --help)
      exit code 2
      $ hookcast show inquiry.approved --at=2026
      error: --at 2026: expected a time like 2026-01-31T12:00:00Z, or unix seconds
      (see: hookcast show --help)
      exit code 2
      $ hookcast show inquiry.approved --at=2026-02-30
      error: --at 2026-02-30: expected a time like 2026-01-31T12:00:00Z, or unix seconds
      (see: hookcast show --help)
      exit code 2
      $ hookcast show inquiry.approved --at=2026-01-31T12:00:00
      error: --at 2026-01-31T12:00:00: expected a time like 2026-01-31T12:00:00Z, or unix seconds; add Z for UTC, or an offset such as +09:00
      (see: hookcast show --help)
      exit code 2
      "
    `);
  });

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'also where a name is %s',
    async (name) => {
      await using folder = await temporaryFolder();
      const filter = JSON.stringify({ 'payload-filter': { data: { attributes: { [name]: 'x' } } } });
      const file = await folder.write('w.json', filter);
      for (const argv of [
        ['send', name, ...to],
        ['scenario', name, ...to],
        [...send, '--policy', name],
        [...send, '--add', `${name}.x=1`],
        [...send, '--remove', name],
        [...send, '--block', `/${name}/attributes/x`],
        ['load', ...to, '--mix', `${name}=1`],
        ['conform', ...to, '--report', name],
        ['conform', ...to, '--only', name],
        ['listen', '--respond', name],
      ])
        expect(await runCli(argv)).toMatchObject({ code: 2, stdout: '' });
      const run = await runCli(['explain', 'inquiry.approved', '--webhook', file]);
      expect(run.code).toBe(0);
      // JSON.stringify leaves out a member __proto__, so that filter asks for nothing.
      const asked = `: the payload-filter asks for data.attributes.${name} = "x", but it is not there`;
      const verdict = name === '__proto__' ? 'would deliver' : `would skip${asked}`;
      expect(/^would .*$/m.exec(run.stdout)?.[0]).toBe(verdict);
    },
  );
});

describe('an output that is an input', () => {
  let line: string;
  beforeAll(async () => {
    await using folder = await temporaryFolder();
    const body = await folder.write('a.http', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}');
    line = (await runCli(['export', body])).stdout;
  });

  test('is refused in every spelling, and the source stays', async () => {
    const { link, mkdir, readFile, symlink } = await import('node:fs/promises');
    await using folder = await temporaryFolder();
    const source = await folder.write('rec.ndjson', line);
    await symlink(source, `${folder.path}/symbolic`);
    await link(source, `${folder.path}/hard`);
    await mkdir(`${folder.path}/sub`);
    for (const output of ['rec.ndjson', 'sub/../rec.ndjson', 'symbolic', 'hard']) {
      const run = await runCli(['export', source, '--output', `${folder.path}/${output}`]);
      expect(run).toEqual({
        ...{ code: 2, stdout: '' },
        stderr: `error: --output ${folder.path}/${output}: it is one of the sources\n`,
      });
    }
    const told: string[] = [];
    for (const output of ['new.ndjson', '..new.ndjson']) {
      const inFolder = await runCli(['export', folder.path, '--output', `${folder.path}/${output}`]);
      expect(inFolder).toMatchObject({ code: 2, stdout: '' });
      told.push(inFolder.stderr.replaceAll(folder.path, 'FOLDER'));
    }
    expect(told.join('')).toMatchInlineSnapshot(`
      "error: --output FOLDER/new.ndjson: it is in the folder FOLDER, which is one of the sources
      error: --output FOLDER/..new.ndjson: it is in the folder FOLDER, which is one of the sources
      "
    `);
    expect(await readFile(source, 'utf8')).toBe(line);
  });

  test('keeps what it holds when the source has a fault', async () => {
    const { readFile, readdir } = await import('node:fs/promises');
    await using folder = await temporaryFolder();
    const source = await folder.write('bad.ndjson', `${line}not json\n`);
    const output = await folder.write('keep.out', 'old');
    const run = await runCli(['export', source, '--output', output]);
    expect(shown(run, { [folder.path]: 'FOLDER' })).toMatchInlineSnapshot(`
      "error: FOLDER/bad.ndjson: at line 2: expected a JSON object, found text that is not JSON
      exit code 2
      "
    `);
    expect(await readFile(output, 'utf8')).toBe('old');
    expect((await readdir(folder.path)).sort()).toEqual(['bad.ndjson', 'keep.out']);
  });

  test('can be read by its owner only', async () => {
    const { stat } = await import('node:fs/promises');
    await using folder = await temporaryFolder();
    const source = await folder.write('rec.ndjson', line);
    await runCli(['export', source, '--output', `${folder.path}/out.ndjson`]);
    expect((await stat(`${folder.path}/out.ndjson`)).mode & 0o777).toBe(0o600);
  });
});

test('show hides credentials', async () => {
  const flags = [
    '--header',
    'Authorization: Bearer abc',
    '--header',
    'X-Api-Key: key-of-the-team',
    '--header',
    'X-Team: kyc',
  ];
  const argv = ['show', 'inquiry.approved', '--secret', 'wbhsec_1', '--seed', '1', '--at', '1769860800'];
  const { stdout } = await runCli([...argv, ...flags]);
  expect(stdout).not.toMatch(/Bearer|key-of-the-team/);
  const [head, , curl] = stdout.split('\n\n');
  expect([head, curl].join('\n\n')).toMatchInlineSnapshot(`
    "POST /webhooks HTTP/1.1
    Host: localhost:3000
    Content-Type: application/json; charset=utf-8
    Content-Length: 26369
    User-Agent: hookcast
    Persona-Signature: t=1769860800,v1=c5a10c2d3cb1d667bf5222ec2bd574b625aa7773354ee595d3dd67c4e1898571
    Persona-Webhook-Attempts-Made: 1
    Persona-Webhook-Attempts-Left: 8
    Persona-Webhook-First-Attempted-At: 1769860800
    Authorization: [secret]
    X-Api-Key: [secret]
    X-Team: kyc

    curl 'http://localhost:3000/webhooks' \\
      -H 'Content-Type: application/json; charset=utf-8' \\
      -H 'User-Agent: hookcast' \\
      -H 'Persona-Signature: t=1769860800,v1=c5a10c2d3cb1d667bf5222ec2bd574b625aa7773354ee595d3dd67c4e1898571' \\
      -H 'Persona-Webhook-Attempts-Made: 1' \\
      -H 'Persona-Webhook-Attempts-Left: 8' \\
      -H 'Persona-Webhook-First-Attempted-At: 1769860800' \\
      -H 'Authorization: [secret]' \\
      -H 'X-Api-Key: [secret]' \\
      -H 'X-Team: kyc' \\
      --data-binary @body.json
    "
  `);
});
