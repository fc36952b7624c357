import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { at, fromValue, member, stringAt, type JsonNode, type JsonObject } from '../../src/json/node.ts';
import { parseJson, serialise } from '../../src/json/text.ts';
import { FIXTURE_NAMES } from '../../src/fixture/catalogue.ts';
import { composePayload } from '../../src/payload/compose.ts';
import { applyEventExtras, DEFAULT_EXTRAS } from '../../src/payload/event-extras.ts';
import { issueFileTokens } from '../../src/payload/file-token.ts';
import { filterMismatch } from '../../src/payload/filter.ts';
import { includedRule, restrictIncluded } from '../../src/payload/included.ts';
import { inflectKeys } from '../../src/payload/inflection.ts';
import type { WebhookAttributes } from '../../src/persona/webhook.ts';
import { configureWebhook } from '../../src/webhook/configure.ts';
import { expectSame } from '../helpers/expect-same.ts';
import { sampleEvent } from '../helpers/fixtures.ts';

const compose = async (name: string, attributes: WebhookAttributes = {}, extras = {}) =>
  composePayload(
    await sampleEvent(name),
    configureWebhook({ url: 'http://localhost/', ...attributes }, extras).payload,
  );

const payloadOf = (document: JsonNode) => at(document, 'data', 'attributes', 'payload');

function includedTypes(document: JsonNode): (string | undefined)[] | undefined {
  const included = member(payloadOf(document), 'included');
  return included?.kind === 'array' ? included.items.map((item) => stringAt(item, 'type')) : undefined;
}

describe('the included allowlist', () => {
  test.each<[WebhookAttributes['included-allowlist'], string, (string | undefined)[] | undefined]>([
    [{ state: 'include_none' }, 'inquiry.approved', []],
    [{ state: 'include_none' }, 'verification.passed', []],
    [{ state: 'include_none' }, 'report/watchlist.ready', undefined],
    [{ state: 'include_none' }, 'selfie.processed', undefined],
    [
      custom('inquiry', 'verifications', 'account'),
      'inquiry.approved',
      ['account', 'verification/government-id', 'verification/selfie'],
    ],
    [custom('inquiry', 'no-such-relationship'), 'inquiry.approved', []],
    [custom('account', '*'), 'inquiry.approved', []],
    [custom('report', 'inquiry'), 'report/watchlist.ready', ['inquiry']],
  ])('%j: %s', async (allowlist, name, types) => {
    const { document } = await compose(name, { 'included-allowlist': allowlist });
    expect(includedTypes(document)).toEqual(types);
  });

  test.each([undefined, null, { state: 'include_all' } as const, custom('inquiry', '*')])(
    '%j leaves everything',
    async (allowlist) => {
      const whole = (await compose('inquiry.approved')).body;
      expect(
        (await compose('inquiry.approved', { 'included-allowlist': allowlist })).body.equals(whole),
      ).toBe(true);
    },
  );

  test.each([
    ['all', 9],
    ['empty', 0],
    ['absent', undefined],
  ] as const)('may be overridden: %s', async (included, count) => {
    const { document } = await compose(
      'inquiry.approved',
      { 'included-allowlist': { state: 'include_none' } },
      { included },
    );
    expect(includedTypes(document)?.length).toBe(count);
  });

  test('a payload without included stays without', () => {
    const payload = fromValue({ data: { type: 'graph-query' } }) as JsonObject;
    expect(restrictIncluded(payload, includedRule({ state: 'include_none' }))).toBe(payload);
  });
});

function custom(type: string, ...relationships: string[]) {
  return { state: 'custom' as const, 'event-types': [{ 'event-type': type, relationships }] };
}

test('the relationship allowlist removes relationships from every object, and nothing else', async () => {
  const whole = (await compose('inquiry.approved')).body.toString();
  const bare = (
    await compose('inquiry.approved', { 'relationship-allowlist': { state: 'include_none' } })
  ).body.toString();
  expect(bare).not.toContain('"relationships"');
  const strip = (text: string) =>
    JSON.parse(text, function (this: object, key, value: unknown) {
      return key === 'relationships' && 'attributes' in this ? undefined : value;
    }) as unknown;
  expect(JSON.parse(bare)).toEqual(strip(whole));
});

