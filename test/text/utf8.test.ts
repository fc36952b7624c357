import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textOfFile } from '../../src/text/utf8.ts';
import { anyUnicode } from '../helpers/any-text.ts';

const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16();

describe('the text of a file', () => {
  it('is what UTF-8 says, without one byte order mark', () => {
    expect(textOfFile(Buffer.from('\ufeff\ufeffZoë 東京'), 'a.json')).toBe('\ufeffZoë 東京');
  });

  it('is every text that UTF-8 can hold', () => {
    fc.assert(
      fc.property(anyUnicode(), (text) => {
        fc.pre(!text.includes('\0'));
        expect(textOfFile(Buffer.from(text), 'a')).toBe(text.replace(/^\ufeff/, ''));
      }),
    );
  });

  it.each([
    ['little-endian', Buffer.from('\ufeff{"a":1}', 'utf16le')],
    ['big-endian', utf16be('\ufeff{"a":1}')],
    ['little-endian without a mark', Buffer.from('{"a":1}', 'utf16le')],
    ['big-endian without a mark', utf16be('{"a":1}')],
  ])('is not UTF-16, %s', (_, bytes) => {
    expect(() => textOfFile(bytes, 'a.json')).toThrow(
      'a.json: at the start: expected UTF-8 text, found UTF-16 (save it as UTF-8, in Windows PowerShell with: Get-Content old.json | Out-File new.json -Encoding utf8)',
    );
  });

  it.each([
    [
      'Latin-1',
      Buffer.from('{\n "n": "Zo\xeb"\n}', 'latin1'),
      'line 2, column 10: expected UTF-8 text, found the byte 0xeb',
    ],
    [
      'after other characters',
      Buffer.concat([Buffer.from('é😀'), Buffer.of(0xff)]),
      'line 1, column 3: expected UTF-8 text, found the byte 0xff',
    ],
    [
      'a character cut off at the end',
      Buffer.of(0x61, 0xe6, 0x9d),
      'line 1, column 2: expected UTF-8 text, found the byte 0xe6',
    ],
    [
      'a character cut off at a line',
      Buffer.of(0x0a, 0xc3, 0x0a),
      'line 2, column 1: expected UTF-8 text, found the byte 0xc3',
    ],
  ])('names the place of a wrong byte: %s', (_, bytes, message) => {
    expect(() => textOfFile(bytes, 'a.json')).toThrow(`a.json: at ${message}`);
  });
});
