import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { at, fromValue, member, stringAt, toValue, type JsonValue } from '../../src/json/node.ts';
import { overlay } from '../../src/json/overlay.ts';
import { JsonSyntaxError, parseJson, serialise, serialisePretty } from '../../src/json/text.ts';

describe('parse and serialise', () => {
  test.each([
    '100.0',
    '1e2',
    '0.10',
    '-0',
    '12345678901234567890',
    String.raw`"a\/bé "`,
    '{"10":1,"9":2,"b":3,"a":4}',
    '{"a":1,"a":2}',
    String.raw`{"\u0061":1}`,
    '{"__proto__":{"x":1},"constructor":null}',
    '"東京 👩‍👩‍👧"',
    '[]',
    '{}',
    '[[],{"a":[null,true,false]}]',
  ])('keeps the spelling of %s', (text) => {
    expect(serialise(parseJson(text))).toBe(text);
  });

  test('drops white space between tokens, and only there', () => {
    expect(serialise(parseJson('\t{ "a b" :\r\n [ 1.50 , "c d" ] }\n'))).toBe('{"a b":[1.50,"c d"]}');
  });

  test('any JSON text comes back as it was', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const compact = JSON.stringify(JSON.parse(text));
        expect(serialise(parseJson(compact))).toBe(compact);
      }),
    );
  });

  test('numbers and strings in any spelling come back as they were', () => {
    const number = fc.stringMatching(/^-?(0|[1-9]\d{0,20})(\.\d{1,8})?([eE][+-]?\d{1,2})?$/);
    const string = fc.array(
      fc.constantFrom(
        'a',
        '\\"',
        '\\\\',
        '\\/',
        '\\u00e9',
        'é',
        '\\n',
        ' ',
        ',',
        '}',
        ']',
        ':',
        '{',
        '[',
        '\u2028',
      ),
    );
    const word = fc.oneof(
      number,
      string.map((parts) => `"${parts.join('')}"`),
      fc.constantFrom('true', 'null'),
    );
    const key = string.map((parts) => `"${parts.join('')}"`);
    const { text } = fc.letrec<{ text: string }>((tie) => ({
      text: fc.oneof(
        { maxDepth: 4 },
        word,
        fc.array(tie('text'), { maxLength: 4 }).map((items) => `[${items.join(',')}]`),
        fc
          .array(fc.tuple(key, tie('text')), { maxLength: 4 })
          .map((members) => `{${members.map(([name, value]) => `${name}:${value}`).join(',')}}`),
      ),
    }));
    fc.assert(
      fc.property(text, (json) => {
        const node = parseJson(json);
        expect(serialise(node)).toBe(json);
        expect(JSON.stringify(toValue(node))).toBe(JSON.stringify(JSON.parse(json)));
        expect(serialise(parseJson(serialisePretty(node)))).toBe(json);
      }),
    );
  });

  test('pretty printing changes white space only', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const node = parseJson(text);
        expect(serialise(parseJson(serialisePretty(node)))).toBe(serialise(node));
      }),
    );
  });

  test('values are printed as JSON.stringify would', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(serialise(fromValue(value as JsonValue))).toBe(JSON.stringify(value));
        expect(toValue(parseJson(JSON.stringify(value)))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test.each([
    ['', 1, 1],
    ['{"a":1,}', 1, 8],
    ['{\n  "a": 01\n}', 2, 8],
    ["{'a':1}", 1, 2],
    ['[1] 2', 1, 5],
    ['NaN', 1, 1],
    ['// no\n1', 1, 1],
    ['"a\nb"', 1, 3],
  ])('refuses %j and says where', (text, line, column) => {
    const error = failure(() => parseJson(text));
    expect(error).toBeInstanceOf(JsonSyntaxError);
    expect(error).toMatchObject({ code: 'JSON_SYNTAX', line, column });
  });
});

describe('reading', () => {
  const node = parseJson('{"a":{"b":[10,{"c":"x"}]},"d":1,"d":2}');

  test('follows keys and indices', () => {
    expect(stringAt(node, 'a', 'b', 1, 'c')).toBe('x');
    expect(at(node, 'a', 'x', 'y')).toBeUndefined();
    expect(stringAt(node, 'd')).toBeUndefined();
  });

  test('takes the last of duplicate members, as JSON.parse does', () => {
    expect(member(node, 'd')).toMatchObject({ value: 2 });
  });
});

describe('overlay', () => {
  test.each([
    {
      name: 'merges objects',
      base: '{"a":{"b":1,"c":2}}',
      patch: '{"a":{"c":3,"d":4}}',
      expected: '{"a":{"b":1,"c":3,"d":4}}',
    },
    { name: 'replaces arrays', base: '{"a":[1,2]}', patch: '{"a":[3]}', expected: '{"a":[3]}' },
    { name: 'sets null and does not delete', base: '{"a":1}', patch: '{"a":null}', expected: '{"a":null}' },
    {
      name: 'keeps spellings',
      base: '{"a":100.0,"b":1}',
      patch: '{"b":0.0}',
      expected: '{"a":100.0,"b":0.0}',
    },
    {
      name: 'replaces a scalar by an object',
      base: '{"a":1}',
      patch: '{"a":{"b":1}}',
      expected: '{"a":{"b":1}}',
    },
  ])('$name', ({ base, patch, expected }) => {
    expect(serialise(overlay(parseJson(base), parseJson(patch)))).toBe(expected);
  });
});

function failure(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('deep nesting', () => {
  const nested = (depth: number, [open, close]: readonly [string, string]) =>
    open.repeat(depth) + '1' + close.repeat(depth);

  test.each([
    ['arrays', ['[', ']'], 1],
    ['objects', ['{"a":', '}'], 5],
  ] as const)('%s: 1,000 levels are read, one more is refused', (_, signs, width) => {
    expect(serialise(parseJson(nested(1_000, signs)))).toBe(nested(1_000, signs));
    expect(() => parseJson(nested(1_001, signs))).toThrow(
      `line 1, column ${1_000 * width + 1}: nested deeper than 1000 levels`,
    );
  });

  test.each([100_000, 1_000_000])('%d levels, whole or cut off, are a syntax error', (depth) => {
    for (const text of [nested(depth, ['[', ']']), '['.repeat(depth), '{"a":'.repeat(depth)])
      expect(() => parseJson(text)).toThrow(JsonSyntaxError);
  });
});
