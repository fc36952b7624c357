import { signal } from '@preact/signals';
import type { Problem } from './records.ts';
import { recordedAnswer, recording } from './recording.ts';

export const NO_ANSWER = 'hookcast does not answer. Is `hookcast serve` still running?';

const TOKEN = 'hookcast-token';

/** The server refuses every change, or there is none behind this page: nothing that would change something is shown. */
export const isReadOnly = signal(recording !== undefined);

/** An answer that is not the one asked for, with the server's words. */
export class ApiError extends Error {
  readonly problem: Partial<Problem>;

  constructor(message: string, problem: Partial<Problem> = {}) {
    super(message);
    this.problem = problem;
  }
}

/** Takes `#token=…` out of the address, so that it is neither seen nor shared. */
export function takeToken(): void {
  const token = /^#token=(.+)$/.exec(location.hash)?.[1];
  if (token === undefined) return;
  keepToken(decodeURIComponent(token));
  history.replaceState(null, '', '#/deliveries');
}

/** For this tab only. */
export function keepToken(token: string): void {
  sessionStorage.setItem(TOKEN, token);
}

export function authorization(): Record<string, string> {
  const token = recording === undefined ? sessionStorage.getItem(TOKEN) : null;
  return token === null ? {} : { authorization: `Bearer ${token}` };
}

/** @throws {ApiError} */
export async function get<Answer>(path: string, signal?: AbortSignal): Promise<Answer> {
  if (recording !== undefined) return recordedAnswer(path) as Answer;
  return answerOf<Answer>(await send(path, { signal: signal ?? null, headers: authorization() }));
}

/** @throws {ApiError} */
export async function getText(path: string): Promise<string> {
  const response = await send(path, { headers: authorization() });
  if (!response.ok) throw await errorOf(response);
  return response.text();
}

/** @throws {ApiError} */
export async function change<Answer>(
  method: 'POST' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<Answer> {
  const json = body === undefined ? undefined : JSON.stringify(body);
  return answerOf<Answer>(
    await send(path, {
      method,
      ...(json === undefined ? {} : { body: json }),
      headers: { ...authorization(), ...(json === undefined ? {} : { 'content-type': 'application/json' }) },
    }),
  );
}

export const post = <Answer>(path: string, body?: unknown) => change<Answer>('POST', path, body);

/** What the server answers, whatever that is. @throws {ApiError} when it does not answer */
export async function send(path: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { cache: 'no-store', ...init });
  } catch (error) {
    if (init.signal?.aborted === true) throw error;
    throw new ApiError(NO_ANSWER);
  }
  isReadOnly.value = response.headers.get('hookcast-read-only') === 'true';
  return response;
}

async function answerOf<Answer>(response: Response): Promise<Answer> {
  if (!response.ok) throw await errorOf(response);
  return (response.status === 204 ? undefined : await response.json()) as Answer;
}

export async function errorOf(response: Response): Promise<ApiError> {
  const text = await response.text();
  try {
    const problem = JSON.parse(text) as Problem;
    return new ApiError(problem.detail, problem);
  } catch {
    return new ApiError(`the server answered ${response.status}: ${text.slice(0, 200)}`);
  }
}

/** A path under the API with its names escaped. */
export function pathOf(strings: TemplateStringsArray, ...names: readonly (string | number)[]): string {
  return String.raw({ raw: strings }, ...names.map((name) => encodeURIComponent(name)));
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
