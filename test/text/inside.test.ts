import { expect, test } from 'vitest';
import { isInside } from '../../src/text/inside.ts';

test.each<[path: string, isIn: boolean]>([
  ['/a/b/c', true],
  ['/a/b/c/d.json', true],
  ['/a/b/..c', true],
  ['/a/b/c/../d', true],
  ['/a/b', false],
  ['/a/b/', false],
  ['/a/bc', false],
  ['/a/b-too/c', false],
  ['/a/b/../c', false],
  ['/a', false],
])('%s in /a/b: %s', (path, isIn) => {
  expect(isInside('/a/b', path)).toBe(isIn);
});
