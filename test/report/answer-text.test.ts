import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { answerText } from '../../src/report/answer-text.ts';

const TEXT = '{"error":"unknown account"}';
const answer = (body: Buffer, encoding?: string) => ({
  ...{ status: 422, truncated: false, body },
  headers: encoding === undefined ? {} : { 'content-encoding': encoding },
});

test.each([
  ['as it is', Buffer.from(` ${TEXT}\n`), undefined, TEXT],
  ['identity', Buffer.from(TEXT), 'identity', TEXT],
  ['gzip', gzipSync(TEXT), 'gzip', TEXT],
  ['gzip in capitals', gzipSync(TEXT), 'GZIP', TEXT],
  ['deflate', deflateSync(TEXT), 'deflate', TEXT],
  ['brotli', brotliCompressSync(TEXT), 'br', TEXT],
  ['gzip that is none', Buffer.from('abc'), 'gzip', '3 bytes, not text'],
  ['an encoding that is not known', Buffer.from('abcd'), 'zstd', '4 bytes, not text'],
  ['bytes that are not text', Buffer.from([0x89, 0x50, 0, 1, 2]), undefined, '5 bytes, not text'],
  ['one such byte', Buffer.from([0]), undefined, '1 byte, not text'],
  ['a character that is cut off', Buffer.from('Zoë').subarray(0, -1), undefined, 'Zo\ufffd'],
])('an answer for people: %s', (_, body, encoding, text) => {
  expect(answerText(answer(body, encoding))).toBe(text);
});

test('what is cut off is decoded as far as it goes, and a bomb is not decoded at all', () => {
  const long = 'words and more words '.repeat(200);
  const cut = answerText(answer(gzipSync(long).subarray(0, 50), 'gzip'));
  expect(long.startsWith(cut.replace(/\ufffd$/, ''))).toBe(true);
  const bomb = gzipSync(Buffer.alloc(50_000_000));
  expect(answerText(answer(bomb, 'gzip'))).toBe(`${bomb.length} bytes, not text`);
});
