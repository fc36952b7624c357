import { fault } from '../source.ts';

/** A chunked body (RFC 9112, 7.1), its trailers left out. @throws {ContentError} */
export function readChunks(
  bytes: Buffer,
  start: number,
  { path, where }: { path: string; where: string },
): { body: Buffer; end: number } {
  const chunks: Buffer[] = [];
  let at = start;
  for (;;) {
    const line = chunkLine(bytes, at);
    const size = line === undefined ? undefined : sizeOf(line.text);
    if (line === undefined || size === undefined || line.end + size > bytes.length)
      throw fault(path, where, {
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
