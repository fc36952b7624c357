import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CommandContext } from '../../src/cli/context.ts';
import { createProgram } from '../../src/cli/program.ts';
import { findProject } from '../../src/cli/project/find.ts';
import { PROJECT_KEYS, isProjectKey } from '../../src/cli/project/keys.ts';
import { startReceiver } from '../../src/receiver/start-receiver.ts';
import { DEVELOPMENT_SECRET, Secret } from '../../src/signing/sign.ts';
import { runCli, shown } from '../helpers/run-cli.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const SECRET = 'wbhsec_abcdefgh-1234-5678-9ijk-lmnopqrstuvw';
const NOWHERE = 'http://127.0.0.1:9/';
const NODE = { [process.versions.node]: 'VERSION' };

async function projectWith(content: unknown) {
  const folder = await temporaryFolder();
  const path = await folder.write('hookcast.json', JSON.stringify(content));
  return {
    path,
    folder,
    runCli: (argv: string[], env: Record<string, string> = {}) =>
      runCli([...argv, '--config', path], { env }),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

/** The path of the URL that `show` would send to, or the error. */
async function pathOf(project: Awaited<ReturnType<typeof projectWith>>, argv: string[] = [], env = {}) {
  const { stdout, stderr, code } = await project.runCli(['show', 'inquiry.approved', ...argv], env);
  return code === 0 ? (/^POST (\S+)/m.exec(stdout)?.[1] ?? stdout) : stderr;
}

/** The ids of the checks that `conform` would run. */
async function checksOf(project: Awaited<ReturnType<typeof projectWith>>, argv: string[] = []) {
  const { stdout } = await project.runCli(['conform', '--dry-run', '--json', ...argv]);
  return (JSON.parse(stdout) as { id: string }[]).map(({ id }) => id);
}

describe('the project file is looked for', () => {
  test('in the folder, and above it up to the root of the repository', async () => {
    await using outer = await temporaryFolder();
    const repository = join(outer.path, 'repository');
    const inner = join(repository, 'a', 'b');
    await mkdir(inner, { recursive: true });
    await outer.write('hookcast.json', '{}');
    expect(findProject(inner)).toBeUndefined();
    await mkdir(join(repository, '.git'));
    expect(findProject(inner)).toBeUndefined();
    await outer.write('repository/hookcast.json', '{}');
    expect(findProject(inner)).toBe(join(repository, 'hookcast.json'));
    await outer.write('repository/a/hookcast.json', '{}');
    expect(findProject(inner)).toBe(join(repository, 'a', 'hookcast.json'));
  });

  test('in the folder alone where there is no repository', async () => {
    await using folder = await temporaryFolder();
    await folder.write('hookcast.json', '{}');
    await mkdir(join(folder.path, 'inner'));
    expect(findProject(folder.path)).toBe(join(folder.path, 'hookcast.json'));
    expect(findProject(join(folder.path, 'inner'))).toBeUndefined();
  });
});

describe('of several values', () => {
  test('the flag wins over the environment, and that over the file', async () => {
    await using project = await projectWith({ to: 'http://127.0.0.1:9/file' });
    const env = { HOOKCAST_URL: 'http://127.0.0.1:9/environment' };
    expect(await pathOf(project)).toBe('/file');
    expect(await pathOf(project, [], { HOOKCAST_URL: '' })).toBe('/file');
    expect(await pathOf(project, [], env)).toBe('/environment');
    expect(await pathOf(project, ['--to', 'http://127.0.0.1:9/flag'], env)).toBe('/flag');
  });

  test("the url of the file's webhook comes last, and that of --webhook before the environment", async () => {
    await using project = await projectWith({ to: 'http://127.0.0.1:9/file', webhook: 'webhook.json' });
    await using other = await projectWith({ webhook: 'webhook.json' });
    const path = await project.folder.write(
      'webhook.json',
      JSON.stringify({ url: 'http://127.0.0.1:9/webhook' }),
    );
    await other.folder.write('webhook.json', JSON.stringify({ url: 'http://127.0.0.1:9/webhook' }));
    const env = { HOOKCAST_URL: 'http://127.0.0.1:9/environment' };
    expect(await pathOf(project)).toBe('/file');
    expect(await pathOf(project, [], env)).toBe('/environment');
    expect(await pathOf(other)).toBe('/webhook');
    expect(await pathOf(other, [], env)).toBe('/environment');
    expect(await pathOf(project, ['--webhook', path], env)).toBe('/webhook');
  });

  test('an oracle on the command line replaces one of the other kind in the file', async () => {
    await using project = await projectWith({ to: NOWHERE, 'oracle-cmd': 'exit 1', skip: ['SIG-04'] });
    const oracle = ['--oracle-url', 'http://127.0.0.1:9/'];
    const ids = await checksOf(project, oracle);
    expect(ids).not.toContain('SIG-04');
    expect(ids).toContain('IDEM-02');
    expect(await checksOf(project, ['--only', 'SIG-04'])).toEqual(['SIG-04']);
  });

  test('the profile of the command line wins over that of the file', async () => {
    await using project = await projectWith({ to: NOWHERE, profile: 'load' });
    expect(await checksOf(project)).toEqual(['LOAD-01', 'LOAD-02', 'LOAD-03']);
    expect(await checksOf(project, ['--profile', 'core'])).not.toContain('LOAD-01');
  });
});

describe('a delivery', () => {
  test('is signed with the variable that the file names', async () => {
    await using receiver = await startReceiver({ secrets: [new Secret(SECRET)], script: [] });
    await using project = await projectWith({
      to: receiver.url,
      secret: { env: 'MY_SECRET' },
      'time-scale': 'instant',
    });
    const { code, stderr } = await project.runCli(['send', 'inquiry.approved'], { MY_SECRET: SECRET });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(receiver.received.map(({ verification }) => verification.kind)).toEqual(['valid']);
  });

  test('comes with a warning when the variable is not set', async () => {
    await using receiver = await startReceiver({ secrets: [new Secret(DEVELOPMENT_SECRET)] });
    await using project = await projectWith({ to: receiver.url, secret: { env: 'MY_SECRET' } });
    const run = await project.runCli(['send', 'inquiry.approved']);
    expect(shown(run, { [project.path]: 'PROJECT' })).toMatchInlineSnapshot(`
      "inquiry.approved  evt_ID
        to http://127.0.0.1:PORT/
        1 of 9  T+TIME  ✓ 200 OK (N ms)
      completed after 1 attempt
      warning: PROJECT: secret: the variable MY_SECRET is not set
      signing with the development secret wbhsec_00000000-dead-4000-8000-00000000beef: give it to your receiver, or pass --secret
      exit code 0
      "
    `);
  });

  test('goes into the journal that the file names, beside the file', async () => {
    await using receiver = await startReceiver({ secrets: [new Secret(DEVELOPMENT_SECRET)] });
    await using project = await projectWith({ to: receiver.url, journal: 'deliveries.db' });
    expect(await project.runCli(['send', 'inquiry.approved'])).toMatchObject({ code: 0 });
    const there = await runCli(['deliveries', '--journal', join(project.folder.path, 'deliveries.db')]);
    expect(shown(there)).toMatchInlineSnapshot(`
      "id  state      tries  next  event             event id
      d1  completed  1/9    -     inquiry.approved  evt_ID
      exit code 0
      "
    `);
    expect(await project.runCli(['deliveries'])).toEqual(there);
  });
});

describe('a fault in the file is reported:', () => {
  const faults: [string, unknown, string][] = [
    [
      'an unknown key',
      { timescale: '1h=1s' },
      'at timescale: expected no such member, found "1h=1s" (did you mean time-scale?)',
    ],
    [
      'a literal secret',
      { secret: SECRET },
      'at secret: expected {"env": "PERSONA_WEBHOOK_SECRET"}, the name of a variable, found something else (not shown, in case it is the secret) (this file is committed: keep the secret itself in the environment)',
    ],
    [
      'a secret for a variable',
      { secret: { env: SECRET } },
      'at secret: expected {"env": "PERSONA_WEBHOOK_SECRET"}, the name of a variable, found something else (not shown, in case it is the secret) (this file is committed: keep the secret itself in the environment)',
    ],
    [
      'a wrong value',
      { to: 'localhost:3000' },
      'at to: expected a URL that starts with http:// or https://, found "localhost:3000"',
    ],
  ];
  test.each(faults)('%s', async (_, content, message) => {
    await using project = await projectWith(content);
    const { code, stderr, stdout } = await project.runCli(['send', 'inquiry.approved']);
    expect({ code, stderr, stdout }).toEqual({
      code: 2,
      stderr: `error: ${project.path}: ${message}\n`,
      stdout: '',
    });
  });

  test('a value that only the command can check', async () => {
    await using project = await projectWith({
      to: NOWHERE,
      webhook: ['a.json', 'b.json'],
      policy: 'persona-2222',
    });
    const { code, stderr } = await project.runCli(['conform']);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `error: ${project.path}: webhook: conform takes one; pass it with --webhook\n`,
    });
  });

  test('a file that is not there', async () => {
    const { code, stderr } = await runCli(['send', 'inquiry.approved', '--config', 'none.json']);
    expect({ code, stderr }).toEqual({ code: 2, stderr: 'error: none.json: there is no such file\n' });
  });

  test('but not by a command that takes nothing from the file', async () => {
    expect(shown(await runCli(['events', '--config', 'none.json']))).toMatchInlineSnapshot(`
      "error: unknown option '--config'
      (see: hookcast events --help)
      exit code 2
      "
    `);
  });
});