describe('key inflection', () => {
  const document = parseJson(
    '{"created-at":"a-b","payload":{"data":{"type":"inquiry","attributes":{"address-street-1":"x-y","behaviors":{"bot-score":1.0},"checks":[{"name":"id_a-b","metadata":{"match-score":1}}],"fields":{"address-street-1":{"type":"string","value":{"byte-size":1}}}},"relationships":{"inquiry-template":{"data":null}}},"included":[{"type":"account","attributes":{"account-type-name":"User","fields":{"street_1":{"type":"string"},"my-key":{}}}}]}}',
  ) as JsonObject;
  const inflect = (inflection: 'kebab' | 'camel' | 'snake', apiVersion: '2025-12-08' | '2023-01-05') =>
    serialise(inflectKeys(document, { inflection, apiVersion }));

  test('kebab is what fixtures are written in', () => {
    expect(inflectKeys(document, { inflection: 'kebab', apiVersion: '2023-01-05' })).toBe(document);
  });

  test('camel: keys only, fields left alone from 2025-10-27, account fields always', () => {
    expect(inflect('camel', '2025-12-08')).toBe(
      '{"createdAt":"a-b","payload":{"data":{"type":"inquiry","attributes":{"addressStreet1":"x-y","behaviors":{"botScore":1.0},"checks":[{"name":"id_a-b","metadata":{"matchScore":1}}],"fields":{"address-street-1":{"type":"string","value":{"byte-size":1}}}},"relationships":{"inquiryTemplate":{"data":null}}},"included":[{"type":"account","attributes":{"accountTypeName":"User","fields":{"street_1":{"type":"string"},"my-key":{}}}}]}}',
    );
  });

  test('camel before 2025-10-27: in fields only letters are folded', () => {
    expect(inflect('camel', '2023-01-05')).toContain(
      '"fields":{"addressStreet-1":{"type":"string","value":{"byteSize":1}}}',
    );
    expect(inflect('camel', '2023-01-05')).toContain('"fields":{"street_1":{"type":"string"},"my-key":{}}');
  });

  test('snake', () => {
    expect(inflect('snake', '2025-12-08')).toContain('"address_street_1":"x-y"');
    expect(inflect('snake', '2023-01-05')).toContain('"fields":{"address_street_1":');
  });

  test('changes keys and never values, for every event', async () => {
    for (const name of FIXTURE_NAMES) {
      const kebab = values(JSON.parse((await compose(name)).body.toString()));
      for (const inflection of ['camel', 'snake'] as const) {
        const { body } = await compose(name, { 'api-key-inflection': inflection });
        expectSame(values(JSON.parse(body.toString())), kebab);
      }
    }
  });
});

function values(node: unknown): unknown[] {
  if (node === null || typeof node !== 'object') return [node];
  return Object.values(node).flatMap(values);
}

