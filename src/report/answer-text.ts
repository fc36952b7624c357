import { brotliDecompressSync, constants, gunzipSync, inflateSync } from 'node:zlib';
import type { HttpResponse } from '../ports.ts';
import { counted } from '../text/plural.ts';

/** Of a decoded body; a small one can expand to gigabytes. */
const MOST_BYTES = 65_536;

/** The body of an answer for people: decoded, trimmed, and not yet escaped; its size where it is not text. */
export function answerText({ headers, body }: HttpResponse): string {
  const bytes = decoded(body, String(headers['content-encoding'] ?? '').toLowerCase());
  const text = bytes?.toString('utf8').trim();
  // A multi-byte character may be cut off at the end.
  const isText = text !== undefined && !/\0|\ufffd(?!$)/.test(text);
  return isText ? text : `${counted(body.length, 'byte')}, not text`;
}

/** Undefined when the bytes are not in the encoding that the answer names, or in one that is not known. */
function decoded(body: Buffer, encoding: string): Buffer | undefined {
  // What was cut off is decoded as far as it goes.
  const limits = { maxOutputLength: MOST_BYTES, finishFlush: constants.Z_SYNC_FLUSH };
  try {
    switch (encoding) {
      case '':
      case 'identity':
        return body;
      case 'gzip':
      case 'x-gzip':
        return gunzipSync(body, limits);
      case 'deflate':
        return inflateSync(body, limits);
      case 'br':
        return brotliDecompressSync(body, {
          maxOutputLength: MOST_BYTES,
          finishFlush: constants.BROTLI_OPERATION_FLUSH,
        });
      default:
        return undefined;
    }
  } catch {
    return undefined;
  }
}
