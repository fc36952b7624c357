import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../src/event/seeded-random.ts';
import { buildEvent, type Event } from '../../src/event/build.ts';
import { numberedEventId, storyIds } from '../../src/event/story-ids.ts';
import { FIXTURE_NAMES } from '../../src/fixture/catalogue.ts';
import type { Fixture } from '../../src/fixture/load.ts';
import type { JsonObject } from '../../src/json/node.ts';
import { parseJson } from '../../src/json/text.ts';
import { composePayload } from '../../src/payload/compose.ts';
import { API_VERSIONS, KEY_INFLECTIONS } from '../../src/persona/contract.ts';
import type { WebhookAttributes } from '../../src/persona/webhook.ts';
import { compileTemplate } from '../../src/render/template.ts';
import { configureWebhook, type WebhookExtras } from '../../src/webhook/configure.ts';
import { allFixtures, AT_MS } from '../helpers/fixtures.ts';
import { isSample, partOf } from '../helpers/sample.ts';

const fixtures = await allFixtures();
const approved = fixtures[FIXTURE_NAMES.indexOf('inquiry.approved')]!;
const URL = 'http://127.0.0.1/';

interface Case {
  readonly attributes?: WebhookAttributes;
  readonly extras?: WebhookExtras;
}

const BLOCKLIST = ['name-*', 'birthdate', '/included/attributes/*-at', '/*/attributes/fields/*', '*-urls'];

/** Each dimension once with each fixture; the property below mixes them. */
const CASES: Record<string, Case> = {
  'as it comes': {},
  ...Object.fromEntries(
    API_VERSIONS.map((version) => [`version ${version}`, { attributes: { 'api-version': version } }]),
  ),
  'camel case': { attributes: { 'api-key-inflection': 'camel' } },
  'snake case, old': { attributes: { 'api-key-inflection': 'snake', 'api-version': '2021-05-14' } },
  'a blocklist': { attributes: { 'api-attributes-blocklist': BLOCKLIST } },
  'nothing included': { attributes: { 'included-allowlist': { state: 'include_none' } } },
  'some relationships': {
    attributes: {
      'relationship-allowlist': { state: 'include_some', relationships: ['account', 'template'] },
    },
  },
  'no relationships': { attributes: { 'relationship-allowlist': { state: 'include_none' } } },
  'extra members': { extras: { event: { context: 'always', redactedAt: true } } },
};

/** Events without changes: no webhook has a part in building them, so that all cases share them. */
const plainEvents = new Map<string, Event>();

function build(fixture: Fixture, event: number, atMs: number): Event {
  const ids = storyIds(11, event, [fixture.document]);
  const id = numberedEventId(11, event);
  return buildEvent(fixture, { atMs, ids, id, random: seededRandom(1) });
}

function plainEvent(fixture: Fixture, event: number, atMs: number): Event {
  const key = `${fixture.name} ${event} ${atMs}`;
  const built = plainEvents.get(key) ?? build(fixture, event, atMs);
  plainEvents.set(key, built);
  return built;
}

function compare(fixture: Fixture, { attributes, extras }: Case) {
  const webhook = configureWebhook({ url: URL, ...attributes }, extras);
  const template = compileTemplate(fixture, { webhook, seed: 11 });
  const renderer = template.createRenderer();
  return {
    rendered: (event: number, atMs: number) => renderer.render({ event, story: event }, atMs),
    built: (event: number, atMs: number) => {
      const built = fixtures.includes(fixture)
        ? plainEvent(fixture, event, atMs)
        : build(fixture, event, atMs);
      return { id: built.id, body: composePayload(built, webhook.payload).body };
    },
  };
}

/** The same without vitest's walk through both buffers. */
function expectSame({ rendered, built }: ReturnType<typeof compare>, event: number, atMs: number) {
  const { id, body } = built(event, atMs);
  const event_ = rendered(event, atMs);
  if (!event_.body.equals(body)) expect(event_.body.toString()).toBe(body.toString());
  expect(event_.eventId).toBe(id);
}

describe('a rendered event is byte-equal to the one that is built and composed', () => {
  test.each(Object.entries(CASES).map(([name, change], index) => [name, change, index] as const))(
    '%s',
    (_name, change, part) => {
      for (const fixture of partOf(fixtures, { part, of: Object.keys(CASES).length / 2 })) {
        const pair = compare(fixture, change);
        expectSame(pair, 4_294_967_299, AT_MS);
        // What a renderer had before leaves no trace.
        expectSame(pair, 7, AT_MS + 86_399_999);
      }
    },
  );

  test('whatever the fixture, webhook, number and time', () => {
    const attributes = fc.record({
      'api-version': fc.constantFrom(...API_VERSIONS),
      'api-key-inflection': fc.constantFrom(...KEY_INFLECTIONS),
      'api-attributes-blocklist': fc.subarray(BLOCKLIST),
      'included-allowlist': fc.constantFrom<NonNullable<WebhookAttributes['included-allowlist']>[]>(
        { state: 'include_all' as const },
        { state: 'include_none' as const },
        {
          state: 'custom' as const,
          'event-types': [
            { 'event-type': 'inquiry', relationships: ['account', 'sessions', 'verifications'] },
          ],
        },
      ),
      'file-access-token-expires-in': fc.integer({ min: 60, max: 259_200 }),
    });
    const number = fc.maxSafeNat();
    const atMs = fc.integer({ min: 1_100_000_000_000, max: 9_000_000_000_000 });
    const twice = fc.tuple(fc.tuple(number, atMs), fc.tuple(number, atMs));
    fc.assert(
      fc.property(fc.constantFrom(...fixtures), attributes, twice, (fixture, change, events) => {
        const pair = compare(fixture, { attributes: change });
        for (const [event, ms] of events) expectSame(pair, event, ms);
      }),
      { numRuns: isSample ? 40 : 150 },
    );
  });

  test('with odd times, ids and text in a fixture of your own', () => {
    const text = `{"data": {"type": "event", "id": "evt_x", "attributes": {"name": "inquiry.approved",
      "payload": {"data": {"type": "inquiry", "id": "inq_short", "attributes": {
        "a-at": "2024-01-01T00:00:00Z", "b-at": "2024-01-01T00:00:00.1Z", "c-at": "2024-01-01T00:00:59.123456Z",
        "c-at-ts": 1704067259, "d": "evt_x", "e": "caf\\u00e9 ☕", "f": 100.0, "g": "2024-01-01",
        "url": "https://files.withpersona.com/a.jpg?access_token=mine",
        "own": "https://files.withpersona.com/a.jpg?access_token=sample",
        "h": ["rep_WatchListSampLeSampLeSam", "itmpl_inquiryTempLateSampLeSam"]}}},
      "created-at": "2024-01-01T00:01:00.5Z"}}}`;
    const fixture = { name: 'inquiry.approved', document: parseJson(text) as JsonObject };
    const pair = compare(fixture, {});
    expectSame(pair, 1, AT_MS);
    expectSame(pair, 2, AT_MS + 1);
  });
});