describe('file tokens', () => {
  test('are JWTs, each its own, that expire when the webhook says', async () => {
    const { body } = await compose('inquiry.approved', { 'file-access-token-expires-in': 60 });
    const tokens = [...body.toString().matchAll(/access_token=([\w.-]+)"/g)].map(([, token = '']) => token);
    expect(tokens.length).toBeGreaterThan(8);
    expect(new Set(tokens).size).toBe(tokens.length);
    const claims = tokens.map((token) =>
      JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()),
    );
    const event = await sampleEvent();
    for (const { iat, nbf, exp, aud, iss } of claims) {
      expect({ iat, nbf, exp, aud, iss }).toEqual({
        iat: Math.floor(event.createdAtMs / 1000),
        nbf: iat,
        exp: Number(iat) + 60,
        aud: 'files.withpersona.com',
        iss: 'withpersona.com',
      });
    }
  });

  test('are the same for the same event, and others for another', async () => {
    const [first, again] = [await compose('inquiry.approved'), await compose('inquiry.approved')];
    expect(first.body.equals(again.body)).toBe(true);
    const document = fromValue({
      url: 'https://files.withpersona.com/a.jpg?access_token=sample',
    }) as JsonObject;
    const issue = (id: string) =>
      serialise(issueFileTokens(document, { id, createdAtMs: 0 }, { expiresInSeconds: 1 }));
    expect(issue('evt_a')).not.toBe(issue('evt_b'));
  });

  test("leave a user's own URLs alone, and give old ones a token in the path", () => {
    const urls = [
      'https://files.withpersona.com/a.jpg?access_token=mine',
      'https://withpersona.com/api/v1/files/sample/a.jpg',
    ];
    const document = fromValue({ urls }) as JsonObject;
    const issued = serialise(
      issueFileTokens(document, { id: 'evt_a', createdAtMs: 0 }, { expiresInSeconds: 1 }),
    );
    expect(issued).toMatch(
      /a\.jpg\?access_token=mine","https:\/\/withpersona\.com\/api\/v1\/files\/[\w-]{43}\/a\.jpg"/,
    );
  });
});

describe("the event's disputed members", () => {
  test('context: where it is documented, always, never', async () => {
    const { document } = await sampleEvent('inquiry.updated-tags');
    const { document: approved } = await sampleEvent('inquiry.approved');
    const contextOf = (node: JsonObject, context: 'documented' | 'always' | 'never') =>
      member(at(applyEventExtras(node, { ...DEFAULT_EXTRAS, context }), 'data', 'attributes'), 'context');
    expect(serialise(contextOf(document, 'documented')!)).toBe(
      '{"added-tags":["SAMPLE-VIP"],"removed-tags":["SAMPLE-PENDING"]}',
    );
    expect(contextOf(document, 'never')).toBeUndefined();
    expect(contextOf(approved, 'documented')).toBeUndefined();
    expect(serialise(contextOf(approved, 'always')!)).toBe(
      '{"inquiry-previous-step-name":"verification_selfie","inquiry-next-step-name":"success"}',
    );
    const { document: account } = await sampleEvent('account.created');
    expect(serialise(contextOf(account, 'always')!)).toBe('{}');
  });

  test('redacted-at: off unless asked for', async () => {
    expect((await compose('inquiry.approved')).body.toString()).toMatch(/"created-at":"[^"]+"}}}$/);
    const { body } = await compose('inquiry.approved', {}, { event: { redactedAt: true } });
    expect(body.toString()).toMatch(/"created-at":"[^"]+","redacted-at":null}}}$/);
  });
});

describe('a filter', () => {
  const payload = fromValue({
    data: {
      attributes: {
        status: 'approved',
        tags: ['a', 'b'],
        score: 100,
        note: null,
        fields: { x: { value: 1 } },
      },
    },
    included: [{ type: 'account', attributes: { tags: ['vip'] } }, { type: 'case' }],
  });

  test.each([
    [{}],
    [{ data: { attributes: { status: 'approved' } } }],
    [{ data: { attributes: { status: { $or: ['declined', 'approved'] } } } }],
    [{ data: { $or: [{ attributes: { status: 'declined' } }, { attributes: { score: 100 } }] } }],
    [{ data: { attributes: { tags: ['b'] } } }],
    [{ data: { attributes: { tags: [] } } }],
    [{ data: { attributes: { note: null } } }],
    [{ included: [{ type: 'case' }, { attributes: { tags: ['vip'] } }] }],
    [{ included: [{ $or: [{ type: 'x' }, { type: 'case' }] }] }],
  ])('%j lets it through', (filter) => {
    expect(filterMismatch(payload, filter)).toBeUndefined();
  });

  test.each([
    [
      { data: { attributes: { status: 'declined' } } },
      { path: 'data.attributes.status', expected: 'declined', found: 'approved' },
    ],
    [
      { data: { attributes: { status: { $or: ['a', 'b'] } } } },
      { path: 'data.attributes.status', expected: { $or: ['a', 'b'] }, found: 'approved' },
    ],
    [
      { data: { attributes: { tags: ['a', 'c'] } } },
      { path: 'data.attributes.tags', expected: ['a', 'c'], found: ['a', 'b'] },
    ],
    [{ data: { attributes: { missing: 1 } } }, { path: 'data.attributes.missing', expected: 1 }],
    [{ data: { attributes: { note: 'x' } } }, { path: 'data.attributes.note', expected: 'x', found: null }],
    [
      { data: { attributes: { status: {} } } },
      { path: 'data.attributes.status', expected: {}, found: 'approved' },
    ],
    [
      { data: { attributes: { score: '100' } } },
      { path: 'data.attributes.score', expected: '100', found: 100 },
    ],
  ])('%j stops it, and says which clause', (filter, mismatch) => {
    expect(filterMismatch(payload, filter)).toEqual(mismatch);
  });

  test('anything is a subset of itself', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]+$/), fc.jsonValue()), (value) => {
        const node = parseJson(JSON.stringify(value));
        expect(filterMismatch(node, JSON.parse(JSON.stringify(value)))).toBeUndefined();
      }),
    );
  });

  test('uses the keys of the webhook, and sees what the blocklist removes', async () => {
    const filter = { data: { attributes: { referenceId: 'sample-user-1' } } };
    const attributes = { 'payload-filter': filter, 'api-attributes-blocklist': ['reference-id'] };
    expect(
      (await compose('inquiry.approved', { ...attributes, 'api-key-inflection': 'camel' })).filterMismatch,
    ).toBeUndefined();
    expect((await compose('inquiry.approved', attributes)).filterMismatch).toMatchObject({
      path: 'data.attributes.referenceId',
    });
  });
});
