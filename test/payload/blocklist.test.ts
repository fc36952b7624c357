import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyBlocklist, parseBlocklist } from '../../src/payload/blocklist/apply.ts';
import { canonicalKey } from '../../src/persona/key-convention.ts';
import { BlocklistSyntaxError, parseEntry } from '../../src/payload/blocklist/parse-entry.ts';
import { fromValue, toValue, type JsonObject, type JsonValue } from '../../src/json/node.ts';
import { serialise } from '../../src/json/text.ts';
import { sampleEvent } from '../helpers/fixtures.ts';

interface Resource {
  readonly type: string;
  readonly id: string;
  readonly attributes: JsonValue;
}

function eventOf(data: Resource, included: readonly Resource[] = []): JsonObject {
  const payload = { data, included } as unknown as JsonValue;
  const attributes = { name: 'inquiry.approved', payload, 'created-at': '2024-01-01T00:00:00.000Z' };
  return fromValue({ data: { type: 'event', id: 'evt_1', attributes } }) as JsonObject;
}

/** Of the result: the attributes of the object and of the included ones. */
function filter(entries: readonly string[], document: JsonObject) {
  const result = applyBlocklist(document, parseBlocklist(entries));
  const payload = (toValue(result.document) as any).data.attributes.payload;
  return {
    data: payload.data.attributes,
    included: payload.included.map((item: Resource) => item.attributes),
    removed: result.removed.map(({ path, entry }) => `${path} by ${entry}`),
    unmatched: result.unmatched,
  };
}

const DOCUMENT = eventOf(
  {
    type: 'inquiry',
    id: 'inq_1',
    attributes: {
      status: 'approved',
      'name-first': 'A',
      'email-address': 'a@b.c',
      fields: {
        'name-first': { type: 'string', value: 'A' },
        'selected-country-code': { type: 'string', value: 'US' },
        'phone-number': { type: 'string', value: '1' },
      },
    },
  },
  [
    {
      type: 'account',
      id: 'act_1',
      attributes: { emailAddress: 'a@b.c', fields: { phone_number: { value: 1 } } },
    },
    {
      type: 'case',
      id: 'case_1',
      attributes: {
        fields: { 'identification-class': { value: 'dl' }, 'phone-number': { value: 2 } },
        'photo-urls': [
          { url: 'u1', page: 'front' },
          { url: 'u2', page: 'back' },
        ],
      },
    },
  ],
);

describe('a bare name', () => {
  test('matches on any object and at any depth', () => {
    expect(filter(['name-first'], DOCUMENT).removed).toEqual([
      'data.attributes.name-first by name-first',
      'data.attributes.fields.name-first by name-first',
    ]);
  });

  test.each(['email-address', 'emailAddress', 'email_address', 'EmailAddress'])(
    '%s means the same in every key convention',
    (entry) => {
      expect(filter([entry], DOCUMENT).removed).toEqual([
        `data.attributes.email-address by ${entry}`,
        `included[0].attributes.emailAddress by ${entry}`,
      ]);
    },
  );

  test('takes a wildcard', () => {
    expect(filter(['*-number'], DOCUMENT).removed).toEqual([
      'data.attributes.fields.phone-number by *-number',
      'included[0].attributes.fields.phone_number by *-number',
      'included[1].attributes.fields.phone-number by *-number',
    ]);
    expect(
      filter(['name-*'], eventOf({ type: 't', id: 'i', attributes: { names: 1, name: 2, 'name-x': 3 } }))
        .data,
    ).toEqual({ names: 1, name: 2 });
  });

  test('applies inside lists', () => {
    expect(filter(['url'], DOCUMENT).included[1]['photo-urls']).toEqual([
      { page: 'front' },
      { page: 'back' },
    ]);
  });
});

describe('a path', () => {
  test.each([
    ['/data/attributes/fields/phone-number', ['data.attributes.fields.phone-number']],
    [
      '/included/attributes/fields/phone-number',
      ['included[0].attributes.fields.phone_number', 'included[1].attributes.fields.phone-number'],
    ],
    [
      '/*/attributes/fields/phone-number',
      [
        'data.attributes.fields.phone-number',
        'included[0].attributes.fields.phone_number',
        'included[1].attributes.fields.phone-number',
      ],
    ],
    ['/data/attributes/fields/name-*', ['data.attributes.fields.name-first']],
    ['/data/attributes/*-first', ['data.attributes.name-first']],
    [
      '/included/attributes/fields/identification-class?type=case',
      ['included[1].attributes.fields.identification-class'],
    ],
    ['/included/attributes/fields/phone-number?type=case', ['included[1].attributes.fields.phone-number']],
    [
      '/included/attributes/photo-urls/url',
      ['included[1].attributes.photo-urls[0].url', 'included[1].attributes.photo-urls[1].url'],
    ],
    [
      '/data/attributes/*',
      [
        'data.attributes.status',
        'data.attributes.name-first',
        'data.attributes.email-address',
        'data.attributes.fields',
      ],
    ],
  ])('%s', (entry, paths) => {
    expect(filter([entry], DOCUMENT).removed).toEqual(paths.map((path) => `${path} by ${entry}`));
  });
});

