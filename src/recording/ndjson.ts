import { isUtf8 } from 'node:buffer';
import * as z from 'zod';
import { jsonPath } from '../json/validate.ts';
import { bodyBytes, bodyText, markedJsonValue } from './body-text.ts';
import { fault, type Place, type RecordedAnswer, type Recording, type ReadContext } from './recording.ts';
import { checkedHeaders } from './read/headers.ts';

const headers = z.array(z.tuple([z.string(), z.string()]));
const encoding = z.literal('base64').optional();

/** What a recording says beside the request and its answer, in every form that it is written in. */
export const remarks = {
  eventId: z.string().optional(),
  eventName: z.string().optional(),
  attempt: z.int().min(1).optional(),
  deliveryId: z.string().optional(),
  altered: z.enum(['scrubbed', 're-encoded']).optional(),
  failure: z.object({ code: z.string(), reason: z.string() }).optional(),
  timings: z
    .object({ connectMs: z.number().optional(), firstByteMs: z.number().optional(), totalMs: z.number() })
    .optional(),
};

/** One line of a recording. Members are only ever added. */
const lineSchema = z.object({
  type: z.literal('recording'),
  at: z.iso.datetime({ offset: true }).optional(),
  ...remarks,
  request: z.object({
    method: z.string().regex(/^[A-Za-z]+$/),
    url: z.string(),
    headers,
    body: z.string(),
    bodyEncoding: encoding,
  }),
  answer: z
    .object({
      status: z.int().min(100).max(999),
      headers,
      body: z.string(),
      bodyEncoding: encoding,
      truncated: z.boolean().optional(),
    })
    .optional(),
});
type Line = z.infer<typeof lineSchema>;

/** One line without its line feed. */
export function recordingLine(recording: Recording): string {
  const { atMs, eventId, eventName, attempt, deliveryId, altered, failure, timings } = recording;
  const { method, url, headers: requestHeaders, body, answer } = recording;
  return JSON.stringify({
    type: 'recording',
    at: atMs === undefined ? undefined : new Date(atMs).toISOString(),
    ...{ eventId, eventName, attempt, deliveryId, altered },
    request: { method, url, headers: requestHeaders, ...bodyMembers(body) },
    answer: answer === undefined ? undefined : answerMembers(answer),
    ...{ failure, timings },
  });
}

function bodyMembers(bytes: Buffer) {
  const { text, encoding: bodyEncoding } = bodyText(bytes);
  return { body: text, bodyEncoding };
}

function answerMembers({ status, headers: answerHeaders, body, truncated }: RecordedAnswer) {
  return { status, headers: answerHeaders, ...bodyMembers(body), truncated: truncated ? true : undefined };
}

/** Line by line, so that the file may be larger than memory. */
export async function* readNdjson(path: string, { files, warn }: ReadContext): AsyncGenerator<Recording> {
  let number = 0;
  for await (const { bytes, isComplete } of files.lines(path)) {
    number += 1;
    const text = bytes.toString('utf8').trim();
    if (text === '') continue;
    if (!isUtf8(bytes)) throw notUtf8(path, number);
    const value = markedJsonValue(text);
    if (value === undefined && !isComplete) {
      warn(`${path}: line ${number} is cut off in the middle and left out`);
      return;
    }
    yield recordingOf(value, { path, where: `line ${number}` });
  }
}

/** A replaced byte would change the body that is replayed. */
function notUtf8(path: string, line: number) {
  const hint = 'record and export write UTF-8: was the file converted since?';
  const place = { path, where: `line ${line}` };
  return fault(place, { expected: 'UTF-8 text', found: 'other bytes', hint });
}

/** Does a file that begins with this line hold recordings? */
export function isRecordingLine(text: string): boolean {
  return isRecording(markedJsonValue(text));
}

/** A recording that is a document of its own, over several lines. @throws {ContentError} */
export function recordingOfDocument(value: unknown, path: string): Recording {
  return recordingOf(value, { path, where: 'the document' });
}

export function isRecording(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'recording';
}

function recordingOf(value: unknown, place: Place): Recording {
  if (value === undefined) throw fault(place, { expected: 'a JSON object', found: 'text that is not JSON' });
  const result = lineSchema.safeParse(value);
  if (!result.success) {
    const issue = result.error.issues[0];
    const member = { ...place, where: `${place.where}, ${jsonPath(issue?.path ?? [])}` };
    throw fault(member, { expected: 'a recording', found: issue?.message ?? 'something else' });
  }
  return fromLine(result.data, place);
}

function fromLine(line: Line, place: Place): Recording {
  const { at, request, answer, eventId, eventName, attempt, deliveryId, altered, failure, timings } = line;
  return {
    method: request.method,
    url: checkedUrl(request.url, place),
    headers: checkedHeaders(request.headers, place),
    body: bytesOf(request, place),
    atMs: at === undefined ? undefined : Date.parse(at),
    ...{ eventId, eventName, attempt, deliveryId, altered, failure, timings },
    answer: answer && {
      status: answer.status,
      headers: answer.headers,
      body: bytesOf(answer, place),
      truncated: answer.truncated ?? false,
    },
  };
}

function bytesOf({ body, bodyEncoding }: Pick<Line['request'], 'body' | 'bodyEncoding'>, place: Place) {
  return bodyBytes(body, bodyEncoding, { ...place, where: `${place.where}, body` });
}

/** @throws {ContentError} */
export function checkedUrl(url: string, place: Place): string {
  if (URL.canParse(url)) return url;
  throw fault(place, { expected: 'a complete URL of the request', found: JSON.stringify(url) });
}
