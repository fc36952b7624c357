import Ajv, { type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { openApiOf } from '../../src/server/api/openapi.ts';
import { ROUTES } from '../../src/server/routes/index.ts';

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Undefined for anything but JSON. */
  readonly json: any;
  readonly bytes: Buffer;
}

export type ApiClient = (method: string, path: string, body?: unknown) => Promise<ApiAnswer>;

export const OPENAPI = openApiOf(ROUTES, { version: '0' });

/** A client that holds every answer against the OpenAPI description. */
export function apiClient(base: string, headers: Record<string, string> = {}): ApiClient {
  return async (method, path, body) => {
    const response = await fetch(base + path, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    const type = response.headers.get('content-type') ?? '';
    const json = /[/+]json$/.test(type) && bytes.length > 0 ? JSON.parse(bytes.toString('utf8')) : undefined;
    const answer = { status: response.status, headers: response.headers, json, bytes };
    checkAnswer(method, new URL(base + path).pathname, answer);
    return answer;
  };
}

/** @throws when the description does not have such an answer */
export function checkAnswer(method: string, pathname: string, answer: ApiAnswer): void {
  const route = ROUTES.find((one) => one.method === method && isPath(one.path, pathname));
  if (route === undefined) return;
  const operation = OPENAPI.paths[route.path]?.[method.toLowerCase()] as any;
  const isProblem = answer.status >= 400;
  const described = isProblem ? operation.responses.default : operation.responses[answer.status];
  if (described === undefined) throw new Error(`${method} ${pathname}: ${answer.status} is not described`);
  const content = described.content?.[isProblem ? 'application/problem+json' : 'application/json'];
  if (content?.schema === undefined || content.schema.format === 'binary') return;
  const validate = validatorOf(content.schema);
  if (validate(answer.json)) return;
  throw new Error(
    `${method} ${pathname} ${answer.status}: ${JSON.stringify(validate.errors)} in ${JSON.stringify(answer.json)}`,
  );
}

function isPath(path: string, pathname: string): boolean {
  const [wanted, found] = [path.split('/'), pathname.split('/')];
  return (
    wanted.length === found.length && wanted.every((part, i) => part.startsWith('{') || part === found[i])
  );
}

const ajv = new Ajv.default({ strict: false, allErrors: false });
addFormats.default(ajv);
ajv.addSchema(withNull({ $id: 'api', components: OPENAPI.components }) as object);
/** `nullable` beside a reference, as generators read it: the reference, or null. */
function withNull(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withNull);
  if (value === null || typeof value !== 'object') return value;
  const { nullable, type, ...rest } = Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, withNull(member)]),
  );
  const isReference = nullable === true && type === 'object' && ('allOf' in rest || 'oneOf' in rest);
  if (isReference) return { anyOf: [rest, { type: 'null' }] };
  return {
    ...(type === undefined ? {} : { type }),
    ...(nullable === undefined ? {} : { nullable }),
    ...rest,
  };
}

const validators = new Map<string, ValidateFunction>();

function validatorOf(schema: object): ValidateFunction {
  const text = JSON.stringify(schema).replaceAll('"#/', '"api#/');
  const validate = validators.get(text) ?? ajv.compile(JSON.parse(text));
  validators.set(text, validate);
  return validate;
}
