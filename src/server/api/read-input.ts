import type * as z from 'zod';
import { HookcastError } from '../../errors.ts';
import { DEPTH_MAX, isTooDeep } from '../../json/depth.ts';
import { parseJson } from '../../json/text.ts';
import { explainIssue, foremost, membersAt } from '../../json/validate.ts';
import { meant, nearest } from '../../text/nearest.ts';
import { textOfBody } from '../../text/utf8.ts';
import { BODY_BYTES_MAX } from './limits.ts';
import { ProblemError, REFUSED } from './problem.ts';
import type { ApiRequest } from './route.ts';

/** Checks the parameters behind the `?`. @throws {ProblemError} */
export function readQuery(schema: z.ZodObject | undefined, url: URL): unknown {
  const known = Object.keys(schema?.shape ?? {});
  const given: Record<string, string> = {};
  for (const [name, value] of url.searchParams) {
    if (!known.includes(name)) throw unknownName(REFUSED.unknownParameter, { name, known }, `query.${name}`);
    if (name in given) {
      throw new ProblemError(REFUSED.invalidParameter, `the parameter '${name}' is given twice`, {
        where: `query.${name}`,
      });
    }
    given[name] = value;
  }
  return schema === undefined ? undefined : checked(schema, given, 'query');
}

/** Reads the body as JSON, within the limits. @throws {ProblemError} */
export async function readText(request: ApiRequest): Promise<string> {
  const length = Number(request.headers.get('content-length') ?? 'NaN');
  if (length > BODY_BYTES_MAX) throw tooLarge();
  try {
    // With a length, Node reads no more than that.
    if (Number.isFinite(length)) return textOf(await request.arrayBuffer());
    return request.body === null ? '' : textOf(await readLimited(request.body));
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    throw new ProblemError(REFUSED.badRequest, 'the request ended before its body did');
  }
}

function textOf(given: ArrayBuffer | Buffer): string {
  const text = textOfBody(given);
  if (text !== undefined) return text;
  throw new ProblemError(REFUSED.invalidJson, 'the body is not JSON: it is not UTF-8', { where: 'body' });
}

async function readLimited(stream: ReadableStream<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.byteLength;
    if (size > BODY_BYTES_MAX) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** @throws {ProblemError} for what is not JSON, too deep, or not as the schema says */
export function readBody(
  schema: z.ZodType,
  text: string,
  prepare: (value: unknown) => unknown = (value) => value,
): unknown {
  return checked(schema, prepare(parsed(text)), 'body');
}

function parsed(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ProblemError(REFUSED.invalidJson, reasonOf(text), { where: 'body' });
  }
  if (isTooDeep(value)) {
    const detail = `the body is nested more than ${DEPTH_MAX} levels deep`;
    throw new ProblemError(REFUSED.invalidBody, detail, { where: 'body' });
  }
  return value;
}

function reasonOf(text: string): string {
  if (text.trim() === '') return 'the body is empty; this route expects a JSON object';
  try {
    parseJson(text);
    return 'the body is not JSON';
  } catch (error) {
    return error instanceof HookcastError ? `the body is not JSON: ${error.message}` : 'the body is not JSON';
  }
}

function checked(schema: z.ZodType, value: unknown, place: 'query' | 'body'): unknown {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = foremost(result.error.issues);
  const fault = explainIssue(issue, value);
  if (fault.unknownKey !== undefined) {
    const names = { name: fault.unknownKey, known: membersAt(schema, issue.path) };
    throw unknownName(REFUSED.unknownMember, names, `body.${fault.where}`);
  }
  const code = place === 'query' ? REFUSED.invalidParameter : REFUSED.invalidBody;
  const where = fault.where === '' ? place : `${place}.${fault.where}`;
  const { expected, found, near } = fault;
  const guess = near.length === 0 ? '' : `; did you mean ${near.join(', ')}?`;
  const extras = { where, near: near.length === 0 ? undefined : near };
  throw new ProblemError(code, `${where}: expected ${expected}, found ${found}${guess}`, extras);
}

function unknownName(
  code: readonly [number, string],
  { name, known }: { name: string; known: readonly string[] },
  where: string,
): ProblemError {
  const near = nearest(name, known);
  const what = code === REFUSED.unknownMember ? 'member' : 'parameter';
  const all = known.length === 0 ? 'there are none here' : `known: ${known.join(', ')}`;
  return new ProblemError(code, `unknown ${what} '${name}'; ${meant(near, all)}`, { near, where });
}

function tooLarge(): ProblemError {
  const detail = `the body is larger than ${BODY_BYTES_MAX} bytes`;
  return new ProblemError(REFUSED.tooLarge, detail, { headers: { connection: 'close' } });
}
