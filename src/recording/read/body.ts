import { CONTENT_TYPE } from '../../persona/contract.ts';
import { readHeaderLines } from './headers.ts';
import { ForeignFileError, type HeaderList, type Recording, type ReadContext } from '../recording.ts';
import { doubtOf } from '../../text/utf8.ts';
import { eventOf } from '../identify.ts';

/** `event.json` has its headers in `event.headers`. */
export function headersPathOf(path: string): string {
  return path.replace(/(?<=[^/\\])\.[^./\\]*$/, '') + '.headers';
}

/**
 * A file that is nothing but a body. Any bytes can be one, also a recording that is damaged: so it must be an
 * event, or have its headers beside it or given by hand.
 * @throws {ContentError} otherwise
 */
export async function readBody(path: string, body: Buffer, context: ReadContext): Promise<Recording> {
  const headers = await headersOf(path, context);
  const isEvent = eventOf(body).name !== undefined;
  if (headers === undefined && !isEvent) {
    throw new ForeignFileError(path, {
      where: 'the beginning',
      expected: 'NDJSON of hookcast, HAR, an HTTP request, or the body of an event',
      ...foundInstead(body, headersPathOf(path)),
    });
  }
  const doubt = doubtOf(body);
  if (doubt !== undefined) context.warn(`${path}: ${doubt}; it is replayed as it is`);
  return { method: 'POST', url: NOWHERE, headers: headers ?? [['Content-Type', CONTENT_TYPE]], body };
}

async function headersOf(path: string, { files, headers }: ReadContext): Promise<HeaderList | undefined> {
  const beside = headersPathOf(path);
  if (!(await files.exists(beside))) return headers;
  const text = (await files.read(beside)).toString('latin1');
  const lines = text.split(/\r?\n/);
  // A whole head may have been saved: its request line is not a header.
  const skipped = /^[A-Z]+ \S+ HTTP\//.test(lines[0] ?? '') ? 1 : 0;
  const end = lines.indexOf('', skipped);
  const own = lines.slice(skipped, end < 0 ? lines.length : end);
  return readHeaderLines(own, { path: beside, firstLine: 1 + skipped });
}

const NOWHERE = 'http://localhost/';

/** A file of bodies, one event a line, as a log pipeline gives them: are its first two lines events? */
export async function holdsEventLines(path: string, { files }: ReadContext): Promise<boolean> {
  let events = 0;
  for await (const { bytes } of files.lines(path)) {
    if (bytes.length === 0) continue;
    if (eventOf(bytes).name === undefined) return false;
    events += 1;
    if (events === 2) return true;
  }
  return false;
}

/** Line by line; what is not an event is left out and reported. */
export async function* readEventLines(path: string, { files, warn }: ReadContext): AsyncGenerator<Recording> {
  let number = 0;
  for await (const { bytes } of files.lines(path)) {
    number += 1;
    const body = bytes.at(-1) === 0x0d ? bytes.subarray(0, -1) : bytes;
    if (body.length === 0) continue;
    if (eventOf(body).name === undefined) warn(`${path}: line ${number} is not an event and is left out`);
    else yield { method: 'POST', url: NOWHERE, headers: [['Content-Type', CONTENT_TYPE]], body };
  }
}

/** What a file is that holds no recording, and what to save in its place. */
function foundInstead(bytes: Buffer, headersPath: string): { found: string; hint?: string } {
  if (bytes.length === 0) return { found: 'an empty file' };
  const encoding = utf16(bytes);
  if (encoding !== undefined)
    return { found: `text in ${encoding}`, hint: 'save it as UTF-8; in PowerShell: Out-File -Encoding utf8' };
  const text = bytes.toString('latin1', 0, 65_536);
  if (/^[>*<] /.test(text))
    return {
      found: 'the output of curl -v, which does not hold the body',
      hint: `save the body itself as event.json, and the lines that begin with > as event.headers, without the >`,
    };
  if (/\{"data":\{/.test(text) && !text.startsWith('{'))
    return {
      found: 'a line of a log with an event in it',
      hint: 'save the event alone, from its first { to its last }; one event on each line will do',
    };
  // Control characters that no text has.
  if (/[\0-\x08\x0e-\x1a\x1c-\x1f]/.test(text.slice(0, 1_024))) return { found: 'a binary file' };
  if (!/^\s*[{[]/.test(text)) return { found: 'other text' };
  return {
    found: 'other JSON',
    hint: `if it is a body, put its headers into ${headersPath}, or pass the header 'Content-Type: application/json'`,
  };
}

function utf16(bytes: Buffer): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'UTF-16';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'UTF-16';
  return undefined;
}
