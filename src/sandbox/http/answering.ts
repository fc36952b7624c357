import type * as z from 'zod';
import { DEPTH_MAX, isTooDeep } from '../../json/depth.ts';
import { fromValue, type JsonValue } from '../../json/node.ts';
import { serialise } from '../../json/text.ts';
import type { TextReply, TextRequest } from '../../http/text-reply.ts';
import { textOfBody } from '../../text/utf8.ts';
import { newId } from '../../persona/ids.ts';
import { ApiError } from '../errors.ts';
import { canonicalBody, parseBody } from '../requests/parse.ts';
import type { SandboxState } from '../sandbox-state.ts';
import { nowMs, type Environment } from '../state/environment.ts';
import { renderAnswer, type View } from '../view.ts';
import { checkKey, keyHint } from './access.ts';
import {
  nextFault,
  strike,
  type Bodies,
  type Call,
  type Route,
  type SchemaName,
  type Schemas,
} from './call.ts';
import { hintAt, hintAtError } from './hints.ts';
import { parseQuery } from './query.ts';
import { readInflection, readVersion } from './versions.ts';

/** A request as the operations see it: the rest of HTTP is dealt with here. */
export interface Incoming {
  readonly request: TextRequest;
  readonly url: URL;
  readonly params: Readonly<Record<string, string>>;
}

/** Answers one request to one operation; what Persona would refuse becomes an answer in its error form. */
export async function answer(state: SandboxState, route: Route, incoming: Incoming): Promise<TextReply> {
  const { request } = incoming;
  const authorization = request.headers.get('authorization');
  try {
    checkKey(authorization, state.environment.settings);
  } catch (error) {
    state.hints.tell('key', keyHint(authorization, state.environment.settings));
    return errorResponse(state, error);
  }
  try {
    return await answerAuthorised(state, route, incoming);
  } catch (error) {
    return errorResponse(state, error);
  }
}

async function answerAuthorised(
  state: SandboxState,
  route: Route,
  { request, url, params }: Incoming,
): Promise<TextReply> {
  const fault = nextFault(state);
  await strike(fault, state);
  const text = request.method === 'GET' ? '' : await textOf(request);
  const key = request.method === 'POST' ? request.headers.get('idempotency-key') : null;
  const described = `${request.method} ${url.pathname}${url.search}\n${text}`;
  const work = () => perform(state, route, { request, url, params, text });
  const once = { request: described, nowMs: nowMs(state.environment), work };
  const { status, body } = await (key === null ? work() : state.idempotency.answer(key, once));
  if (fault?.kind === 'early-event') await state.environment.webhooks.firstAttempts();
  return jsonResponse(state, status, body);
}

/** @throws {ApiError} 400 when the client goes before its body has come, or the body is no text */
async function textOf(request: Incoming['request']): Promise<string> {
  const given = await request.arrayBuffer().catch(() => {
    throw new ApiError(400, 'The request ended before its body did.');
  });
  const text = textOfBody(given);
  if (text !== undefined) return text;
  throw new ApiError(400, 'The body is not JSON: it is not UTF-8.');
}

async function perform(
  state: SandboxState,
  route: Route,
  { request, url, params, text }: Incoming & { readonly text: string },
): Promise<{ status: number; body: string }> {
  const { environment } = state;
  const asked = headersOf(request, environment);
  const { filters = [], isPaged = false } = route;
  const query = parseQuery(url.searchParams, { filters, isPaged, onUnknown: state.onUnknown });
  const { include, fields } = query;
  const view: View = { ...asked, include, fields, fileOrigin: environment.settings.baseUrl };
  const given = bodyOf(text);
  const rawBody = given === undefined ? undefined : canonicalBody(given);
  const schemas =
    request.method === 'GET' ? undefined : (state.schemas ??= await import('../requests/schemas.ts'));
  const call = callOf(state, { route, url, params, query, view, rawBody, schemas });
  const { status = 200, ...result } = await route.handle(call);
  hintAt(state.hints, { operation: route.operation, url, body: given, view, answer: result });
  const seen = request.method === 'GET' ? { ...result, data: state.asSeen(result.data) } : result;
  const document = renderAnswer(seen, view, { store: environment.store, nowMs: nowMs(environment) });
  return { status, body: serialise(document) };
}

function headersOf({ headers }: TextRequest, { settings }: Environment) {
  return {
    apiVersion: readVersion(headers.get('persona-version'), settings.apiVersion),
    inflection: readInflection(headers.get('key-inflection')),
  };
}

/** @throws {ApiError} 400 for what is not JSON, or too deep */
function bodyOf(text: string): JsonValue | undefined {
  if (text.trim() === '') return undefined;
  const value = parsed(text);
  if (isTooDeep(value)) throw new ApiError(400, `The body is nested more than ${DEPTH_MAX} levels deep.`);
  return value;
}

function parsed(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    throw new ApiError(400, 'The body is not JSON.');
  }
}

interface CallParts extends Pick<Call, 'url' | 'query' | 'view' | 'rawBody'> {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
  /** Undefined where there can be no body. */
  readonly schemas: Schemas | undefined;
}

function callOf(state: SandboxState, { route, params, schemas, ...parts }: CallParts): Call {
  const { environment, hints, onUnknown } = state;
  const options = { operation: route.operation, onUnknown };
  return {
    ...parts,
    environment,
    param: (name) => params[name] ?? '',
    body: (name) => parseBody(schemaOf(schemas, name), parts.rawBody, options),
    hint: (kind, sentence) => hints.tell(kind, sentence),
  };
}

function schemaOf<Name extends SchemaName>(
  schemas: Schemas | undefined,
  name: Name,
): z.ZodType<Bodies[Name]> {
  if (schemas === undefined) throw new Error(`a GET has no body for ${name}`);
  const byName: { readonly [Each in SchemaName]: z.ZodType<Bodies[Each]> } = schemas;
  return byName[name];
}

/** Every authenticated answer has the same headers. */
export function jsonResponse(state: SandboxState, status: number, text: string): TextReply {
  const { environment } = state;
  const headers = {
    ...JSON_TYPE,
    ...state.rateLimit.headers(nowMs(environment)),
    'request-id': newId('req', state.requestRandom),
    'persona-environment-id': environment.settings.environmentId,
    'persona-organization-id': environment.settings.organizationId,
  };
  return { status, headers, text };
}

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

/** @throws what is not a refusal: a bug of ours */
export function errorResponse(state: SandboxState, error: unknown): TextReply {
  if (!(error instanceof ApiError)) throw error;
  const text = serialise(fromValue(error.body() as JsonValue));
  if (error.status === 401) return { status: 401, headers: JSON_TYPE, text };
  const kind = error.message.replace(/\b[a-z]+_[0-9A-Za-z]{8,}/g, '{id}');
  state.hints.tell(kind, `${error.status}: ${error.message}`);
  hintAtError(state.hints);
  const answered = jsonResponse(state, error.status, text);
  if (error.status !== 429) return answered;
  const { headers } = answered;
  const retryAfter = headers['ratelimit-reset'] ?? '60';
  return { ...answered, headers: { ...headers, 'ratelimit-remaining': '0', 'retry-after': retryAfter } };
}
