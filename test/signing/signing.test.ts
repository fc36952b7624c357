import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { explainSignature } from '../../src/signing/explain-signature.ts';
import { parseSignatureHeader } from '../../src/signing/parse-header.ts';
import { DEVELOPMENT_SECRET, Secret, secretsAt, sign } from '../../src/signing/sign.ts';
import { verify } from '../../src/signing/verify.ts';
import { WRONG_FORMS } from '../../src/signing/wrong-forms.ts';
import { anyText } from '../helpers/any-text.ts';

interface Vector {
  name: string;
  secret?: string;
  newSecret?: string;
  oldSecret?: string;
  t: number;
  body: string;
  header: string;
}

const { vectors } = JSON.parse(
  readFileSync(new URL('../vectors/signatures.json', import.meta.url), 'utf8'),
) as { vectors: Vector[] };

const SECRET_TEXT = 'wbhsec_abcdefgh-1234-5678-9ijk-lmnopqrstuvw';
const SECRET = new Secret(SECRET_TEXT);
const OTHER = new Secret('wbhsec_00000000-1111-2222-3333-444444444444');
const HOOK = new URL('http://127.0.0.1:3000/webhooks');
const BODY = Buffer.from('{"data":{"name":"Zoë","score":100.0,"b":1,"a":2}}');
const T = 1_764_686_826;

describe('golden vectors', () => {
  test('there are five', () => {
    expect(vectors).toHaveLength(5);
  });

  test.each(vectors)('$name', ({ secret, newSecret, oldSecret, t, body, header }) => {
    const secrets = [newSecret, oldSecret, secret].flatMap((text) =>
      text === undefined ? [] : [new Secret(text)],
    );
    expect(sign(Buffer.from(body), secrets, t)).toBe(header);
    expect(verify(Buffer.from(body), header, { secrets })).toEqual({ kind: 'valid', timestampSeconds: t });
  });
});

describe('verify', () => {
  const anyBody = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));

  test('accepts what sign made, in a rotation with either secret', () => {
    fc.assert(
      fc.property(anyBody, fc.nat(), (body, t) => {
        const header = sign(body, [OTHER, SECRET], t);
        for (const secret of [OTHER, SECRET]) {
          expect(verify(body, header, { secrets: [secret] })).toEqual({ kind: 'valid', timestampSeconds: t });
        }
      }),
    );
  });

  test('refuses when any byte of the body is another', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 50 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (bytes, at, change) => {
          const header = sign(bytes, [SECRET], T);
          const other = bytes.map((byte, index) => (index === at % bytes.length ? byte ^ change : byte));
          expect(verify(other, header, { secrets: [SECRET] }).kind).toBe('mismatch');
        },
      ),
    );
  });

  test('refuses another t, another secret, a shortened or lengthened v1', () => {
    const header = sign(BODY, [SECRET], T);
    const changed = [
      header.replace(String(T), String(T + 1)),
      header.slice(0, -1),
      `${header}0`,
      header.toUpperCase().replace('T=', 't=').replace('V1=', 'v1='),
    ];
    for (const wrong of changed) expect(verify(BODY, wrong, { secrets: [SECRET] }).kind).toBe('mismatch');
    expect(verify(BODY, header, { secrets: [OTHER] }).kind).toBe('mismatch');
  });

  test('each set is checked with its own t', () => {
    const header = `${sign(BODY, [OTHER], T)} ${sign(BODY, [SECRET], T - 1)}`;
    expect(verify(BODY, header, { secrets: [SECRET] })).toEqual({ kind: 'valid', timestampSeconds: T - 1 });
  });

  test.each([
    [T, 'valid', 0],
    [T + 300, 'valid', 300],
    [T + 301, 'stale', 301],
    [T - 301, 'stale', -301],
  ])('at %d it is %s', (nowSeconds, kind, ageSeconds) => {
    const options = { secrets: [SECRET], nowSeconds, toleranceSeconds: 300 };
    expect(verify(BODY, sign(BODY, [SECRET], T), options)).toEqual({ kind, timestampSeconds: T, ageSeconds });
  });

  test.each([
    ['', 'the header is empty'],
    ['abc', "'abc' has no 't='; a set looks like t=1764686826,v1=<64 hex digits>"],
    ['t=1', "'t=1' has no 'v1='; a set looks like t=1764686826,v1=<64 hex digits>"],
    ['t=1,v1=aa v1=bb', "'v1=bb' has no 't='; a set looks like t=1764686826,v1=<64 hex digits>"],
  ])('%j is malformed', (header, reason) => {
    expect(verify(BODY, header, { secrets: [SECRET] })).toEqual({ kind: 'malformed', reason });
  });

  test('never throws, whatever the header', () => {
    fc.assert(
      fc.property(anyText(), (header) => {
        expect(verify(BODY, header, { secrets: [SECRET] }).kind).toMatch(/mismatch|malformed/);
      }),
    );
  });

  test.each([
    '\u0131764686826',
    '\u0661764686826',
    '\uff11',
    '1e3',
    '0x10',
    '-5',
    '+5',
    '1.5',
    'NaN',
    '',
    '1_0',
  ])('t=%s is malformed, whatever was signed', (t) => {
    const secret = new Secret('wbhsec_odd');
    const header = `t=${t},v1=${secret.key.hex(`${t}.`, Buffer.from('{}'))}`;
    const verification = verify(Buffer.from('{}'), header, { secrets: [secret] });
    expect(verification).toEqual({
      kind: 'malformed',
      reason: `t=${t} is not a number of seconds in ASCII digits`,
    });
  });

  test('only ASCII digits are a t', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (t) => {
        fc.pre(!/[\s,]/.test(t) && !/^[0-9]{1,15}$/.test(t));
        expect(verify(Buffer.alloc(0), `t=${t},v1=0`, { secrets: [] }).kind).toBe('malformed');
      }),
    );
  });

  test('the name of the header may come before its value', () => {
    const header = `Persona-Signature: ${sign(BODY, [SECRET], T)}`;
    expect(verify(BODY, header, { secrets: [SECRET] }).kind).toBe('valid');
  });
});

