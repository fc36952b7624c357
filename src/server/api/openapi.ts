import * as z from 'zod';
import { problemSchema } from '../schemas/common.ts';
import { isOfAnyJson, schema30 } from './schema-30.ts';
import type { Answer, Route } from './route.ts';
import { PROBLEM_TYPE } from './problem.ts';

/** OpenAPI 3.0.3, which generators for more languages read than 3.1. */
export function openApiOf(routes: readonly Route[], { version }: { readonly version: string }): OpenApi {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const entry of routes) {
    paths[entry.path] = { ...paths[entry.path], [entry.method.toLowerCase()]: operationOf(entry) };
  }
  return {
    openapi: '3.0.3',
    info: {
      title: 'hookcast',
      version,
      description:
        "The control API of hookcast serve: a stand-in for Persona's webhook sender. Every answer has the header Hookcast-Version.",
      license: { name: 'MIT' },
    },
    servers: [{ url: 'http://localhost:4665' }],
    security: [{}, { token: [] }],
    paths,
    components: {
      schemas: componentsOf(routes),
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description: 'Needed when the server is bound wider than loopback.',
        },
      },
    },
  };
}

export interface OpenApi {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, unknown>>;
    readonly securitySchemes: unknown;
  };
  readonly [member: string]: unknown;
}

const REFERENCE = '#/components/schemas/';
const TARGET = { target: 'openapi-3.0', unrepresentable: 'any' } as const;

/** Every schema of the routes that has an id, and those within them. */
function componentsOf(routes: readonly Route[]): Record<string, unknown> {
  const registry = z.registry<{ id: string }>();
  for (const schema of routes.flatMap(schemasOf)) register(schema, registry);
  const { schemas } = z.toJSONSchema(registry, { ...TARGET, uri: (id) => REFERENCE + id });
  const { __shared: shared, ...own } = schemas as Record<string, { definitions?: Record<string, object> }>;
  const named = Object.entries({ ...shared?.definitions, ...own }).filter(([id]) => !isOfAnyJson(id));
  return Object.fromEntries(
    named.map(([id, schema]) => [id, schema30(schema)] as const).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function schemasOf({ body, answers }: Route): z.ZodType[] {
  const answered = Object.values(answers).flatMap(({ schema }) => schema ?? []);
  return [...(body === undefined ? [] : [body]), ...answered, problemSchema];
}

function register(schema: z.ZodType, registry: z.core.$ZodRegistry<{ id: string }>): void {
  if (schema instanceof z.ZodUnion)
    for (const option of schema.options) register(option as z.ZodType, registry);
  const { id } = schema.meta() ?? {};
  if (id !== undefined && !registry.has(schema)) registry.add(schema, { ...schema.meta(), id });
}

function operationOf({ name, path, summary, query, headers, body, bodyIsOptional, answers }: Route) {
  const parameters = [
    ...pathParameters(path),
    ...parametersOf('query', query),
    ...parametersOf('header', headers),
  ];
  return {
    operationId: name,
    summary,
    tags: [/^\/v1\/([\w-]+)/.exec(path)?.[1] ?? 'server'],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined
      ? {}
      : { requestBody: { required: bodyIsOptional !== true, content: jsonOf(body) } }),
    responses: {
      ...Object.fromEntries(Object.entries(answers).map(([status, one]) => [status, responseOf(one)])),
      default: {
        description: 'What is wrong, and the next step.',
        content: { [PROBLEM_TYPE]: { schema: referenceTo(problemSchema) } },
      },
    },
  };
}

function responseOf({ description, schema, mediaType, headers }: Answer) {
  const described = { description, ...(headers === undefined ? {} : { headers: responseHeaders(headers) }) };
  if (schema !== undefined) return { ...described, content: jsonOf(schema) };
  if (mediaType === undefined) return described;
  return { ...described, content: { [mediaType]: { schema: { type: 'string', format: 'binary' } } } };
}

function responseHeaders(headers: Readonly<Record<string, string>>) {
  return Object.fromEntries(
    Object.entries(headers).map(([name, description]) => [name, { description, schema: { type: 'string' } }]),
  );
}

function jsonOf(schema: z.ZodType) {
  return { 'application/json': { schema: referenceTo(schema) } };
}

function referenceTo(schema: z.ZodType): unknown {
  const id = schema.meta()?.id;
  if (id !== undefined) return { $ref: REFERENCE + id };
  if (schema instanceof z.ZodUnion)
    return { anyOf: schema.options.map((one) => referenceTo(one as z.ZodType)) };
  return schema30(z.toJSONSchema(schema, TARGET));
}

function pathParameters(path: string) {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    ...{ name, in: 'path', required: true, schema: { type: 'string' } },
  }));
}

function parametersOf(place: 'query' | 'header', object: z.ZodObject | undefined) {
  return Object.entries(object?.shape ?? {}).map(([name, field]) => {
    const { description, ...schema } = z.toJSONSchema(field as z.ZodType, TARGET);
    return {
      ...{ name, in: place, required: false },
      ...(description === undefined ? {} : { description }),
      schema: schema30(schema),
    };
  });
}