test('every key of the file is a flag of a command', async () => {
  const output = { write: () => undefined, isTty: false, columns: 80 };
  const io = {
    stdout: output,
    stderr: output,
    env: {},
    colorLevel: 0,
    interrupted: new AbortController().signal,
  };
  const context = new CommandContext({ ...io, colorLevel: 0, interrupt: () => undefined });
  const { commands } = await createProgram([], context);
  const all = await createProgram(
    commands.map((command) => command.name()),
    context,
  );
  const names = all.commands.flatMap((command) =>
    command.options.map(({ long }) => long?.slice(2)).filter((name) => isProjectKey(name, command.name())),
  );
  expect(new Set(names)).toEqual(new Set(PROJECT_KEYS));
});

test('doctor names the project file', async () => {
  await using project = await projectWith({ to: NOWHERE });
  expect(shown(await project.runCli(['doctor']), { [project.path]: 'PROJECT', ...NODE }))
    .toMatchInlineSnapshot(`
      "✓ Node        VERSION
      ✓ project     PROJECT
      ! secret      none is given: events are signed with the development secret wbhsec_00000000-dead-4000-8000-00000000beef
                    → pass --secret, or set PERSONA_WEBHOOK_SECRET, to the secret that your receiver knows
      ✓ name        127.0.0.1 is an address
      ✗ connection  127.0.0.1: connection refused
                    → start your server: nothing listens on port 9. In a container, localhost is the container itself, and host.docker.internal is the machine
      - TLS         there is no connection
      - path        there is no connection
      - clock       there is no connection
      - event       there is no connection
      exit code 1
      "
    `);
  expect(shown(await runCli(['doctor', '--to', NOWHERE, '--no-config']), NODE)).toMatchInlineSnapshot(`
    "✓ Node        VERSION
    - project     no hookcast.json is used
    ! secret      none is given: events are signed with the development secret wbhsec_00000000-dead-4000-8000-00000000beef
                  → pass --secret, or set PERSONA_WEBHOOK_SECRET, to the secret that your receiver knows
    ✓ name        127.0.0.1 is an address
    ✗ connection  127.0.0.1: connection refused
                  → start your server: nothing listens on port 9. In a container, localhost is the container itself, and host.docker.internal is the machine
    - TLS         there is no connection
    - path        there is no connection
    - clock       there is no connection
    - event       there is no connection
    exit code 1
    "
  `);
});
