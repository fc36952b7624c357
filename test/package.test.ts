import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { Secret } from '../src/signing/secret.ts';
import { startReceiver } from '../src/receiver/start-receiver.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
const bin = fileURLToPath(new URL('../bin/hookcast.js', import.meta.url));
const SECRET = 'wbhsec_abcdefgh-1234-5678-9ijk-lmnopqrstuvw';

test('the build is there (npm test makes it first)', () => {
  expect(existsSync(new URL('../dist/index.js', import.meta.url))).toBe(true);
});

describe('the real binary', () => {
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

  test('loads no HTTP client for a command that sends nothing', async () => {
    expect(await modulesOf(['events'])).not.toContain('/undici/');
    expect(await modulesOf(['send', '--help'])).toContain('/undici/');
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

/** The modules that a command line loads, one URL a line. */
async function modulesOf(argv: readonly string[]): Promise<string> {
  const hook = 'export const load=(url,context,next)=>{process._rawDebug(url);return next(url,context)}';
  const registration = `import{register}from"node:module";register("data:text/javascript,${hook}")`;
  const flags = ['--import', `data:text/javascript,${registration}`];
  return (await run(process.execPath, [...flags, bin, ...argv])).stderr;
}

test('the package holds what it needs and nothing else', async () => {
  const { stdout } = await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: root });
  const [{ files }] = JSON.parse(stdout) as [{ files: { path: string }[] }];
  const folders = new Set(files.map(({ path }) => path.split('/')[0]));
  expect([...folders].sort()).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'bin',
    'dist',
    'fixtures',
    'package.json',
  ]);
  const paths = files.map(({ path }) => path);
  expect(paths).toEqual(
    expect.arrayContaining([
      'dist/index.js',
      'dist/index.d.ts',
      'bin/hookcast.js',
      'fixtures/inquiry.approved.json',
    ]),
  );
});
