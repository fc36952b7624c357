import fc from 'fast-check';
import { anyText } from './any-text.ts';
import { HOSTILE } from './sample-report.ts';

const PIECES = [
  ...['<', '>', '&', '"', "'", ']]>', '<!--', '-->', '</pre>', '<script>', '&amp;', '&#x3c;'],
  ...['\n', '\r', '\t', '\u0000', '\u001b[2J', '\u007f', '\u0085', '\u2028', '\u202e', '\u061c', '\ufeff'],
  ...['\ud800', '\udfff', '\ufffe', '\uffff', '\u{1f600}', '\u{1fffe}', '%', '%0A', '::error::x', ',', ':'],
  ...['#', ' # TODO', ' # SKIP', '\\', '\\#', '|', '`', '@a', '[a](b)', '*', '_', '---', '...', '  ---\n'],
  HOSTILE,
];

/** Texts as no receiver in its right mind would send them, lone surrogates among them. */
export const hostileText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.constantFrom(...PIECES),
      anyText({ maxLength: 8 }),
      fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
    ),
    { maxLength: 12 },
  )
  .map((pieces) => pieces.join(''));
