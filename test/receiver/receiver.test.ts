import { describe, expect, test } from 'vitest';
import { parseScript } from '../../src/receiver/reaction.ts';
import { startReceiver } from '../../src/receiver/start-receiver.ts';
import { Secret, sign } from '../../src/signing/sign.ts';

const SECRET = new Secret('wbhsec_abcdefgh-1234-5678-9ijk-lmnopqrstuvw');
const BODY = '{"data":{}}';

const post = (url: string, headers: Record<string, string> = genuine()) =>
  fetch(url, { method: 'POST', body: BODY, headers, redirect: 'manual' });

function genuine(): Record<string, string> {
  return { 'Persona-Signature': sign(Buffer.from(BODY), [SECRET], 1_000) };
}

describe('the reference receiver', () => {
  test('accepts what is genuine and refuses the rest, before any script', async () => {
    await using receiver = await startReceiver({ secrets: [SECRET], script: parseScript('500,200') });
    const forged = { 'Persona-Signature': sign(Buffer.from('{}'), [SECRET], 1_000) };
    const statuses = [];
    for (const headers of [{}, forged, { 'Persona-Signature': 'junk' }, genuine(), genuine(), genuine()]) {
      statuses.push((await post(receiver.url, headers)).status);
    }
    expect(statuses).toEqual([401, 401, 401, 500, 200, 200]);
    expect(receiver.received.map(({ verification }) => verification.kind)).toEqual([
      'missing',
      'mismatch',
      'malformed',
      'valid',
      'valid',
      'valid',
    ]);
  });

  test('refuses what is too old, when it is told the time', async () => {
    const options = { secrets: [SECRET], nowSeconds: () => 2_000, toleranceSeconds: 300 };
    await using receiver = await startReceiver(options);
    expect((await post(receiver.url)).status).toBe(401);
  });

  test('misbehaves as scripted', async () => {
    await using receiver = await startReceiver({
      secrets: [SECRET],
      script: parseScript('reset,redirect,204,slow:5ms:503'),
    });
    await expect(post(receiver.url)).rejects.toThrow('fetch failed');
    const redirect = await post(receiver.url);
    expect([redirect.status, redirect.headers.get('location')]).toEqual([301, '/moved']);
    expect((await post(receiver.url)).status).toBe(204);
    expect((await post(receiver.url)).status).toBe(503);
  });

  test('says when its port is taken', async () => {
    await using first = await startReceiver({ secrets: [] });
    const port = Number(new URL(first.url).port);
    await expect(startReceiver({ secrets: [], port })).rejects.toMatchObject({
      message: `127.0.0.1:${port}: port ${port} is taken by another program; choose another \`port\``,
    });
  });

  test.each([
    ['a host with a null byte', { host: '\u0000' }, '\\u0000:0: the host is not an address'],
    ['a port above 65535', { port: 65_536 }, '127.0.0.1:65536: the port must be between 0 and 65535'],
  ])('says what is wrong with %s', async (_, address, message) => {
    await expect(startReceiver({ secrets: [], ...address })).rejects.toMatchObject({
      code: 'LISTEN',
      message,
    });
  });
});

test.each([
  ['200', [{ kind: 'status', status: 200, delayMs: 0 }]],
  [
    '500, hang,reset,redirect',
    [{ kind: 'status', status: 500, delayMs: 0 }, { kind: 'hang' }, { kind: 'reset' }, { kind: 'redirect' }],
  ],
  ['slow:2s', [{ kind: 'status', status: 200, delayMs: 2000 }]],
  ['slow:6s:503', [{ kind: 'status', status: 503, delayMs: 6000 }]],
])('%s is a script', (text, script) => {
  expect(parseScript(text)).toEqual(script);
});

test.each(['', 'ok', '99', '600', 'slow', 'slow:2', 'slow:2s:9', '200:2s', 'hang:2s'])(
  '%j is not a script',
  (text) => {
    expect(() => parseScript(text)).toThrow(`\`script\` '${text}': expected one of 200, 500`);
  },
);
