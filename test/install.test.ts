import { execFile } from 'node:child_process';
import { lstat, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from './helpers/temporary-folder.ts';

const execute = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
const LIMIT_MS = 180_000;

/** What a new user downloads, in bytes on disk without padding. */
const MOST_BYTES = 15_000_000;

describe('from an empty folder', () => {
  test('npm install of the package, npx', { timeout: LIMIT_MS }, async () => {
    await using folder = await temporaryFolder();
    const npm = npmIn(folder.path);
    await npm('install', '--omit=dev', await packedInto(folder.path));
    expect(await npm('exec', '--no', '--', 'hookcast', '--version')).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(await npm('exec', '--no', '--', 'hookcast', 'schedule')).toContain('persona-2022');
    expect(await npm('exec', '--no', '--', 'hookcast', 'demo')).toContain('Now yours: hookcast ');
    expect(await bytesOf(join(folder.path, 'node_modules'))).toBeLessThan(MOST_BYTES);
    await typeChecks(folder.path);
    await runsAsLibrary(folder.path);
  });

  test('npm install --global', { timeout: LIMIT_MS }, async () => {
    await using folder = await temporaryFolder();
    const npm = npmIn(folder.path);
    await npm('install', '--global', '--prefix', folder.path, await packedInto(folder.path));
    const { stdout } = await execute(join(folder.path, 'bin', 'hookcast'), ['--version']);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test('npx of a git repository builds it first', { timeout: LIMIT_MS }, async () => {
    await using folder = await temporaryFolder();
    const npm = npmIn(folder.path);
    await npm('install', '--omit=dev', `git+file://${root}`);
    expect(await npm('exec', '--no', '--', 'hookcast', '--version')).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

/** npm with no network beyond the registry that the machine is set up for, and nothing of this project's around it. */
function npmIn(cwd: string) {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(npm_(?!config_)|NODE_OPTIONS|INIT_CWD)/i.test(name),
  );
  const env = Object.fromEntries(kept);
  return async (...args: string[]): Promise<string> => {
    const quiet = ['--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'];
    return (await execute('npm', [...quiet, ...args], { cwd, env, maxBuffer: 1e8 })).stdout;
  };
}

const LIBRARY_USE = `
  import { conform, createSandbox, createServerHandler, createSimulator, startServer } from 'hookcast';
  const server = await startServer({ port: 0, webhooks: [{ attributes: { url: 'http://127.0.0.1:9/' } }] });
  const health = await fetch(server.url + '/healthz');
  await server.close();
  console.log(health.status, [conform, createSandbox, createServerHandler, createSimulator].map((one) => typeof one));
`;

/** With the types of Node, which every TypeScript project for Node has, and nothing else that is not installed. */
async function typeChecks(folder: string): Promise<void> {
  await writeFile(join(folder, 'use.mts'), LIBRARY_USE);
  const types = [...['--types', 'node'], '--typeRoots', join(root, 'node_modules/@types')];
  const strict = ['--noEmit', '--strict', '--skipLibCheck', 'false', '--target', 'es2022'];
  const modules = ['--module', 'nodenext', 'use.mts'];
  const tsc = [join(root, 'node_modules/typescript/bin/tsc'), ...strict, ...types, ...modules];
  const { stdout } = await execute(process.execPath, tsc, { cwd: folder }).catch((error: unknown) => {
    return error as { stdout: string };
  });
  expect(stdout).toBe('');
}

async function runsAsLibrary(folder: string): Promise<void> {
  const run = ['--input-type=module', '--eval', LIBRARY_USE];
  const { stdout } = await execute(process.execPath, run, { cwd: folder });
  expect(stdout).toBe("200 [ 'function', 'function', 'function', 'function' ]\n");
}

async function packedInto(folder: string): Promise<string> {
  const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const [{ filename }] = JSON.parse((await execute('npm', pack, { cwd: root })).stdout) as [
    { filename: string },
  ];
  return join(folder, filename);
}

async function bytesOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) bytes += (await lstat(join(entry.parentPath, entry.name))).size;
  }
  return bytes;
}
