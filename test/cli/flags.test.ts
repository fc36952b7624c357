import { beforeAll, describe, expect, test } from 'vitest';
import { runCli } from '../helpers/run-cli.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const to = ['--to', 'http://127.0.0.1:1/'];
const send = ['send', 'inquiry.approved', ...to];

describe('a useless value is exit code 2, before anything happens', () => {
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
  ])('%j', async (argv, message) => {
    expect(await runCli(argv)).toEqual({ code: 2, stdout: '', stderr: `error: ${message}\n` });
  });

  test.each(['Jan 5', '-5', '01/31/2026', '2026', '2026-02-30', '2026-01-31T12:00:00'])(
    '--at=%s',
    async (text) => {
      const run = await runCli(['show', 'inquiry.approved', `--at=${text}`]);
      expect(run).toMatchObject({ code: 2, stdout: '' });
      expect(run.stderr).toMatch(
        /^error: --at .*: expected a time like 2026-01-31T12:00:00Z, or unix seconds/,
      );
    },
  );

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    '%s is treated as an ordinary name',
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
      if (name !== '__proto__') expect(run.stdout).toContain('but it is not there');
    },
  );
});

describe('output that is an input', () => {
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
    for (const output of ['new.ndjson', '..new.ndjson']) {
      const inFolder = await runCli(['export', folder.path, '--output', `${folder.path}/${output}`]);
      expect(inFolder.stderr).toContain('which is one of the sources');
    }
    expect(await readFile(source, 'utf8')).toBe(line);
  });

  test('a fault of the source keeps the old output, and is the one that is named', async () => {
    const { readFile, readdir } = await import('node:fs/promises');
    await using folder = await temporaryFolder();
    const source = await folder.write('bad.ndjson', `${line}not json\n`);
    const output = await folder.write('keep.out', 'old');
    const run = await runCli(['export', source, '--output', output]);
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('bad.ndjson');
    expect(run.stderr).not.toContain('keep.out');
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
  const { stdout } = await runCli(['show', 'inquiry.approved', '--secret', 'wbhsec_1', ...flags]);
  expect(stdout).toContain('Authorization: [secret]\nX-Api-Key: [secret]\nX-Team: kyc\n');
  expect(stdout).not.toMatch(/Bearer|key-of-the-team/);
});