describe('an exemption', () => {
  test('wins whatever the order', () => {
    for (const entries of [
      ['name-*', '!name-first'],
      ['!name-first', 'name-*'],
    ]) {
      expect(filter(entries, DOCUMENT).removed).toEqual([]);
    }
  });

  test('of a nested key needs its parents to be exempt too', () => {
    const nested = [
      '/data/attributes/*',
      '!/data/attributes/fields',
      '/data/attributes/fields/*',
      '!/data/attributes/fields/selected-country-code',
    ];
    expect(filter(nested, DOCUMENT).data).toEqual({
      fields: { 'selected-country-code': { type: 'string', value: 'US' } },
    });
    expect(
      filter(['/data/attributes/*', '!/data/attributes/fields/selected-country-code'], DOCUMENT).data,
    ).toEqual({});
  });
});

test("Persona's documented example: the keys disappear, everything else stays", () => {
  const before = eventOf({
    type: 'inquiry',
    id: 'inq_1',
    attributes: {
      'name-first': 'Alex',
      'name-last': 'Sample',
      status: 'completed',
      fields: {
        'name-first': { type: 'string', value: 'Alex' },
        'address-city': { type: 'string', value: 'X' },
      },
    },
  });
  expect(filter(['name-first', 'name-last'], before).data).toEqual({
    status: 'completed',
    fields: { 'address-city': { type: 'string', value: 'X' } },
  });
});

test('ids, types, relationships and the event itself cannot be removed', async () => {
  const { document } = await sampleEvent();
  const everything = applyBlocklist(document, parseBlocklist(['*', '/*/attributes/*'])).document;
  const strip = (node: JsonObject) =>
    JSON.parse(serialise(node), (key, value: unknown) =>
      key === 'attributes' && !isEvent(value) ? {} : value,
    ) as unknown;
  expect(toValue(everything)).toEqual(strip(document));
});

test('entries that match nothing are named, exemptions included; a removed parent does not hide a match', () => {
  const entries = ['email-adress', '!nothing', 'fields', '/data/attributes/fields/phone-number', 'x?'].slice(
    0,
    4,
  );
  expect(filter(entries, DOCUMENT).unmatched).toEqual(['email-adress', '!nothing']);
});

