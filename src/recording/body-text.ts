import { jsonValue } from '../text/json-value.ts';
import { fault, type Place } from './recording.ts';

/** Bytes in a JSON file: the text itself where it comes back to the byte, base64 where it would not. */
export interface BodyText {
  readonly text: string;
  readonly encoding?: 'base64';
}

/** A byte order mark is kept: it is part of what was signed. */
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function bodyText(body: Buffer): BodyText {
  try {
    return { text: UTF8.decode(body) };
  } catch {
    return { text: body.toString('base64'), encoding: 'base64' };
  }
}

/** What a JSON text says, a byte order mark in front of it left out; undefined for any other text. */
export function markedJsonValue(text: string): unknown {
  return jsonValue(text.replace(/^\ufeff/, ''));
}

/** @throws {ContentError} for base64 that is none: `Buffer.from` would leave out what it cannot read */
export function bodyBytes(text: string, encoding: string | undefined, place: Place): Buffer {
  if (encoding !== 'base64') return Buffer.from(text, 'utf8');
  const bare = text.replace(/[\r\n]/g, '');
  const isBase64 = /^[A-Za-z0-9+/]*={0,2}$/.test(bare) && bare.length % 4 === 0;
  if (!isBase64) throw fault(place, { expected: 'base64', found: 'other text' });
  return Buffer.from(bare, 'base64');
}
