import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { HmacKey } from '../../src/signing/hmac.ts';
import { anyUnicode } from '../helpers/any-text.ts';

// RFC 4231, test cases 2 and 6.
it.each([
  [
    'Jefe',
    'what do ya want for nothing?',
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  ],
  [
    '\u00aa'.repeat(65), // 130 bytes in UTF-8: longer than a block.
    'Test Using Larger Than Block-Size Key - Hash Key First',
    undefined,
  ],
])('has the digest of RFC 4231 and of OpenSSL for the key %s', (key, text, digest) => {
  const expected = createHmac('sha256', key).update(text).digest('hex');
  if (digest !== undefined) expect(expected).toBe(digest);
  expect(new HmacKey(key).hex(text, Buffer.alloc(0))).toBe(expected);
  expect(new HmacKey(key).hex('', Buffer.from(text))).toBe(expected);
});

it('is the HMAC of OpenSSL, whatever the key and the message, also when keys take turns', () => {
  const key = anyUnicode({ maxLength: 100 });
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.integer({ min: 16_000, max: 70_000 }).map((length) => new Uint8Array(length).fill(length)),
  );
  fc.assert(
    fc.property(fc.array(key, { minLength: 1, maxLength: 3 }), fc.nat(), bytes, (texts, t, body) => {
      for (const { text, hmac } of texts.map((text) => ({ text, hmac: new HmacKey(text) }))) {
        const expected = createHmac('sha256', Buffer.from(text)).update(`${t}.`).update(body).digest('hex');
        expect(hmac.hex(`${t}.`, body)).toBe(expected);
      }
    }),
  );
});