describe('a renderer', () => {
  const webhook = configureWebhook({ url: URL });
  const template = compileTemplate(approved, { webhook, seed: 1 });

  test('makes the same event again, in whatever order and wherever it is made', () => {
    const first = template.createRenderer();
    const body = Buffer.from(first.render({ event: 5, story: 5 }, AT_MS).body);
    first.render({ event: 6, story: 6 }, AT_MS + 5000);
    expect(first.render({ event: 5, story: 5 }, AT_MS).body.equals(body)).toBe(true);
    const other = compileTemplate(approved, { webhook, seed: 1 }).createRenderer();
    expect(other.render({ event: 5, story: 5 }, AT_MS).body.equals(body)).toBe(true);
  });

  test('says which event it is, and makes it the same afterwards', () => {
    const renderer = template.createRenderer();
    const body = Buffer.from(renderer.render({ event: 5, story: 5 }, AT_MS).body);
    const { eventId, eventName } = renderer.identify(6);
    expect([eventId, eventName]).toEqual([numberedEventId(1, 6), 'inquiry.approved']);
    expect(renderer.render({ event: 5, story: 5 }, AT_MS).body.equals(body)).toBe(true);
  });

  test('keeps its buffer', () => {
    const renderer = template.createRenderer();
    expect(renderer.render({ event: 1, story: 1 }, AT_MS).body).toBe(
      renderer.render({ event: 2, story: 2 }, AT_MS).body,
    );
  });

  test.each([Number.NaN, 0, 1_000_000_000_000, 9_999_999_999_999])('refuses the time %d', (atMs) => {
    expect(() => template.createRenderer().render({ event: 1, story: 1 }, atMs)).toThrow(
      `inquiry.approved: an event at ${atMs} ms since 1970 has times outside of the years 2001 to 2286`,
    );
  });

  test('gives every file its own token, which reads as a JWT', () => {
    const text = template.createRenderer().render({ event: 9, story: 9 }, AT_MS).body.toString();
    const tokens = [...text.matchAll(/access_token=([\w.-]+)"/g)].map(([, token = '']) => token);
    const claims = tokens.map((token) =>
      JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()),
    );
    expect(new Set(claims.map(({ jti }) => jti)).size).toBe(15);
    expect(new Set(tokens.map((token) => token.split('.')[2])).size).toBe(15);
    for (const { jti, sub, iat, exp } of claims) {
      expect(jti).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(sub).toMatch(/^[0-9a-z]{28}$/);
      expect([iat, exp]).toEqual([Math.floor(AT_MS / 1000), Math.floor(AT_MS / 1000) + 21_600]);
    }
  });
});

describe('the verdict', () => {
  const verdictOf = (attributes: WebhookAttributes) =>
    compileTemplate(approved, { webhook: configureWebhook({ url: URL, ...attributes }), seed: 1 }).verdict;

  test.each<[string, WebhookAttributes, string]>([
    ['delivers', {}, 'deliver'],
    ['knows enabled-events', { 'enabled-events': ['inquiry.created'] }, 'not-enabled'],
    ['knows a filter that passes', { 'payload-filter': { data: { type: 'inquiry' } } }, 'deliver'],
    ['knows a filter that does not', { 'payload-filter': { data: { type: 'case' } } }, 'filtered'],
    [
      'compares ids of the configuration, which are those of the run',
      { 'payload-filter': { data: { id: 'itmpl_inquiryTempLateSampLeSam' } } },
      'filtered',
    ],
  ])('%s', (_name, attributes, kind) => {
    expect(verdictOf(attributes).kind).toBe(kind);
  });

  test.each<[string, WebhookAttributes['payload-filter']]>([
    ['"inq_inquirySampLeSampLeSampLeSam" is an id', { data: { id: 'inq_inquirySampLeSampLeSampLeSam' } }],
    ['"2024-01-01T00:00:00.000Z" is a time', { data: { attributes: { a: '2024-01-01T00:00:00.000Z' } } }],
    ['1704067200 is a time', { data: { attributes: { createdAtTs: 1_704_067_200 } } }],
  ])('refuses a filter on values that differ between events: %s', (reason, filter) => {
    expect(() => verdictOf({ 'payload-filter': filter })).toThrow(reason);
  });
});
