import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

/** Static imports of values alone: a type is gone at run time, and a dynamic import is a decision about start-up. */
const IMPORT = /^(?:import|export) (?!type\b)[^;]*? from '(\.[^']+)';/gms;

function importsOf(path: string): string[] {
  const text = readFileSync(path, 'utf8');
  return [...text.matchAll(IMPORT)].map(([, specifier = '']) => join(dirname(path), specifier));
}

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path))
  .map((path) => join('src', path));
const graph = new Map(files.map((path) => [path, importsOf(path)]));

/** The first cycle that a depth-first walk meets, or nothing. */
function cycleIn(imports: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const finished = new Set<string>();
  const visit = (path: string, above: readonly string[]): string[] | undefined => {
    if (above.includes(path)) return [...above.slice(above.indexOf(path)), path];
    if (finished.has(path)) return undefined;
    for (const next of imports.get(path) ?? []) {
      const cycle = visit(next, [...above, path]);
      if (cycle !== undefined) return cycle;
    }
    finished.add(path);
    return undefined;
  };
  for (const path of imports.keys()) {
    const cycle = visit(path, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

test('the walk finds a cycle', () => {
  const imports = new Map([
    ['a', ['b']],
    ['b', ['c', 'd']],
    ['c', []],
    ['d', ['b']],
  ]);
  expect(cycleIn(imports)).toEqual(['b', 'd', 'b']);
});

test('every import leads to a file of src', () => {
  expect([...graph.values()].flat().filter((path) => !graph.has(path))).toEqual([]);
  expect([...graph.values()].flat().length).toBeGreaterThan(500);
});

test('no file imports itself by way of others', () => {
  expect(cycleIn(graph)).toBeUndefined();
});
