import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url)).replace(/\/$/, '');
const page = readFileSync(`${root}/docs/architecture.md`, 'utf8');

test('every path of the tree exists, and its line says what it is', () => {
  const tree = pathsOfTree();
  expect(tree.length).toBeGreaterThan(50);
  expect(tree.filter(({ path }) => !existsSync(`${root}/${path}`))).toEqual([]);
  expect(tree.filter(({ text }) => text === '').map(({ path }) => path)).toEqual(['src/']);
});

test('the tree names every folder of src, and every file at its root', () => {
  const named = new Set(pathsOfTree().map(({ path }) => path));
  const found = readdirSync(`${root}/src`, { recursive: true, withFileTypes: true })
    .map((entry) => ({ entry, path: `${entry.parentPath}/${entry.name}`.slice(root.length + 1) }))
    .filter(({ entry, path }) => entry.isDirectory() || /^src\/[^/]+$/.test(path))
    .map(({ entry, path }) => (entry.isDirectory() ? `${path}/` : path));
  expect(found.filter((path) => !named.has(path))).toEqual([]);
});

test('every file that the text names exists', () => {
  const paths = [...page.matchAll(/`((?:src|docs|test|bench|tools)\/[\w./-]+)`/g)].map(
    ([, path = '']) => path,
  );
  expect(paths.length).toBeGreaterThan(3);
  expect(paths.filter((path) => !existsSync(`${root}/${path}`))).toEqual([]);
});

test('what scripts import of the built modules is made of a source', () => {
  const imported = ['bench', 'tools', 'test/helpers'].flatMap((folder) =>
    readdirSync(`${root}/${folder}`, { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.m?js$/.test(path))
      .flatMap((path) => [...readFileSync(`${root}/${folder}/${path}`, 'utf8').matchAll(BUILT_MODULE)])
      .map(([, module = '']) => `src/${module}.ts`),
  );
  expect(imported.length).toBeGreaterThan(10);
  expect(imported.filter((path) => !existsSync(`${root}/${path}`))).toEqual([]);
});

/** A module that tsc built, as a script imports it; not the bundles. */
const BUILT_MODULE = /'(?:\.\.\/)+dist\/(?!library\/|command\/|inspector\/|fixtures\/)([\w/-]+)\.js'/g;

/** The paths of the page's tree, put together by their indentation. */
function pathsOfTree(): { path: string; text: string }[] {
  const [, tree = ''] = /## The tree\n\n```\n(.*?)```/s.exec(page) ?? [];
  const above: string[] = [];
  return tree
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [, indent = '', name = '', text = ''] = /^( *)(\S+) *(.*)$/.exec(line) ?? [];
      const depth = indent.length / 2;
      above.splice(depth, Infinity, name);
      return { path: above.join(''), text };
    });
}
