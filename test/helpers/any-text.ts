import fc from 'fast-check';

interface Limits {
  readonly maxLength?: number;
}

const SURROGATES = { from: 0xd800, count: 0x800 };

/** Any text, lone surrogates among it. */
export function anyText(limits: Limits = {}): fc.Arbitrary<string> {
  return textOf(fc.nat(0x10ffff), limits);
}

/** Any text that UTF-8 can hold. As fast-check's unit `binary`, each of which takes most of a second to set up. */
export function anyUnicode(limits: Limits = {}): fc.Arbitrary<string> {
  const { from, count } = SURROGATES;
  const points = fc.nat(0x10ffff - count).map((point) => (point < from ? point : point + count));
  return textOf(points, limits);
}

function textOf(points: fc.Arbitrary<number>, limits: Limits): fc.Arbitrary<string> {
  return fc.string({ unit: points.map((point) => String.fromCodePoint(point)), ...limits });
}
