import { CONTENT_TYPE } from '../../persona/contract.ts';
import { readHeaderLines } from './headers.ts';
import type { HeaderList, Recording } from '../recording.ts';
import { ForeignFileError, type ReadContext } from '../source.ts';
import { doubtOf } from '../../text/utf8.ts';
import { eventOf } from '../identify.ts';
import { NOWHERE } from './events.ts';
import { foundInstead } from './found-instead.ts';

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
