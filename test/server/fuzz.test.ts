import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ROUTES } from '../../src/server/routes/index.ts';
import { createServerHandler } from '../../src/server/server-handler.ts';
import { OPENAPI, checkAnswer } from '../helpers/api-client.ts';

const sender = {
  send: () =>
    Promise.resolve({
      kind: 'unreachable' as const,
      code: 'ECONNREFUSED',
      reason: 'no',
      timings: { totalMs: 1 },
    }),
};

/** Values that a schema of the description allows, and now and then one that it does not. */
function arbitraryOf(schema: any): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 12, arbitrary: validOf(schema) }, { weight: 1, arbitrary: fc.jsonValue() });
}

function validOf(schema: any): fc.Arbitrary<unknown> {
  // Any JSON, described by itself.
  if (/\/schema\d+$/.test(schema.$ref ?? '')) return fc.jsonValue();
  if (schema.$ref !== undefined)
    return validOf((OPENAPI.components.schemas as any)[schema.$ref.split('/').at(-1)]);
  const choices = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (choices !== undefined) return fc.oneof(...choices.map(validOf));
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case 'boolean':
      return fc.boolean();
    case 'integer':
    case 'number':
      return fc.integer({ min: schema.minimum ?? -5, max: Math.min(schema.maximum ?? 50, 4_294_967_295) });
    case 'array':
      return fc.array(arbitraryOf(schema.items), { maxLength: 3 });
    case 'object':
      return objectOf(schema);
    case 'string':
      return stringOf(schema);
    default:
      return fc.jsonValue();
  }
}

function objectOf({ properties = {}, required = [], additionalProperties }: any): fc.Arbitrary<unknown> {
  const fields = Object.fromEntries(
    Object.entries(properties).map(([name, field]) => [name, arbitraryOf(field)]),
  );
  if (Object.keys(fields).length === 0 && additionalProperties)
    return fc.dictionary(fc.string({ minLength: 1, maxLength: 12 }), arbitraryOf(additionalProperties), {
      maxKeys: 3,
    });
  return fc.record(fields, { requiredKeys: required });
}

const WORDS = [
  ...[
    'inquiry.approved',
    'inquiry.*',
    'default',
    'latest',
    'd1',
    'r1',
    'c1',
    '66s',
    '1h=1s',
    'settled',
    'attempt:1',
  ],
  ...[
    'http://127.0.0.1:9/hook',
    '',
    '*',
    '../../etc/passwd',
    'constructor',
    '__proto__',
    'ACK-01',
    'fields.name-first',
  ],
];

function stringOf({ pattern, format }: any): fc.Arbitrary<string> {
  const own: fc.Arbitrary<string>[] = pattern === undefined ? [] : [fc.stringMatching(new RegExp(pattern))];
  const times =
    format === 'date-time' ? [fc.constantFrom('2026-01-31T12:00:00Z', '9999-12-31T23:59:59Z')] : [];
  return fc.oneof(fc.constantFrom(...WORDS), fc.string({ maxLength: 20 }), ...own, ...times);
}

test('no request that the description allows, or nearly, is a bug', async () => {
  const bugs: unknown[] = [];
  const server = createServerHandler({
    webhooks: [{ attributes: { url: 'http://127.0.0.1:9/hook' }, isPaused: true }],
    keep: 20,
    sender,
    onBug: (error) => bugs.push(error),
  });
  // Streams stay open, and a run of all checks takes its time.
  const routes = ROUTES.filter(({ name }) => name !== 'streamEvents' && name !== 'startConformance');
  const requests = fc.constantFrom(...routes).chain((route) => {
    const operation = OPENAPI.paths[route.path]![route.method.toLowerCase()] as any;
    const parameters = (operation.parameters ?? []) as any[];
    const query = fc.record(
      Object.fromEntries(
        parameters.filter((one) => one.in === 'query').map((one) => [one.name, stringOf(one.schema)]),
      ),
      { requiredKeys: [] },
    );
    const path = fc.array(fc.oneof(fc.constantFrom(...WORDS), fc.string()), { minLength: 3, maxLength: 3 });
    const schema = operation.requestBody?.content['application/json'].schema;
    const body = schema === undefined ? fc.constant(undefined) : arbitraryOf(schema);
    return fc.record({ route: fc.constant(route), query, path, body });
  });
  await fc.assert(
    fc.asyncProperty(requests, async ({ route, query, path, body }) => {
      const parts = [...path];
      const pathname = route.path.replaceAll(/\{\w+\}/g, () => encodeURIComponent(parts.pop()!) || 'x');
      const parameters = new URLSearchParams(query as Record<string, string>);
      if (parameters.has('wait') || parameters.has('timeout')) parameters.set('timeout', '1ms');
      const url = `http://localhost${pathname}?${parameters.toString()}`;
      const isSent = body !== undefined;
      const request = new Request(url, {
        method: route.method,
        ...(isSent ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
      });
      const response = await server.handler(request);
      const bytes = Buffer.from(await response.arrayBuffer());
      const isJson = /[/+]json$/.test(response.headers.get('content-type') ?? '');
      const json = isJson ? JSON.parse(bytes.toString()) : undefined;
      expect(bugs).toEqual([]);
      expect(response.status).toBeLessThan(500);
      checkAnswer(route.method, new URL(url).pathname, {
        status: response.status,
        headers: response.headers,
        json,
        bytes,
      });
    }),
    { numRuns: 100 },
  );
  server.close();
});
