import type * as z from 'zod';
import type { ServerState } from '../server-state.ts';
import type { TextRequest } from '../../http/text-reply.ts';

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** One way in which a route answers. */
export interface Answer {
  readonly description: string;
  /** Of JSON. Its id names it in the OpenAPI description. */
  readonly schema?: z.ZodType | undefined;
  /** For anything but JSON. */
  readonly mediaType?: string | undefined;
  /** Names and descriptions of headers that belong to this answer. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export interface RouteInput<Query, Body> {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly body: Body;
  /** The text of the body, for what must keep its spelling. */
  readonly text: string;
  readonly request: ApiRequest;
}

/** JSON, or a complete response of the handler's own; without `json` the answer has no body. */
export type Reply =
  | Response
  | {
      readonly status: number;
      readonly json: unknown;
      readonly headers?: Readonly<Record<string, string>> | undefined;
    };

export interface Route<Query = unknown, Body = unknown> {
  readonly method: Method;
  /** `/v1/webhooks/{id}` */
  readonly path: string;
  /** Unique; the operationId. */
  readonly name: string;
  readonly summary: string;
  readonly query?: z.ZodObject | undefined;
  /** Headers of the request that it reads, for the description alone. */
  readonly headers?: z.ZodObject | undefined;
  readonly body?: z.ZodType | undefined;
  /** Brings other spellings that are accepted into the form of the schema. */
  readonly prepareBody?: ((value: unknown) => unknown) | undefined;
  /** An empty body counts as `{}`. */
  readonly bodyIsOptional?: boolean | undefined;
  /** Changes nothing although it is a POST, so that a read-only server has it. */
  readonly isRead?: boolean | undefined;
  readonly answers: Readonly<Record<number, Answer>>;
  readonly handle: (input: RouteInput<Query, Body>, state: ServerState) => Promise<Reply> | Reply;
}

type Output<S> = S extends z.ZodType ? z.output<S> : undefined;

/** Types the handler by the schemas of its query and body. */
export function route<
  Q extends z.ZodObject | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
>(
  definition: Omit<Route<Output<Q>, Output<B>>, 'query' | 'body'> & { readonly query?: Q; readonly body?: B },
): Route {
  return definition as unknown as Route;
}

/** An answer in JSON. */
export function json(schema: z.ZodType, description: string): Answer {
  return { schema, description };
}

/** An answer in JSON about something that is new. */
export function jsonOfNew(schema: z.ZodType, description: string): Answer {
  return { schema, description, headers: { Location: 'Where it can be read.' } };
}

export const NO_CONTENT: Answer = { description: 'Done.' };

/** Exact bytes, to be saved. */
export const BYTES: Answer = {
  description: 'The exact bytes.',
  headers: { 'Hookcast-Sha256': 'Their digest in hex.' },
  mediaType: 'application/octet-stream',
};

/** As much of a request as the API reads. A web `Request` is one; Node's own is one at a fraction of the cost. */
export interface ApiRequest extends TextRequest {
  readonly body: ReadableStream<Uint8Array> | null;
  /** Aborts when the client is gone. Costs something: to be read only by what waits. */
  readonly signal: AbortSignal;
  /** Ends the connection at once, whatever still waits to be sent; only where there is one. */
  readonly hangUp?: (() => void) | undefined;
}
