import { isUtf8 } from 'node:buffer';
import { ContentError } from '../errors.ts';

/**
 * The text of a file, which has to be UTF-8: a byte that is not is never replaced. A byte order mark at the start is
 * left out. @throws {ContentError} with line and column of the first wrong byte, or naming UTF-16
 */
export function textOfFile(bytes: Buffer, path: string): string {
  if (isUtf16(bytes)) throw utf16Error(path);
  if (!isUtf8(bytes)) throw wrongByteError(bytes, path);
  return bytes.toString('utf8').replace(/^\uFEFF/, '');
}

/** The text of a request's body; undefined for bytes that are not UTF-8. */
export function textOfBody(given: ArrayBuffer | Buffer): string | undefined {
  const bytes = Buffer.isBuffer(given) ? given : Buffer.from(given);
  return isUtf8(bytes) ? bytes.toString('utf8') : undefined;
}

/** What makes bytes doubtful that are to be kept as they are; undefined for UTF-8. */
export function doubtOf(bytes: Buffer): string | undefined {
  if (isUtf16(bytes)) return 'this is UTF-16, and Persona sends UTF-8';
  if (isUtf8(bytes)) return undefined;
  const { line, column, byte } = firstWrongByte(bytes);
  const place = `line ${line}, column ${column}`;
  return `the byte ${hexOf(byte)} at ${place} is not UTF-8, and Persona sends UTF-8`;
}

function hexOf(byte: number): string {
  return `0x${byte.toString(16).padStart(2, '0')}`;
}

/** By its byte order mark or, in a text that begins with ASCII, by the zero that every second byte is. */
export function isUtf16(bytes: Buffer): boolean {
  if (bytes.length < 2) return false;
  const mark = bytes.readUInt16BE(0);
  if (mark === 0xfeff || mark === 0xfffe) return true;
  return bytes.length >= 4 && [0, 1].some((first) => isAsciiPair(bytes, first));
}

function isAsciiPair(bytes: Buffer, first: number): boolean {
  const other = 1 - first;
  return [0, 2].every((at) => (bytes[at + first] ?? 0) !== 0 && bytes[at + other] === 0);
}

function utf16Error(path: string): ContentError {
  return new ContentError(path, {
    where: 'the start',
    expected: 'UTF-8 text',
    found: 'UTF-16',
    hint: `save it as UTF-8, in Windows PowerShell with: Get-Content old.json | Out-File new.json -Encoding utf8`,
  });
}

function wrongByteError(bytes: Buffer, path: string): ContentError {
  const { line, column, byte } = firstWrongByte(bytes);
  return new ContentError(path, {
    where: `line ${line}, column ${column}`,
    expected: 'UTF-8 text',
    found: `the byte ${hexOf(byte)}`,
    hint: 'is it Latin-1? save it as UTF-8, e.g. with: iconv -f latin1 -t utf-8 old.json > new.json',
  });
}

const LINE_FEED = 0x0a;

function firstWrongByte(bytes: Buffer): { line: number; column: number; byte: number } {
  let [line, start] = [1, 0];
  for (;;) {
    const feed = bytes.indexOf(LINE_FEED, start);
    const end = feed === -1 ? bytes.length : feed;
    const text = bytes.subarray(start, end);
    if (!isUtf8(text) || feed === -1) return { line, ...wrongIn(text) };
    line += 1;
    start = end + 1;
  }
}

/** Columns count characters. */
function wrongIn(text: Buffer): { column: number; byte: number } {
  let [offset, column] = [0, 1];
  for (; offset < text.length; column += 1) {
    const length = lengthOfCharacter(text[offset] ?? 0);
    if (!isUtf8(text.subarray(offset, offset + length))) break;
    offset += length;
  }
  return { column, byte: text[offset] ?? 0 };
}

/** In bytes, as the first of them says. */
function lengthOfCharacter(first: number): number {
  if (first >= 0xf0) return 4;
  if (first >= 0xe0) return 3;
  return first >= 0xc0 ? 2 : 1;
}
