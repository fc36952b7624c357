const [CR, LF] = [0x0d, 0x0a];
/** More than any real chunk needs, and few enough for a number. */
const MAX_DIGITS = 8;

/** How many hexadecimal digits begin here, when nothing but CR LF follows them; otherwise 0. */
export function chunkSizeDigits(bytes: Buffer, from: number): number {
  let at = from;
  while (at - from < MAX_DIGITS && hexDigit(bytes[at]) >= 0) at += 1;
  return isLineEnd(bytes, at) ? at - from : 0;
}

export function hexNumber(bytes: Buffer, from: number, to: number): number {
  let number = 0;
  for (let at = from; at < to; at += 1) number = number * 16 + hexDigit(bytes[at]);
  return number;
}

export function isLineEnd(bytes: Buffer, at: number): boolean {
  return bytes[at] === CR && bytes[at + 1] === LF;
}

/** -1 for any other byte. */
function hexDigit(byte = 0): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
