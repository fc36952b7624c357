import { execFile } from 'node:child_process';
import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { CommandContext } from '../../src/cli/context.ts';
import { createProgram } from '../../src/cli/program.ts';
import { findProject } from '../../src/cli/project/find.ts';
import { PROJECT_KEYS, isProjectKey } from '../../src/cli/project/keys.ts';
import { startReceiver } from '../../src/receiver/start-receiver.ts';
import { DEVELOPMENT_SECRET, Secret } from '../../src/signing/secret.ts';
import { runCli } from '../helpers/run-cli.ts';
import { BIN } from '../helpers/spawn-cli.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const run = promisify(execFile);
const SECRET = 'wbhsec_abcdefgh-1234-5678-9ijk-lmnopqrstuvw';
const NOWHERE = 'http://127.0.0.1:9/';

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
async function shown(project: Awaited<ReturnType<typeof projectWith>>, argv: string[] = [], env = {}) {
  const { stdout, stderr, code } = await project.runCli(['show', 'inquiry.approved', ...argv], env);
  return code === 0 ? (/^POST (\S+)/m.exec(stdout)?.[1] ?? stdout) : stderr;
}

describe('where the file is', () => {
  test('in the folder, or above it up to the root of the repository, and no further', async () => {
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

  test('outside of a repository only the folder itself counts', async () => {
    await using folder = await temporaryFolder();
    await folder.write('hookcast.json', '{}');
    await mkdir(join(folder.path, 'inner'));
    expect(findProject(folder.path)).toBe(join(folder.path, 'hookcast.json'));
    expect(findProject(join(folder.path, 'inner'))).toBeUndefined();
  });

  test('the built command finds it from a folder below, paths start at the file, and --no-config ignores it', async () => {
    await using folder = await temporaryFolder();
    const root = await realpath(folder.path);
    const below = join(root, 'below');
    await mkdir(below);
    await mkdir(join(root, '.git'));
    await folder.write(
      'policy.json',
      JSON.stringify({ name: 'mine', 'timeout-ms': 1000, 'accepted-statuses': [200], 'delays-seconds': [7] }),
    );
    await folder.write('hookcast.json', JSON.stringify({ policy: './policy.json' }));
    const schedule = (...argv: string[]) =>
      run(process.execPath, [BIN, 'schedule', ...argv], { cwd: below }).then(({ stdout }) => stdout);
    expect(await schedule()).toContain('mine');
    expect(await schedule('--no-config')).not.toContain('mine');
    expect(await schedule('--policy', 'persona-2026')).toContain('persona-2026');
  });
});

describe('which value wins', () => {
  test('the flag, then the environment, then the file', async () => {
    await using project = await projectWith({ to: 'http://127.0.0.1:9/file' });
    const env = { HOOKCAST_URL: 'http://127.0.0.1:9/environment' };
    expect(await shown(project)).toBe('/file');
    expect(await shown(project, [], { HOOKCAST_URL: '' })).toBe('/file');
    expect(await shown(project, [], env)).toBe('/environment');
    expect(await shown(project, ['--to', 'http://127.0.0.1:9/flag'], env)).toBe('/flag');
  });

  test("the url of the file's webhook comes after all of these, that of --webhook before the environment", async () => {
    await using project = await projectWith({ to: 'http://127.0.0.1:9/file', webhook: 'webhook.json' });
    await using other = await projectWith({ webhook: 'webhook.json' });
    const path = await project.folder.write(
      'webhook.json',
      JSON.stringify({ url: 'http://127.0.0.1:9/webhook' }),
    );
    await other.folder.write('webhook.json', JSON.stringify({ url: 'http://127.0.0.1:9/webhook' }));
    const env = { HOOKCAST_URL: 'http://127.0.0.1:9/environment' };
    expect(await shown(project)).toBe('/file');
    expect(await shown(project, [], env)).toBe('/environment');
    expect(await shown(other)).toBe('/webhook');
    expect(await shown(other, [], env)).toBe('/environment');
    expect(await shown(project, ['--webhook', path], env)).toBe('/webhook');
  });

  test('one oracle on the command line replaces the other kind in the file', async () => {
    await using project = await projectWith({ to: NOWHERE, 'oracle-cmd': 'exit 1', skip: ['SIG-04'] });
    const oracle = ['--oracle-url', 'http://127.0.0.1:9/'];
    const both = await project.runCli(['conform', '--dry-run', ...oracle]);
    expect(both).toMatchObject({ code: 0, stderr: '' });
    expect(both.stdout).not.toContain('SIG-04');
    expect(both.stdout).toContain('IDEM-02');
    const only = await project.runCli(['conform', '--dry-run', '--only', 'SIG-04']);
    expect(only.stdout).toContain('SIG-04');
  });

  test('the profile of the file holds, and that of the command line wins', async () => {
    await using project = await projectWith({ to: NOWHERE, profile: 'load' });
    expect((await project.runCli(['conform', '--dry-run'])).stdout).toContain('LOAD-01');
    expect((await project.runCli(['conform', '--dry-run', '--profile', 'core'])).stdout).not.toContain(
      'LOAD-01',
    );
  });
});

describe('what is sent', () => {
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

  test('a variable that is not set is named', async () => {
    await using receiver = await startReceiver({ secrets: [new Secret(DEVELOPMENT_SECRET)] });
    await using project = await projectWith({ to: receiver.url, secret: { env: 'MY_SECRET' } });
    const { stderr } = await project.runCli(['send', 'inquiry.approved']);
    expect(stderr).toContain(`warning: ${project.path}: secret: the variable MY_SECRET is not set\n`);
  });

  test('goes into the journal that the file names, beside the file', async () => {
    await using receiver = await startReceiver({ secrets: [new Secret(DEVELOPMENT_SECRET)] });
    await using project = await projectWith({ to: receiver.url, journal: 'deliveries.db' });
    expect(await project.runCli(['send', 'inquiry.approved'])).toMatchObject({ code: 0 });
    const { stdout } = await runCli(['deliveries', '--journal', join(project.folder.path, 'deliveries.db')]);
    expect(stdout).toContain('inquiry.approved');
    expect((await project.runCli(['deliveries'])).stdout).toBe(stdout);
  });
});

describe('a fault in the file', () => {
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

  test('a value that only the command can check is reported with the name of the file', async () => {
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

  test('a command without a flag of the file does not read it', async () => {
    const { stderr, code } = await runCli(['events', '--config', 'none.json']);
    expect(code).toBe(2);
    expect(stderr).toContain("unknown option '--config'");
  });
});

test('every key is the flag of a command', async () => {
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

test('doctor names the file', async () => {
  await using project = await projectWith({ to: NOWHERE });
  const { stdout } = await project.runCli(['doctor']);
  expect(stdout).toContain(`✓ project     ${project.path}\n`);
  expect((await runCli(['doctor', '--to', NOWHERE, '--no-config'])).stdout).toContain(
    '- project     no hookcast.json is used\n',
  );
});
