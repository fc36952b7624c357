import { appendFile, cp, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const script = fileURLToPath(new URL('../../tools/build-stamp.mjs', import.meta.url));
const { buildWhereNeeded } = (await import(script)) as {
  buildWhereNeeded: (root: string, build: () => Promise<void>) => Promise<boolean>;
};

const INPUTS = [
  ...['package.json', 'node_modules/.package-lock.json', 'tsconfig.json', 'tsconfig.build.json'],
  ...['rolldown.config.js', 'rolldown.library.config.js', 'src/cli/main.ts', 'fixtures/event.json'],
  ...['tools/build-dist.mjs'],
];
const OUTPUTS = ['dist/library/index.js', 'dist/errors.js', 'dist/.tsbuildinfo'];

interface Project extends AsyncDisposable {
  readonly path: string;
  /** What was done: tsc builds the rest where it finds its list of what it has written. */
  build(meanwhile?: () => Promise<unknown>): Promise<'nothing' | 'all' | 'rest'>;
}

function projectIn(path: string): Project {
  const build: Project['build'] = async (meanwhile) => {
    let done: 'all' | 'rest' = 'all';
    const isBuilt = await buildWhereNeeded(path, async () => {
      if (await stat(join(path, 'dist/.tsbuildinfo')).catch(() => undefined)) done = 'rest';
      for (const name of OUTPUTS) await cp(join(path, 'package.json'), join(path, name));
      await meanwhile?.();
    });
    return isBuilt ? done : 'nothing';
  };
  return { path, build, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** It is built, and copied for each test. */
const original = await temporaryFolder();
for (const name of INPUTS) await original.write(name, '{}');
const first = await projectIn(original.path).build();
afterAll(() => original[Symbol.asyncDispose]());

async function builtProject() {
  const path = await mkdtemp(join(tmpdir(), 'hookcast-'));
  await cp(original.path, path, { recursive: true });
  return projectIn(path);
}

test('dist is not built again when nothing changed but the place of the folder and the times of its files', async () => {
  await using project = await builtProject();
  expect([first, await project.build()]).toEqual(['all', 'nothing']);
});

test.each<[string, 'all' | 'rest', (folder: string) => Promise<void>]>([
  ...INPUTS.map((name): [string, 'rest', (folder: string) => Promise<void>] => [
    `${name} changed`,
    'rest',
    (at) => appendFile(join(at, name), ' '),
  ]),
  ['a source is new', 'rest', (at) => writeFile(`${at}/src/new.ts`, '')],
  ['a source is gone', 'rest', (at) => rm(`${at}/src/cli/main.ts`)],
  ['a source is elsewhere', 'rest', (at) => rename(`${at}/src/cli/main.ts`, `${at}/src/main.ts`)],
  ['the last time is not known', 'all', (at) => rm(`${at}/node_modules/.cache`, { recursive: true })],
  ['a file of it is gone', 'all', (at) => rm(`${at}/dist/errors.js`)],
  ['a file of it changed', 'all', (at) => writeFile(`${at}/dist/library/index.js`, '{ }')],
  ['a file of it is new', 'all', (at) => writeFile(`${at}/dist/new.js`, '')],
  ['it was removed', 'all', (at) => rm(`${at}/dist`, { recursive: true })],
])('dist is built again when %s: %s', async (_, expected, change) => {
  await using project = await builtProject();
  await change(project.path);
  expect([await project.build(), await project.build()]).toEqual([expected, 'nothing']);
});

test('dist is built again after a build that failed', async () => {
  await using project = await builtProject();
  await writeFile(`${project.path}/src/wrong.ts`, '');
  const failing = project.build(() => Promise.reject(new Error('a type error')));
  await expect(failing).rejects.toThrow('a type error');
  expect(await project.build()).toBe('rest');
});

test('dist is built again when a source changed during the build', async () => {
  await using project = await builtProject();
  await writeFile(`${project.path}/src/new.ts`, '');
  expect(await project.build(() => appendFile(`${project.path}/src/new.ts`, ' '))).toBe('rest');
  expect([await project.build(), await project.build()]).toEqual(['rest', 'nothing']);
});
