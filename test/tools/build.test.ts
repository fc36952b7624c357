import { execFile } from 'node:child_process';
import { appendFile, cp, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const run = promisify(execFile);
const tools = fileURLToPath(new URL('../../tools', import.meta.url));

const { hashInputs } = (await import(join(tools, 'build-stamp.mjs'))) as {
  hashInputs: (root: string) => string;
};
const READ = [
  ...['package.json', 'node_modules/.package-lock.json', 'tsconfig.json', 'tsconfig.build.json'],
  ...['rolldown.config.js', 'rolldown.library.config.js', 'src/cli/main.ts', 'fixtures/event.json'],
];
/** In place of tools/build-dist.mjs. It says whether tsc would go by its list of what it has written. */
const BUILD = `
  import { appendFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
  console.log(existsSync('dist/.tsbuildinfo') ? 'built what changed' : 'built all');
  mkdirSync('dist/library', { recursive: true });
  for (const file of ['library/index.js', 'errors.js', '.tsbuildinfo']) writeFileSync('dist/' + file, '{}');
  if (existsSync('src/wrong.ts')) process.exit(1);
  if (existsSync('src/late.ts')) appendFileSync('src/late.ts', '1');
`;

/** A project that has been built, to be copied. */
const original = await temporaryFolder();
for (const name of ['build.mjs', 'build-stamp.mjs'])
  await cp(join(tools, name), join(original.path, 'tools', name));
await original.write('tools/build-dist.mjs', BUILD);
for (const name of READ) await original.write(name, '{}');
const first = await build(original.path);
afterAll(() => original[Symbol.asyncDispose]());

async function build(folder: string): Promise<string> {
  const built = await run(process.execPath, ['tools/build.mjs'], { cwd: folder }).catch((error: unknown) => {
    return error as { code: number; stdout: string };
  });
  return built.stdout.trim() + ('code' in built ? `, exit code ${built.code}` : '');
}

async function copyOfProject() {
  const path = await mkdtemp(join(tmpdir(), 'hookcast-'));
  await cp(original.path, path, { recursive: true });
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

test('dist is not built again when nothing changed but the place of the folder and the times of its files', async () => {
  await using folder = await copyOfProject();
  expect([first, await build(folder.path)]).toEqual(['built all', 'dist is up to date']);
});

describe('dist is built again', () => {
  test.each<[string, string, (folder: string) => Promise<void>]>([
    ['a source changed', 'built what changed', (at) => appendFile(`${at}/src/cli/main.ts`, ' ')],
    ['the last time is not known', 'built all', (at) => rm(`${at}/node_modules/.cache`, { recursive: true })],
    ['a file of it is gone', 'built all', (at) => rm(`${at}/dist/errors.js`)],
    ['a file of it changed', 'built all', (at) => writeFile(`${at}/dist/library/index.js`, '{ }')],
    ['it was removed', 'built all', (at) => rm(`${at}/dist`, { recursive: true })],
  ])('when %s', async (_, expected, change) => {
    await using folder = await copyOfProject();
    await change(folder.path);
    expect(await build(folder.path)).toBe(expected);
  });

  test('after a build that failed', async () => {
    await using folder = await copyOfProject();
    await writeFile(`${folder.path}/src/wrong.ts`, '');
    const failed = 'built what changed, exit code 1';
    expect([await build(folder.path), await build(folder.path)]).toEqual([failed, failed]);
  });

  test('when a source changed during the build', async () => {
    await using folder = await copyOfProject();
    await writeFile(`${folder.path}/src/late.ts`, '');
    const built = 'built what changed';
    expect([await build(folder.path), await build(folder.path)]).toEqual([built, built]);
  });
});

test.each<[string, (folder: string) => Promise<void>]>([
  ...READ.map((name): [string, (folder: string) => Promise<void>] => [
    `${name} changed`,
    (at) => appendFile(join(at, name), ' '),
  ]),
  ['a source is new', (at) => writeFile(`${at}/src/new.ts`, '')],
  ['a source is gone', (at) => rm(`${at}/src/cli/main.ts`)],
  ['a source is elsewhere', (at) => rename(`${at}/src/cli/main.ts`, `${at}/src/main.ts`)],
  ['a tool changed', (at) => appendFile(`${at}/tools/build-dist.mjs`, '\n')],
])('the build has something else to read when %s', async (_, change) => {
  await using folder = await copyOfProject();
  const before = hashInputs(folder.path);
  await change(folder.path);
  expect(hashInputs(folder.path)).not.toBe(before);
});
