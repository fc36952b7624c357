import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Client } from 'undici';
import { describe, expect, test } from 'vitest';
import { bundledFixtures } from '../src/fixture/files.ts';
import { loadFixture } from '../src/fixture/load.ts';
import { Secret } from '../src/signing/sign.ts';
import { startReceiver } from '../src/receiver/start-receiver.ts';

import { expectSame } from './helpers/expect-same.ts';
import { runCli } from './helpers/run-cli.ts';
import { partOf } from './helpers/sample.ts';
import { SEED } from './helpers/seed.ts';

const run = promisify(execFile);
const bin = fileURLToPath(new URL('../bin/hookcast.js', import.meta.url));
/** Nothing listens on the port that discards. */
const NOBODY = 'http://127.0.0.1:9';
const SECRET = 'wbhsec_abcdefgh-1234-5678-9ijk-lmnopqrstuvw';

test('the build is there (npm test makes it first)', () => {
  expect(existsSync(new URL('../dist/library/index.js', import.meta.url))).toBe(true);
});

describe('the built command', () => {
  test('delivers, prints plain text without a terminal, and ends with the right exit code', async () => {
    await using receiver = await startReceiver({ secrets: [new Secret(SECRET)] });
    const argv = [bin, 'send', 'inquiry.approved', '--to', receiver.url, '--secret', SECRET];
    const { stdout } = await run(process.execPath, argv, {
      env: { ...process.env, FORCE_COLOR: '3', NO_COLOR: '1' },
    });
    expect(stdout).toContain('completed after 1 attempt\n');
    expect(stdout).not.toContain('\u001b');
    expect(receiver.received[0]?.verification.kind).toBe('valid');
  });

  test('reports a mistake on stderr with exit code 2', async () => {
    const failure = await run(process.execPath, [bin, 'send', 'nonsense']).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 2, stdout: '' });
  });

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

  test('every part of it is code that this Node understands', () => {
    const require = createRequire(import.meta.url);
    const folder = fileURLToPath(new URL('../dist/command', import.meta.url));
    const files = readdirSync(folder);
    for (const file of files) require(join(folder, file));
    expect(files).toContain('start.cjs');
  });

  test.each(['--version', '-V'])('%s says what commander says, and the manifest', async (flag) => {
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
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

test('the build puts fixtures together to the byte', async () => {
  const built = bundledFixtures();
  const names = partOf(built.names, { part: SEED, of: 4 });
  const directory = fileURLToPath(new URL('../dist/fixtures', import.meta.url));
  const [sources, resolved] = await Promise.all(
    [undefined, directory].map((resolvedDirectory) =>
      Promise.all(names.map((name) => loadFixture(name, { ...built, resolvedDirectory }))),
    ),
  );
  expectSame(resolved, sources);
});
