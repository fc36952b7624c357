import fc from 'fast-check';

/** Any text, lone surrogates among it. As fast-check's unit `binary`, which takes most of a second to set up. */
export function anyText(limits: { maxLength?: number } = {}): fc.Arbitrary<string> {
  const unit = fc.nat(0x10ffff).map((point) => String.fromCodePoint(point));
  return fc.string({ unit, ...limits });
}
