import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printable, printableLines } from '../../src/text/printable.ts';
import { anyUnicode } from '../helpers/any-text.ts';

/** What a terminal or a log could take for more than text. */
const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u;
const wild = fc.oneof(
  anyUnicode(),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) }),
  fc.string({ unit: fc.integer({ min: 0, max: 0x9f }).map((unit) => String.fromCharCode(unit)) }),
);

describe('printable text', () => {
  it('makes control characters visible', () => {
    expect(printable('a\u001b[31mb\u009bc\nd\r\te\u007f\u202e\u2028\ud800f')).toBe(
      'a\\u001b[31mb\\u009bc\\nd\\r\\te\\u007f\\u202e\\u2028\\ud800f',
    );
  });

  it('leaves other characters alone', () => {
    expect(printable('Zoë 東京 😀 "x"')).toBe('Zoë 東京 😀 "x"');
  });

  it('cuts a long text', () => {
    expect(printable('x'.repeat(300))).toBe(`${'x'.repeat(197)}...`);
  });

  it('keeps line feeds, and nothing else, where lines are wanted', () => {
    expect(printableLines('a\nb\r\u001b')).toBe('a\nb\\r\\u001b');
  });

  it('lets no control character through', () => {
    fc.assert(
      fc.property(wild, (text) => {
        expect(printable(text, Infinity)).not.toMatch(UNSAFE);
        expect(printableLines(text).replaceAll('\n', '')).not.toMatch(UNSAFE);
      }),
    );
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(wild, (text) => {
        const once = printable(text, Infinity);
        expect(printable(once, Infinity)).toBe(once);
      }),
    );
  });
});
