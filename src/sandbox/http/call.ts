import type * as z from 'zod';
import type * as schemas from '../requests/schemas.ts';
import type { JsonObject, JsonValue } from '../../json/node.ts';
import type { View, Answer } from '../view.ts';
import type { Environment } from '../state/environment.ts';
import type { Query } from './query.ts';
import type { Fault } from '../faults.ts';
import { ApiError } from '../errors.ts';
import type { SandboxState } from '../sandbox-state.ts';
import type { TextReply } from '../../http/text-reply.ts';

export type Schemas = typeof schemas;

/** By name: they are loaded with the first body, for they take longer than all else until the first answer. */
export type SchemaName = {
  [Name in keyof Schemas]: Schemas[Name] extends z.ZodType ? Name : never;
}[keyof Schemas];
export type Bodies = { readonly [Name in SchemaName]: z.output<Schemas[Name]> };

/** One request, read and checked as far as it can be without knowing the operation. */
export interface Call {
  readonly environment: Environment;
  readonly url: URL;
  readonly view: View;
  readonly query: Query;
  /** Of the path, by name: `inquiry-id`. */
  readonly param: (name: string) => string;
  /** Reads the body. @throws {ApiError} 400 */
  body<Name extends SchemaName>(schema: Name): Bodies[Name];
  /** The body as it came, keys in kebab. */
  readonly rawBody: JsonValue | undefined;
  /** Something that the user should know, once per kind. */
  hint(kind: string, sentence: string): void;
}

export interface Result extends Answer {
  readonly status?: 200 | 201 | 202;
}

/** An operation that the sandbox does itself. */
export interface Route {
  /** Its name in the table of operations. */
  readonly operation: string;
  /** How much of it: `stateful` changes what later answers say, `read` only looks. */
  readonly coverage: 'stateful' | 'read';
  readonly filters?: readonly string[] | undefined;
  readonly isPaged?: boolean | undefined;
  readonly handle: (call: Call) => Result | Promise<Result>;
}

/** An operation that only looks. */
export function reads(operation: string, handle: Route['handle']): Route {
  return { operation, coverage: 'read', handle };
}

/** One that changes what later answers say. */
export function changes(operation: string, handle: Route['handle']): Route {
  return { operation, coverage: 'stateful', handle };
}

/** One that answers a page at a time. */
export function lists(operation: string, handle: Route['handle'], filters: readonly string[] = []): Route {
  return { operation, coverage: 'read', isPaged: true, filters, handle };
}

/** An operation that is not in Persona's OpenAPI. */
export interface ExtraRoute extends Route {
  readonly method: string;
  readonly path: string;
}

export function one(data: JsonObject): Result {
  return { data };
}

/** The fault that strikes this request; each is used up after as many as it was asked for. */
export function nextFault({ faults }: SandboxState): Fault | undefined {
  const found = faults.find(({ left }) => left > 0);
  if (found === undefined) return undefined;
  found.left -= 1;
  return found.fault;
}

/** @throws {ApiError} 429, 500 or 503 */
export async function strike(fault: Fault | undefined, { environment }: SandboxState): Promise<void> {
  switch (fault?.kind) {
    case undefined:
    case 'stale-read':
    case 'early-event':
      return;
    case 'latency':
      await environment.clock.during(() => environment.clock.sleep(fault.durationMs));
      return;
    case '429':
      throw new ApiError(429, 'The rate limit was reached: this fault was asked for.');
    case '500':
      throw new ApiError(500, 'This fault was asked for.');
    case '503':
      throw new ApiError(503, 'This fault was asked for.');
  }
}

/** Hono hands on what a handler returns as it is. */
export function handedOn(answer: TextReply): Response {
  return answer as unknown as Response;
}
