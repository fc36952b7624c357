import { describe, expect, test } from 'vitest';
import { parseJson } from '../../src/json/text.ts';
import { JSON_PRINTERS } from '../../src/signing/json-spellings.ts';

const printed = (id: string, text: string) =>
  JSON_PRINTERS.find((printer) => printer.id === id)?.print(parseJson(text));

const NUMBERS = '[100.0,1e2,0.10,-0,-0.0,1e21,1.5e-7,12345678.5,0.0005,9007199254740993,1e16,3.0e-5]';

/** As Python 3.11, Ruby 3.1, Go 1.19, Java's Double.toString, PHP 8 and .NET 8 print it. */
describe('numbers, parsed and printed again', () => {
  test.each([
    [
      'javascript',
      '[100,100,0.1,0,0,1e+21,1.5e-7,12345678.5,0.0005,9007199254740992,10000000000000000,0.00003]',
    ],
    [
      'python-separators',
      '[100.0,100.0,0.1,0,-0.0,1e+21,1.5e-07,12345678.5,0.0005,9007199254740993,1e+16,3e-05]',
    ],
    ['ruby', '[100.0,100.0,0.1,0,-0.0,1.0e+21,1.5e-07,12345678.5,0.0005,9007199254740993,1.0e+16,3.0e-05]'],
    ['go', '[100,100,0.1,-0,-0,1e+21,1.5e-7,12345678.5,0.0005,9007199254740992,10000000000000000,0.00003]'],
    ['jackson', '[100.0,100.0,0.1,0,-0.0,1.0E21,1.5E-7,1.23456785E7,5.0E-4,9007199254740993,1.0E16,3.0E-5]'],
    ['php', '[100,100,0.1,0,-0,1.0e+21,1.5e-7,12345678.5,0.0005,9007199254740993,10000000000000000,3.0e-5]'],
    ['gson', NUMBERS],
    ['dotnet', NUMBERS],
  ])('%s', (id, text) => {
    expect(printed(id, NUMBERS)).toBe(text);
  });
});

describe('text, parsed and printed again', () => {
  const TEXT = String.raw`"é😀\/<b>&'+=${'`'}\u0001\t\"\\"`;

  test.each([
    ['javascript', String.raw`"é😀/<b>&'+=${'`'}\u0001\t\"\\"`],
    ['python', String.raw`"\u00e9\ud83d\ude00/<b>&'+=${'`'}\u0001\t\"\\"`],
    ['python-ensure_ascii', String.raw`"é😀/<b>&'+=${'`'}\u0001\t\"\\"`],
    ['ruby', String.raw`"é😀/<b>&'+=${'`'}\u0001\t\"\\"`],
    ['rails', String.raw`"é😀/\u003cb\u003e\u0026'+=${'`'}\u0001\t\"\\"`],
    ['go', String.raw`"é😀/\u003cb\u003e\u0026'+=${'`'}\u0001\t\"\\"`],
    ['gson', String.raw`"é😀/\u003cb\u003e\u0026\u0027+\u003d${'`'}\u0001\t\"\\"`],
    ['dotnet', String.raw`"\u00E9\uD83D\uDE00/\u003Cb\u003E\u0026\u0027\u002B=\u0060\u0001\t\u0022\\"`],
    ['php', String.raw`"\u00e9\ud83d\ude00\/<b>&'+=${'`'}\u0001\t\"\\"`],
    ['php-unicode', String.raw`"é😀\/<b>&'+=${'`'}\u0001\t\"\\"`],
    ['php-slashes', String.raw`"\u00e9\ud83d\ude00/<b>&'+=${'`'}\u0001\t\"\\"`],
  ])('%s', (id, text) => {
    expect(printed(id, TEXT)).toBe(text);
  });
});

describe('objects, parsed and printed again', () => {
  const OBJECT = '{"b":1,"a":null,"b":{},"10":[],"9":true}';

  test.each([
    ['javascript', '{"9":true,"10":[],"b":{},"a":null}'],
    ['python', '{"b": {}, "a": null, "10": [], "9": true}'],
    ['python-sort_keys', '{"10": [], "9": true, "a": null, "b": {}}'],
    ['ruby', '{"b":{},"a":null,"10":[],"9":true}'],
    ['go', '{"10":[],"9":true,"a":null,"b":{}}'],
    ['gson', '{"b":{},"10":[],"9":true}'],
    ['php', '{"b":{},"a":null,"10":[],"9":true}'],
    ['php-arrays', '{"b":[],"a":null,"10":[],"9":true}'],
  ])('%s', (id, text) => {
    expect(printed(id, OBJECT)).toBe(text);
  });
});

test('every printer gives JSON that says the same', () => {
  const text = '{"a":[1,2.5,"é",true],"b":{"c":"x"}}';
  for (const { print } of JSON_PRINTERS) expect(JSON.parse(print(parseJson(text)))).toEqual(JSON.parse(text));
});
