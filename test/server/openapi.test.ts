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

/** The members that OpenAPI 3.0.3 gives a Schema Object; a generator may refuse any other. */
const WORDS_OF_SCHEMAS = new Set([
  ...['title', 'description', 'type', 'format', 'enum', 'default', 'example', 'nullable', 'deprecated'],
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'pattern', 'required'],
  ...['minLength', 'maxLength', 'minItems', 'maxItems', 'uniqueItems', 'minProperties', 'maxProperties'],
  ...['allOf', 'oneOf', 'anyOf', 'not', 'items', 'properties', 'additionalProperties', '$ref'],
]);

test('its schemas say nothing that OpenAPI 3.0.3 does not know', () => {
  const strange = schemasWithin(OPENAPI).flatMap((schema) =>
    Object.entries(schema)
      .filter(([word, value]) => !WORDS_OF_SCHEMAS.has(word) || Array.isArray(word === 'type' && value))
      .map(([word]) => word),
  );
  expect(strange).toEqual([]);
});

test('what answers are made of has names, and is described', () => {
  const { DeliveryList, Delivery, Webhook } = OPENAPI.components.schemas as any;
  const items = [DeliveryList.properties.deliveries.items, Delivery.properties.attempts.items];
  expect([...items, Webhook.properties.clock].map(({ $ref }) => $ref as string)).toEqual([
    '#/components/schemas/DeliverySummary',
    '#/components/schemas/Attempt',
    '#/components/schemas/Clock',
  ]);
  expect(Delivery.properties.lastOutcome.allOf).toEqual([{ $ref: '#/components/schemas/Outcome' }]);
});

test('no schema refers to itself, and each has a name of ours', () => {
  const schemas = Object.entries(OPENAPI.components.schemas);
  expect(schemas.filter(([name]) => !/^[A-Z]\w+$/.test(name))).toEqual([]);
  expect(schemas.filter(([name, schema]) => JSON.stringify(schema).includes(`/${name}"`))).toEqual([]);
});

test('says which headers an answer has, and which header resumes a stream', () => {
  const { paths } = OPENAPI as any;
  expect(Object.keys(paths['/v1/deliveries'].post.responses[202].headers)).toEqual(['Location']);
  const body = '/v1/deliveries/{delivery}/attempts/{attempt}/body';
  expect(Object.keys(paths[body].get.responses[200].headers)).toEqual(['Hookcast-Sha256']);
  expect(paths['/v1/stream'].get.parameters.map(({ name }: { name: string }) => name)).toEqual([
    'types',
    'webhook',
    'Last-Event-ID',
  ]);
});

/** Every Schema Object, however deep. */
function schemasWithin(value: unknown): object[] {
  if (value === null || typeof value !== 'object') return [];
  const named = Object.entries(value).flatMap(([key, inner]) => {
    if (['schema', 'items', 'not', 'additionalProperties'].includes(key)) return withSchemas([inner]);
    if (['allOf', 'anyOf', 'oneOf'].includes(key)) return withSchemas(inner as unknown[]);
    if (['schemas', 'properties'].includes(key)) return withSchemas(Object.values(inner as object));
    return ['example', 'enum', 'default'].includes(key) ? [] : schemasWithin(inner);
  });
  return named;
}

function withSchemas(schemas: readonly unknown[]): object[] {
  const objects = schemas.filter((schema): schema is object => typeof schema === 'object' && schema !== null);
  return objects.flatMap((schema) => [schema, ...schemasWithin(schema)]);
}

test('serves its description', async () => {
  const { handler } = createServerHandler();
  const response = await handler(new Request('http://localhost/openapi.json'));
  const description = (await response.json()) as { openapi: string; paths: object };
  expect(description.openapi).toBe('3.0.3');
  expect(Object.keys(description.paths)).toEqual(Object.keys(OPENAPI.paths));
  expect(response.headers.get('hookcast-version')).toMatch(/^\d+\.\d+\.\d+/);
});
