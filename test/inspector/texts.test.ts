import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { logPosition, schedulePoints } from '../../src/inspector/screens/delivery/schedule-points.ts';
import { requestOf } from '../../src/inspector/screens/send/send-form.ts';
import { base64Of, bytesOf, hexDump } from '../../src/inspector/text/bytes.ts';
import { compactJson, prettyJson } from '../../src/inspector/text/json.ts';
import { payloadLines } from '../../src/inspector/text/payload-lines.ts';

test('the page is at most 60 kB, packed', () => {
  const files = ['index.html', 'app.js', 'app.css'];
  const sizes = files.map(
    (file) => gzipSync(readFileSync(new URL(`../../dist/inspector/${file}`, import.meta.url))).byteLength,
  );
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(60_000);
});

test('JSON is laid out with its numbers and escapes as they are', () => {
  const text = '{"a":1.50,"b":[],"c":{"d":["\\u00e9",12345678901234567890]},"e":{}}';
  const pretty = prettyJson(text);
  expect(pretty).toBe(
    [
      '{',
      '  "a": 1.50,',
      '  "b": [],',
      '  "c": {',
      '    "d": [',
      '      "\\u00e9",',
      '      12345678901234567890',
      '    ]',
      '  },',
      '  "e": {}',
      '}',
    ].join('\n'),
  );
  expect(compactJson(pretty ?? '')).toBe(text);
  expect([prettyJson('{"a":'), compactJson('{ no')]).toEqual([undefined, '{ no']);
});

test('laid out and packed again, any JSON is the same', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      const packed = JSON.stringify(JSON.parse(text));
      expect(compactJson(prettyJson(packed) ?? '')).toBe(packed);
    }),
  );
});

test('any bytes survive base64, and are shown in rows of sixteen', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(bytesOf({ body: base64Of(bytes), bodyEncoding: 'base64' })).toEqual(bytes);
    }),
  );
  expect(hexDump(new TextEncoder().encode('{"name":"ALEXANDÉ'))).toBe(
    '000000  7b 22 6e 61 6d 65 22 3a 22 41 4c 45 58 41 4e 44  {"name":"ALEXAND\n' +
      `000010  c3 89${' '.repeat(42)}  ..`,
  );
});

test('removed members are shown where they were, also under renamed keys', () => {
  const event = {
    data: { attributes: { payload: { data: { attributes: { nameFirst: 'A', fields: {} } } } } },
  };
  const lines = payloadLines(JSON.stringify(event), [
    { path: 'data.attributes.name-last', entry: 'name-*' },
    { path: 'data.attributes.fields.address', entry: 'address' },
  ]);
  expect(lines.map(({ depth, text, removedBy = '' }) => `${' '.repeat(depth)}${text}${removedBy}`)).toEqual([
    '{',
    ' "data": {',
    '  "attributes": {',
    '   "payload": {',
    '    "data": {',
    '     "attributes": {',
    '      "nameFirst": "A",',
    '      "fields": {',
    '       "address"address',
    '      }',
    '      "name-last"name-*',
    '     }',
    '    }',
    '   }',
    '  }',
    ' }',
    '}',
  ]);
});

test('overrides are read a line each, and a bad line is named', () => {
  const form = { event: 'inquiry.approved', webhook: '', referenceId: '', signature: 'valid' };
  const overrides = 'status = declined\n\n+fields.age = {"value": 3}\n-tags\nnote = a = b';
  expect(requestOf({ ...form, overrides }).request).toEqual({
    event: 'inquiry.approved',
    set: { status: 'declined', note: 'a = b' },
    add: { 'fields.age': { value: 3 } },
    remove: ['tags'],
  });
  expect(requestOf({ ...form, overrides: 'a = 1\nwhat' }).error).toBe(
    'Line 2: write path = value, or -path to take it out.',
  );
});

test('the schedule begins at 0 and ends at 1, made attempts at their times', () => {
  expect([0, 3_000, 446_980_000].map((ms) => Number(logPosition(ms, 446_980_000).toFixed(3)))).toEqual([
    0, 0.107, 1,
  ]);
  const delivery = {
    ...{ attemptsTotal: 3, state: 'pending', createdAt: '2026-01-01T00:00:00.000Z' },
    attempts: [
      { attempt: 1, simulatedAt: '2026-01-01T00:00:00.000Z', startedAt: '', outcome: { kind: 'rejected' } },
    ],
    next: { attempt: 2, simulatedAt: '2026-01-01T00:00:04.000Z' },
  };
  const points = schedulePoints(delivery as any, { policy: { delaysSeconds: [3, 66] } } as any);
  expect(points.map(({ attempt, offsetMs, kind }) => [attempt, offsetMs, kind])).toEqual([
    [1, 0, 'bad'],
    [2, 4_000, 'next'],
    [3, 70_000, 'coming'],
  ]);
});
