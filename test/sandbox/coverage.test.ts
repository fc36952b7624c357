import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { API_OPERATIONS } from '../../src/persona/api-operations.ts';
import { coveragePage } from '../../src/sandbox/coverage.ts';
import { ROUTES } from '../../src/sandbox/routes/index.ts';

test('docs/coverage.md says what the routes do; if not: npm run docs:coverage', async () => {
  expect(await readFile(new URL('../../docs/coverage.md', import.meta.url), 'utf8')).toBe(coveragePage());
});

test('every route is one of the 209 operations, once', () => {
  const names = new Set(API_OPERATIONS.map(({ name }) => name));
  expect(API_OPERATIONS).toHaveLength(209);
  expect(ROUTES.map(({ operation }) => operation).filter((name) => !names.has(name))).toEqual([]);
  expect(new Set(ROUTES.map(({ operation }) => operation)).size).toBe(ROUTES.length);
});
