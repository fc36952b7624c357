import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ROUTES } from '../../src/server/routes/index.ts';
import { createServerHandler } from '../../src/server/server-handler.ts';
import { OPENAPI } from '../helpers/api-client.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

test('docs/openapi.json is what the table of routes says (node tools/write-openapi.mjs)', () => {
  expect(JSON.parse(read('docs/openapi.json'))).toEqual(OPENAPI);
});

test('docs/serve.md names every route and no other', () => {
  const documented = [...read('docs/serve.md').matchAll(/^\| `(GET|POST|PATCH|DELETE) (\/\S+)`/gm)];
  const rows = documented.map(([, method, path]) => `${method} ${path}`);
  expect(rows).toEqual(ROUTES.map(({ method, path }) => `${method} ${path}`));
});

test('every reference of the description leads somewhere, and names are unique', () => {
  const references = [...JSON.stringify(OPENAPI).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)];
  const missing = references.map(([, name]) => name).filter((name) => !(name! in OPENAPI.components.schemas));
  expect(missing).toEqual([]);
  expect(new Set(ROUTES.map(({ name }) => name)).size).toBe(ROUTES.length);
});

test('serves its description', async () => {
  const { handler } = createServerHandler();
  const response = await handler(new Request('http://localhost/openapi.json'));
  const description = (await response.json()) as { openapi: string; paths: object };
  expect(description.openapi).toBe('3.0.3');
  expect(Object.keys(description.paths)).toEqual(Object.keys(OPENAPI.paths));
  expect(response.headers.get('hookcast-version')).toMatch(/^\d+\.\d+\.\d+/);
});