describe('the syntax', () => {
  test.each([
    ['', 1, 'a name or a path is missing'],
    ['!', 2, 'a name or a path is missing'],
    ['name first', 5, 'white space in an entry'],
    [
      'fields.name-first',
      7,
      "dots belong to the API's sparse fields; a blocklist path is '/data/attributes/fields/name-first'",
    ],
    ['data/attributes/x', 5, "a path starts with a slash: '/data/attributes/x'"],
    ['a,b', 2, "',' cannot stand in a name"],
    ['/attributes/x', 2, 'a path starts with /data, /included or /*'],
    ['!/relationships/x', 3, 'a path starts with /data, /included or /*'],
    ['/data', 7, "'/attributes' must follow: nothing else can be blocked"],
    ['/data/relationships/account', 7, "'/attributes' must follow: nothing else can be blocked"],
    ['/data/attributes', 17, "a key must follow '/attributes'"],
    ['/data/attributes/', 18, 'a key is missing between or after the slashes'],
    ['/data/attributes/a//b', 20, 'a key is missing between or after the slashes'],
    ['/data/attributes/a[0]', 19, "'[' cannot stand in a key"],
    ['/data/attributes/a?kind=case', 20, "only '?type=<resource type>' can follow"],
    ['/data/attributes/a?type=', 25, "a resource type such as 'case' must follow"],
  ])('refuses %j', (entry, position, reason) => {
    const error = (() => {
      try {
        return parseEntry(entry);
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(BlocklistSyntaxError);
    expect(error).toMatchObject({
      entry,
      position,
      message: `blocklist entry '${entry}', position ${position}: ${reason}`,
    });
  });
});

describe('properties', () => {
  const key = fc.constantFrom(
    'name-first',
    'nameFirst',
    'name_last',
    'name',
    'fields',
    'value',
    'type',
    'street-1',
    'x',
  );
  const { attributes } = fc.letrec<{ attributes: JsonValue; tree: JsonValue }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom<JsonValue>(1, null, 'text'),
      fc.array(tie('tree'), { maxLength: 3 }),
      tie('attributes'),
    ),
    attributes: fc.dictionary(key, tie('tree'), { maxKeys: 5 }),
  }));
  const type = fc.constantFrom('inquiry', 'case', 'verification/selfie');
  const resource = fc.record({
    type,
    id: fc.constant('id_1'),
    attributes: attributes,
  });
  const document = fc
    .tuple(resource, fc.array(resource, { maxLength: 3 }))
    .map(([data, included]) => eventOf(data, included));
  const name = fc.constantFrom('name-*', 'name-first', 'name_last', 'fields', '*', '*-1', 'value', 'missing');
  const path = fc
    .tuple(
      fc.constantFrom('data', 'included', '*'),
      fc.array(name, { minLength: 1, maxLength: 3 }),
      fc.option(type),
    )
    .map(
      ([part, keys, only]) => `/${part}/attributes/${keys.join('/')}${only === null ? '' : `?type=${only}`}`,
    );
  const entry = fc
    .tuple(fc.boolean(), fc.oneof(name, path))
    .map(([isExemption, text]) => (isExemption ? `!${text}` : text));
  const entries = fc.array(entry, { maxLength: 5 });

  test('never a key added, nothing left that an entry matches and no exemption spares, nothing else gone', () => {
    fc.assert(
      fc.property(document, entries, (before, list) => {
        const after = applyBlocklist(before, parseBlocklist(list)).document;
        expect(toValue(after)).toEqual(naiveFilter(toValue(before), list));
      }),
      { numRuns: 500 },
    );
  });

  test('idempotent, and independent of the order of entries', () => {
    fc.assert(
      fc.property(document, entries, fc.nat(), (before, list, rotation) => {
        const once = applyBlocklist(before, parseBlocklist(list)).document;
        const cut = list.length === 0 ? 0 : rotation % list.length;
        const shuffled = [...list.slice(cut).reverse(), ...list.slice(0, cut)];
        expect(serialise(applyBlocklist(once, parseBlocklist(list)).document)).toBe(serialise(once));
        expect(serialise(applyBlocklist(before, parseBlocklist(shuffled)).document)).toBe(serialise(once));
      }),
    );
  });
});

test.each([
  ['addressStreet1', 'address-street-1'],
  ['address_street_1', 'address-street-1'],
  ['address-street-1', 'address-street-1'],
  ['frontPhotoURL', 'front-photo-url'],
  ['name-*', 'name-*'],
  ['*Number', '*-number'],
])('%s is %s in canonical form', (key, canonical) => {
  expect(canonicalKey(key)).toBe(canonical);
});

function isEvent(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'payload' in value;
}

/**
 * The rules once more, written for their plainness: on plain values, with globs instead of parsed entries, each
 * key asked against each entry.
 */
function naiveFilter(event: any, entries: readonly string[]): unknown {
  const copy = structuredClone(event);
  const { payload } = copy.data.attributes;
  const judge = (part: string, type: string, keys: readonly string[]) => {
    const hits = entries.filter((entry) => naiveMatch(entry.replace('!', ''), part, { type, keys }));
    return hits.some((entry) => !entry.startsWith('!')) && !hits.some((entry) => entry.startsWith('!'));
  };
  const prune = (
    value: any,
    part: string,
    { type, keys }: { type: string; keys: readonly string[] },
  ): void => {
    if (Array.isArray(value)) for (const item of value) prune(item, part, { type, keys });
    else if (value !== null && typeof value === 'object') {
      for (const key of Object.keys(value)) {
        const inner = { type, keys: [...keys, key] };
        if (judge(part, type, inner.keys)) delete value[key];
        else prune(value[key], part, inner);
      }
    }
  };
  prune(payload.data.attributes, 'data', { type: payload.data.type, keys: [] });
  for (const item of payload.included) prune(item.attributes, 'included', { type: item.type, keys: [] });
  return copy;
}

function naiveMatch(
  entry: string,
  part: string,
  { type, keys }: { type: string; keys: readonly string[] },
): boolean {
  const dashed = (key: string) =>
    key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).replaceAll('_', '-');
  const glob = (pattern: string, text: string) =>
    new RegExp(`^${dashed(pattern).replaceAll('*', '.*')}$`).test(dashed(text));
  if (!entry.startsWith('/')) return glob(entry, keys.at(-1) ?? '');
  const [path = '', query] = entry.split('?type=');
  const [, scope, , ...segments] = path.split('/');
  if (scope !== '*' && scope !== part) return false;
  if (query !== undefined && query !== type) return false;
  return (
    segments.length === keys.length && segments.every((segment, index) => glob(segment, keys[index] ?? ''))
  );
}
