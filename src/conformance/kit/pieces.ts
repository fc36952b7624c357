import type { BodyPart } from '../../http/wire.ts';

/** A body in this many pieces, each written after a pause. */
export function inPieces(body: Buffer, pieces: number, pauseMs: number): readonly BodyPart[] {
  const size = Math.ceil(body.length / pieces);
  return Array.from({ length: pieces }, (_, index) => ({
    bytes: body.subarray(index * size, (index + 1) * size),
    pauseMs,
  }));
}