describe('explain', () => {
  const explain = (header: string, options = {}) => {
    const parsed = parseSignatureHeader(header);
    if (parsed.kind === 'malformed') throw new Error(parsed.reason);
    return explainSignature({ body: BODY, sets: parsed.sets, secrets: [SECRET], ...options });
  };

  /** Mistakes that can be made with this body, and that no likelier one gives the same value as. */
  const telling = WRONG_FORMS.flatMap((form, index) => {
    const valueOf = (one: typeof form) =>
      one.compute({ body: BODY, secret: SECRET_TEXT, t: String(T), url: HOOK });
    const v1 = valueOf(form);
    const isFirst = !WRONG_FORMS.slice(0, index).some((likelier) => valueOf(likelier) === v1);
    return v1 === undefined || !isFirst ? [] : [[form.id, v1] as const];
  });

  test.each(telling)('names the mistake: %s', (id, v1) => {
    const explanation = explain(`t=${T},v1=${v1}`, { url: HOOK });
    expect(explanation.id).toBe(id);
    expect(explanation.text).toMatch(/^this is an HMAC (of|with|keyed|made|at all)/);
  });

  test('names most mistakes with any body', () => {
    expect(telling.length).toBeGreaterThan(90);
  });

  test('names every library that prints the same', () => {
    const explanationOf = (text: string, printed: string) => {
      const v1 = createHmac('sha256', SECRET_TEXT).update(`${T}.${printed}`).digest('hex');
      const sets = [{ t: String(T), v1 }];
      return explainSignature({ body: Buffer.from(text), sets, secrets: [SECRET] }).text;
    };
    expect(explanationOf('{"a": 1}', '{"a":1}')).toBe(
      "this is an HMAC of the body parsed and printed again as JSON.stringify, Python's json.dumps, Ruby's JSON.generate or Rails' to_json does (verify the bytes that arrived, before parsing)",
    );
    expect(explanationOf('{"a":100.0,"b":1}', '{"a": 100.0, "b": 1}')).toBe(
      "this is an HMAC of the body parsed and printed again as Python's json.dumps does (verify the bytes that arrived, before parsing)",
    );
  });

  test('names milliseconds in the header over seconds in the HMAC', () => {
    const v1 = sign(BODY, [SECRET], T).split('v1=')[1] ?? '';
    expect(explain(`t=${T}000,v1=${v1}`).id).toBe('seconds');
  });

  test('only reprints of the body can be the same mistake', () => {
    const forms = WRONG_FORMS.filter((form) => !('printer' in form));
    const values = forms.map((form) => form.compute({ body: BODY, secret: SECRET_TEXT, t: String(T) }));
    const known = values.filter((value) => value !== undefined);
    expect(new Set(known).size).toBe(known.length);
  });

  test('says so in words a person can act on', () => {
    const v1 = WRONG_FORMS[0]?.compute({ body: BODY, secret: SECRET_TEXT, t: String(T) }) ?? '';
    expect(explain(`t=${T},v1=${v1}`).text).toBe(
      'this is an HMAC of the body without the timestamp (the signed text is `<t>.<body>`)',
    );
  });

  test('names the other secret of the pair', () => {
    expect(explain(sign(BODY, [OTHER], T), { otherSecrets: [OTHER] }).id).toBe('other-secret');
  });

  test('does not guess without evidence', () => {
    expect(explain(sign(BODY, [OTHER], T)).id).toBe('unknown');
    expect(explain('t=1,v1=abc').id).toBe('not-a-digest');
  });
});

describe('a secret', () => {
  test('never prints', () => {
    for (const text of [
      String(SECRET),
      inspect(SECRET),
      JSON.stringify({ SECRET }),
      inspect({ a: [SECRET] }),
    ]) {
      expect(text).not.toContain('abcdefgh');
      expect(text).toContain('[secret]');
    }
  });

  test.each([
    [DEVELOPMENT_SECRET, undefined],
    [SECRET_TEXT, undefined],
    ['whsec_abc', 'does not start with wbhsec_, which is part of the key'],
    ['wbhsec_abc', "is not wbhsec_ and a UUID, as Persona's secrets are"],
    [`${SECRET_TEXT}\n`, 'has white space around it (copied with a line break?)'],
    [`"${SECRET_TEXT}"`, 'has quotes around it'],
  ])('%j: %s', (text, oddity) => {
    expect(new Secret(text).oddity).toBe(oddity);
  });

  test('that has expired does not sign; the newest signs first', () => {
    const old = { secret: OTHER, expiresAtMs: 1_000 };
    const lasting = { secret: SECRET };
    expect(secretsAt([old, lasting], 999)).toEqual([SECRET, OTHER]);
    expect(secretsAt([old, lasting], 1_000)).toEqual([SECRET]);
    expect(secretsAt([{ secret: OTHER }, lasting], 0)).toEqual([OTHER, SECRET]);
  });
});
