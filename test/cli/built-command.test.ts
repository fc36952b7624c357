import { execFile, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, realpath } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Client } from 'undici';
import { describe, expect, test } from 'vitest';
import { startReceiver } from '../../src/receiver/start-receiver.ts';
import { Secret } from '../../src/signing/sign.ts';
import { runCli } from '../helpers/run-cli.ts';
import { BIN as bin } from '../helpers/spawn-cli.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const run = promisify(execFile);
/** Nothing listens on the port that discards. */
const NOBODY = 'http://127.0.0.1:9';
const SECRET = 'wbhsec_abcdefgh-1234-5678-9ijk-lmnopqrstuvw';

describe('the built command', () => {
  test.each([
    { argv: ['--version'], loaded: [] },
    { argv: ['--help'], loaded: [] },
    { argv: ['schedule'], loaded: [] },
    { argv: ['events'], loaded: [] },
    { argv: ['send', '--help'], loaded: [] },
    { argv: ['serve', '--help'], loaded: [] },
    { argv: ['send', 'inquiry.approved', '--to', NOBODY, '--time-scale', 'instant'], loaded: ['undici'] },
    { argv: ['send', 'inquiry.approved', '--webhook', 'none.json'], loaded: ['zod'] },
  ])('$argv loads of the HTTP client and the schemas: $loaded', async ({ argv, loaded }) => {
    const modules = await modulesOf(argv);
    expect(['undici', 'zod'].filter((name) => modules.includes(`/dist/command/${name}-`))).toEqual(loaded);
    expect(modules).not.toContain('/node_modules/');
  });

  test('a sending command is in few files', async () => {
    const modules = await modulesOf(['send', 'inquiry.approved', '--to', NOBODY, '--time-scale', 'instant']);
    const names = [...modules.matchAll(/\/dist\/command\/([a-z-]+?)(?:-[\w-]{8})?\.cjs/g)].map(
      ([, name]) => name,
    );
    expect(names).toEqual(['start', 'version', 'main', 'rolldown-runtime', 'sending', 'undici']);
  });

  test('a sending command loads no builtin that its request does not need', async () => {
    const listing = `process.on('exit', () => process._rawDebug(process.moduleLoadList.join('\\n')));`;
    const script = `${listing} require(${JSON.stringify(bin)});`;
    const send = ['hookcast', 'send', 'inquiry.approved', '--to', NOBODY, '--time-scale', 'instant'];
    const failure = await run(process.execPath, ['-e', script, ...send]).catch((error: unknown) => error);
    const { stderr } = failure as { stderr: string };
    const builtins = [...stderr.matchAll(/^NativeModule (\S+)$/gm)].map(([, name]) => name);
    expect(builtins).toEqual(expect.arrayContaining(['net', 'crypto']));
    for (const name of ['http', 'http2', 'fs/promises', 'child_process'])
      expect(builtins).not.toContain(name);
  });

  test.skipIf(process.platform === 'win32')(
    'recordings come through a pipe as they do from a file',
    async () => {
      await using folder = await temporaryFolder();
      const path = await folder.write(
        'event.json',
        '{"data":{"type":"event","id":"evt_SampLeSampLeSampLeSampL1","attributes":{"name":"inquiry.approved"}}}',
      );
      const fromFile = await run(process.execPath, [bin, 'export', path]);
      const script = 'mkfifo "$2" && { cat "$1" > "$2" & } && exec "$0" "$3" export "$2"';
      const pipe = `${folder.path}/pipe`;
      const fromPipe = await run('sh', ['-c', script, process.execPath, path, pipe, bin]);
      expect(fromPipe.stdout).toBe(fromFile.stdout);
    },
  );

  test('every part of it is code that this Node understands', () => {
    const require = createRequire(import.meta.url);
    const folder = fileURLToPath(new URL('../../dist/command', import.meta.url));
    const files = readdirSync(folder);
    for (const file of files) require(join(folder, file));
    expect(files).toContain('start.cjs');
  });

  test.each(['--version', '-V'])('%s says what commander says, and the manifest', async (flag) => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect((await run(process.execPath, [bin, flag])).stdout).toBe(`${version}\n`);
    expect(await runCli([flag])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  test('has the Client that undici exports', () => {
    const require = createRequire(import.meta.url);
    expect(require('undici/lib/dispatcher/client.js')).toBe(Client);
  });

  test('stops at Ctrl-C with exit code 130 and keeps what it printed', async () => {
    await using receiver = await startReceiver({
      secrets: [new Secret(SECRET)],
      script: [{ kind: 'status', status: 500, delayMs: 0 }],
    });
    const argv = [bin, 'send', 'inquiry.approved', '--to', receiver.url, '--secret', SECRET];
    const ended = new Promise((resolve) => {
      const child = execFile(process.execPath, argv, (error, stdout) =>
        resolve({ code: error?.code, stdout }),
      );
      child.stdout?.on('data', (text: string) => {
        if (text.includes('next in')) child.kill('SIGINT');
      });
    });
    expect(await ended).toMatchObject({
      code: 130,
      stdout: expect.stringContaining('cancelled after 1 attempt'),
    });
  });

  test('takes - for its standard input', () => {
    const BODY = '{"n":100.0}\r\n';
    const signed = piped(['sign', '-', '--at', '1764686826'], {}, BODY);
    expect(signed.status, signed.stderr).toBe(0);
    const verified = piped(['verify', '-', '--ignore-time', '--signature', signed.stdout.trim()], {}, BODY);
    expect(verified.stdout).toMatchInlineSnapshot(`
      "valid: signed at 2025-12-02T14:47:06Z
      "
    `);
  });

  test('looks for the project file, resolves paths from it, and obeys --no-config', async () => {
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
      run(process.execPath, [bin, 'schedule', ...argv], { cwd: below }).then(({ stdout }) => stdout);
    const policyOf = (text: string) => text.split('\n')[0];
    expect(policyOf(await schedule())).toMatchInlineSnapshot(`"mine: 1 s per attempt, accepted: 200"`);
    expect(policyOf(await schedule('--no-config'))).toMatchInlineSnapshot(
      `"persona-2022: 5 s per attempt, accepted: 200"`,
    );
    expect(policyOf(await schedule('--policy', 'persona-2026'))).toMatchInlineSnapshot(
      `"persona-2026: 5 s per attempt, accepted: 200, 201, 202, 204"`,
    );
  });
});

/** The files that a command line loads, one a line. */
async function modulesOf(argv: readonly string[]): Promise<string> {
  const listing = 'process.on("exit",()=>process._rawDebug(Object.keys(module._cache).join("\\n")))';
  const flags = ['--import', `data:text/javascript,import module from"node:module";${listing}`];
  const { stderr } = await run(process.execPath, [...flags, bin, ...argv]).catch(
    (error: unknown) => error as { stderr: string },
  );
  return stderr.replaceAll('\\', '/');
}

/** The built command with stdout in a pipe. */
function piped(argv: readonly string[], env: Record<string, string>, input?: string) {
  return spawnSync(process.execPath, [bin, ...argv], {
    // Vitest sets what colours its own output.
    env: { ...process.env, FORCE_COLOR: undefined, NO_COLOR: undefined, ...env },
    encoding: 'utf8',
    ...(input === undefined ? {} : { input }),
  });
}

describe('colours in a pipe', () => {
  test.each([
    ['none', {}, false],
    ['FORCE_COLOR=1', { FORCE_COLOR: '1' }, true],
    ['FORCE_COLOR=0', { FORCE_COLOR: '0' }, false],
    ['NO_COLOR=1 and FORCE_COLOR=1', { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
  ] as [string, Record<string, string>, boolean][])('%s', (_, env, isColoured) => {
    const { stdout, status } = piped(['events', 'inquiry.approved'], env);
    expect(status).toBe(0);
    expect(stdout.includes('\u001b[')).toBe(isColoured);
  });
});
