import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pack, unpack } from '../../src/json/packed.ts';
import { parseJson } from '../../src/json/text.ts';

/** Through text, as the build writes it and a command reads it. */
function repacked(text: string) {
  return unpack(JSON.parse(JSON.stringify(pack(parseJson(text)))));
}

test.each([
  '{"a":100.0,"b":[0.0,1e3,-0,12]}',
  String.raw`{"a":"a\/b","b":"A","c":"é\n"}`,
  '[null,true,false,"",{},[]]',
  String.raw`["\u0000","\u00000.0"]`,
  '{"__proto__":{"a":1},"b":null}',
])('%s comes back as it was spelled', (text) => {
  expect(repacked(text)).toEqual(parseJson(text));
});

test('so does every document of plain values', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(repacked(text)).toEqual(parseJson(text));
    }),
  );
});
