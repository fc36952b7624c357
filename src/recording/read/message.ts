import {
  fault,
  headerOf,
  type HeaderList,
  type Place,
  type Recording,
  type ReadContext,
} from '../recording.ts';
import { markedJsonValue } from '../body-text.ts';
import { readHeaderLines } from './headers.ts';
import { checkedUrl } from '../ndjson.ts';

const REQUEST_LINE = /^([A-Z]+) (\S+) HTTP\/\d(?:\.\d)?$/;

/** Does a file that begins so hold an HTTP message? */
export function isMessageStart(head: Buffer): boolean {
  return REQUEST_LINE.test(lineAt(withoutMark(head), 0).text);
}

/** Editors put a byte order mark in front of a file; in front of a request it is not part of it. */
function withoutMark(bytes: Buffer): Buffer {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

/** Requests as they went over the wire: request line, headers, empty line, body; one after the other. */
export async function* readMessages(path: string, { files, warn }: ReadContext): AsyncGenerator<Recording> {
  const bytes = withoutMark(await files.read(path));
  let start = 0;
  let line = 1;
  while (start < bytes.length) {
    const message = readMessage(bytes, { path, start, line });
    const { method, body } = message.recording;
    if (
      method === 'POST' &&
      !hasLength(message.recording) &&
      markedJsonValue(body.toString('utf8')) === undefined
    )
      warn(`${path}: line ${line}: no Content-Length, and the body is not JSON: is it whole?`);
    yield message.recording;
    line += linesIn(bytes.subarray(start, message.end));
    start = message.end;
    // Editors end a file with a line feed of their own.
    while (bytes[start] === 0x0a || bytes[start] === 0x0d) start += 1;
  }
}

function hasLength({ headers }: Recording): boolean {
  const names = headers.map(([name]) => name.toLowerCase());
  return names.includes('content-length') || names.includes('transfer-encoding');
}

interface Cursor {
  readonly path: string;
  readonly start: number;
  /** Of the file, counted from 1. */
  readonly line: number;
}

function readMessage(bytes: Buffer, cursor: Cursor): { recording: Recording; end: number } {
  const { path, start, line } = cursor;
  const place = { path, where: `line ${line}` };
  const first = lineAt(bytes, start);
  const [, method, target] = REQUEST_LINE.exec(first.text) ?? [];
  if (method === undefined || target === undefined) {
    throw fault(place, {
      expected: 'a request line such as POST /webhooks HTTP/1.1, or the end of the file',
      found: JSON.stringify(first.text.slice(0, 60)),
      hint: 'is Content-Length of the request before it too small?',
    });
  }
  const lines: string[] = [];
  let next = first.end;
  for (;;) {
    const { text, end, isLast } = lineAt(bytes, next);
    next = end;
    if (text === '') break;
    if (isLast) throw missingBody(path, line + lines.length + 1);
    lines.push(text);
  }
  const headers = readHeaderLines(lines, { path, firstLine: line + 1 });
  const { body, end } = readBody(bytes, next, { path, line, headers });
  const host = headerOf(headers, 'host') ?? 'localhost';
  const url = /^https?:/i.test(target) ? target : `http://${host}${target}`;
  return {
    recording: { method, url: checkedUrl(url, place), headers, body },
    end,
  };
}

function missingBody(path: string, line: number) {
  const place = { path, where: `line ${line}` };
  return fault(place, {
    expected: 'an empty line after the headers, and the body',
    found: 'the end of the file',
  });
}

function readBody(
  bytes: Buffer,
  start: number,
  { path, line, headers }: { path: string; line: number; headers: HeaderList },
): { body: Buffer; end: number } {
  const place = { path, where: `the request of line ${line}` };
  if (/\bchunked\b/i.test(headerOf(headers, 'transfer-encoding') ?? ''))
    return readChunks(bytes, start, place);
  const length = headerOf(headers, 'content-length')?.trim();
  if (length === undefined) return withoutLength(bytes, start);
  const end = start + Number(length);
  if (/^\d{1,15}$/.test(length) && end <= bytes.length) return { body: bytes.subarray(start, end), end };
  throw fault(place, {
    expected: `a body of ${length} bytes (Content-Length)`,
    found: `${bytes.length - start} bytes`,
    hint: 'was the body cut, or changed by an editor? Correct Content-Length only if the bytes are right',
  });
}

/**
 * RFC 9112, 6.3: without a length there is no body, and the next request may follow at once. What people save by hand
 * has a body all the same: all that is not the next request.
 */
function withoutLength(bytes: Buffer, start: number): { body: Buffer; end: number } {
  for (let at = start; at < bytes.length; at = lineAt(bytes, at).end)
    if (isMessageStart(bytes.subarray(at, at + 8_192))) return { body: bytes.subarray(start, at), end: at };
  return { body: bytes.subarray(start), end: bytes.length };
}

/** Line ends are CR LF, or LF alone as tools write them. Latin-1: a character is a byte. */
export function lineAt(bytes: Buffer, start: number): { text: string; end: number; isLast: boolean } {
  const feed = bytes.indexOf(0x0a, start);
  const isLast = feed < 0;
  const stop = isLast ? bytes.length : feed;
  const text = bytes.toString('latin1', start, Math.min(stop, start + 65_536)).replace(/\r$/, '');
  return { text, end: isLast ? bytes.length : feed + 1, isLast };
}

function linesIn(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, at + 1)) count += 1;
  return count;
}

/** A chunked body (RFC 9112, 7.1), its trailers left out. @throws {ContentError} */
function readChunks(bytes: Buffer, start: number, place: Place): { body: Buffer; end: number } {
  const chunks: Buffer[] = [];
  let at = start;
  for (;;) {
    const line = chunkLine(bytes, at);
    const size = line === undefined ? undefined : sizeOf(line.text);
    if (line === undefined || size === undefined || line.end + size > bytes.length)
      throw fault(place, {
        expected: 'a body in chunks',
        found: `something else at byte ${at}`,
        hint: 'was it recorded without its chunks? Then leave out Transfer-Encoding',
      });
    at = line.end + size;
    if (size === 0) return { body: Buffer.concat(chunks), end: afterTrailers(bytes, at) };
    chunks.push(bytes.subarray(line.end, at));
    at = chunkLine(bytes, at)?.end ?? bytes.length;
  }
}

function chunkLine(bytes: Buffer, start: number): { text: string; end: number } | undefined {
  const feed = bytes.indexOf(0x0a, start);
  if (feed < 0 || feed - start > 1_000) return undefined;
  return { text: bytes.toString('latin1', start, feed).trim(), end: feed + 1 };
}

function sizeOf(text: string): number | undefined {
  const digits = /^[0-9a-f]{1,12}(?=$|[ \t;])/i.exec(text)?.[0];
  return digits === undefined ? undefined : Number.parseInt(digits, 16);
}

function afterTrailers(bytes: Buffer, start: number): number {
  let at = start;
  for (;;) {
    const line = chunkLine(bytes, at);
    if (line === undefined) return bytes.length;
    at = line.end;
    if (line.text === '') return at;
  }
}
