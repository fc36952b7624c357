import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SECRET_PREFIX } from '../../src/persona/contract.ts';
import { HIDDEN, maskHeader, maskHeaders, maskText, maskUrl } from '../../src/text/mask.ts';

describe('masking secrets', () => {
  it.each([
    ['a webhook secret', `expected ${SECRET_PREFIX}a1-b2_c3= here`, 'expected [secret] here'],
    ['a login in a URL', 'GET http://me:topsecret@127.0.0.1:1/x', 'GET http://[secret]@127.0.0.1:1/x'],
    ['a password alone', 'redis://:p%zz@host', 'redis://[secret]@host'],
    ['an address without a login', 'https://host/a?b=c@d', 'https://host/a?b=c@d'],
    ['an e-mail address', 'mail ada@example.com', 'mail ada@example.com'],
  ])('%s', (_, text, masked) => {
    expect(maskText(text)).toBe(masked);
  });

  it.each([
    ['as it is', 'got hunter2-"quoted" back'],
    ['in JSON', JSON.stringify({ got: 'hunter2-"quoted"' })],
    ['in a URL', `/x?y=${encodeURIComponent('hunter2-"quoted"')}`],
    ['in Base64', `Basic ${Buffer.from('hunter2-"quoted"').toString('base64')}`],
  ])('a known secret, %s', (_, text) => {
    const masked = maskText(text, ['hunter2-"quoted"']);
    expect(masked).toContain(HIDDEN);
    expect(masked).not.toContain('hunter2');
    expect(masked).not.toContain(Buffer.from('hunter2-"quoted"').toString('base64').slice(0, -2));
  });

  it('leaves text with a short known text alone', () => {
    expect(maskText('a tea at ten', ['a'])).toBe('a tea at ten');
  });

  it('hides a secret that is the beginning of another one', () => {
    expect(maskText('secret-one-two secret-one', ['secret-one', 'secret-one-two'])).toBe('[secret] [secret]');
  });

  it('never shows a known secret, whatever surrounds it', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ minLength: 6 }), fc.string(), (before, secret, after) => {
        fc.pre(!HIDDEN.includes(secret) && !before.includes(secret) && !after.includes(secret));
        expect(
          maskText(before + secret + after, [secret])
            .split(HIDDEN)
            .join('\n'),
        ).not.toContain(secret);
      }),
    );
  });

  it.each(['Authorization', 'X-Api-Key', 'Cookie', 'X-Passphrase', 'X-Passcode', 'DB-PWD', 'x-password'])(
    'hides the value of the header %s',
    (name) => {
      expect(maskHeader(name, 'anything')).toBe(HIDDEN);
    },
  );

  it('shows other headers, without secrets in them', () => {
    expect(
      maskHeaders({ 'X-Team': 'kyc', 'Persona-Signature': 't=1,v1=ab', 'X-Note': 'abcdef!' }, ['abcdef!']),
    ).toEqual({
      'X-Team': 'kyc',
      'Persona-Signature': 't=1,v1=ab',
      'X-Note': HIDDEN,
    });
  });

  it.each(['a.', 'a://', '?', '?a', '&a=', 'a', 'wbhsec_', '://a', '@', '\n?x=', ' ', 'http://a@'])(
    'takes no longer for a long text of %j than for its length',
    (piece) => {
      const text = piece.repeat(262_144 / piece.length);
      const before = process.cpuUsage();
      maskUrl(text);
      maskText(text, ['hunter2-"quoted"']);
      const { user, system } = process.cpuUsage(before);
      expect((user + system) / 1_000).toBeLessThan(500);
    },
  );

  it('hides parameters of a URL that are named like credentials', () => {
    expect(maskUrl('http://u:p@h/x?id=1&access_token=abc&page=2#f')).toBe(
      'http://[secret]@h/x?id=1&access_token=[secret]&page=2#f',
    );
  });
});
