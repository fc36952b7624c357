import { describe, expect, test } from 'vitest';
import { diskFiles } from '../../src/fixture/files.ts';
import { object } from '../../src/json/node.ts';
import { describeVerdict } from '../../src/webhook/verdict.ts';
import { configureWebhook } from '../../src/webhook/configure.ts';
import { loadWebhook } from '../../src/webhook/load.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const URL_TEXT = 'http://localhost:3000/hook';
const PAYLOAD = { body: Buffer.alloc(0), document: object([]), removed: [], unmatched: [] };

async function load(content: unknown) {
  await using folder = await temporaryFolder();
  const path = await folder.write('webhook.json', JSON.stringify(content));
  const loaded = await loadWebhook(path, diskFiles).catch((error: unknown) =>
    (error as Error).message.replace(path, 'FILE'),
  );
  return typeof loaded === 'string'
    ? loaded
    : { ...loaded, warnings: loaded.warnings.map((warning) => warning.replace(path, 'FILE')) };
}

describe('a webhook file', () => {
  const attributes = { url: URL_TEXT, 'enabled-events': ['*'], 'api-attributes-blocklist': ['name-*'] };

  test('has bare attributes, or is what the API returns', async () => {
    const bare = await load(attributes);
    const wrapped = await load({ data: { type: 'webhook', id: 'wbh_1', attributes } });
    expect(bare).toMatchObject({ attributes, warnings: [] });
    expect(wrapped).toEqual(bare);
  });

  test('may be in any key inflection', async () => {
    expect(
      await load({ url: URL_TEXT, enabledEvents: ['*'], api_attributes_blocklist: ['name-*'] }),
    ).toMatchObject({ attributes });
  });

  test('with an unknown attribute is read, with a warning', async () => {
    expect(await load({ url: URL_TEXT, 'api-attribute-blocklist': [] })).toMatchObject({
      warnings: [
        "FILE: 'api-attribute-blocklist' is not an attribute of a webhook and is ignored; did you mean api-attributes-blocklist?",
      ],
    });
  });

  test('may enable events that are newer than the catalogue, and patterns', async () => {
    const newer = { url: URL_TEXT, 'enabled-events': ['inquiry.photographed-twice', 'inquiry.*', '*'] };
    expect(await load(newer)).toMatchObject({ attributes: newer, warnings: [] });
  });

  test.each([
    [[], 'FILE: at the top level: expected an object, found an array of 0'],
    [{ url: 1 }, 'FILE: at url: expected a string, found 1'],
    [{ 'api-version': '1999-01-01' }, 'FILE: at api-version: expected one of "2020-05-18", "2021-02-21"'],
    [
      { secrets: [{ value: 'a' }, { value: 'b' }, { value: 'c' }] },
      'FILE: at secrets: expected a length of at most 2, found an array of 3',
    ],
    [
      { secrets: [{ value: 'a', 'expires-at': 'soon' }] },
      'FILE: at secrets[0].expires-at: expected a time like 2026-01-31T12:00:00.000Z, found "soon"',
    ],
    [
      { 'included-allowlist': { state: 'include_some' } },
      'FILE: at included-allowlist.state: expected one of "include_none", "include_all", "custom", found "include_some"',
    ],
    [
      {
        'included-allowlist': {
          state: 'custom',
          'event-types': [{ 'event-type': 'inquiry', relationships: ['*', 'account'] }],
        },
      },
      'FILE: at included-allowlist.event-types[0].relationships: expected "*" alone, or names of relationships',
    ],
    [
      {
        'included-allowlist': {
          state: 'custom',
          'event-types': [1, 2].map(() => ({ 'event-type': 'inquiry', relationships: ['*'] })),
        },
      },
      'FILE: at included-allowlist.event-types: expected each event type once',
    ],
    [
      { 'relationship-allowlist': { state: 'custom' } },
      'FILE: at relationship-allowlist.state: expected one of "include_all", "include_none", "include_some", found "custom"',
    ],
    [
      { 'payload-filter': { data: { status: { $in: ['a'] } } } },
      'FILE: at payload-filter: expected "$or" with a list as the only operator (there is $in)',
    ],
    [
      { 'payload-filter': { attributes: {} } },
      'FILE: at payload-filter.attributes: expected no such member, found an object',
    ],
    [
      { 'file-access-token-expires-in': 999_999 },
      'FILE: at file-access-token-expires-in: expected a number of at most 259200, found 999999',
    ],
    [
      { 'enabled-events': [] },
      'FILE: at enabled-events: expected a length of at least 1, found an array of 0',
    ],
    [
      { 'enabled-events': ['inquiry.*', 'inquiry.aproved'] },
      "FILE: at enabled-events: expected names of events, found 'inquiry.aproved' (did you mean inquiry.approved?)",
    ],
    [{ 'custom-http-headers': { A: 1 } }, 'FILE: at custom-http-headers.a: expected a string, found 1'],
  ])('%j is explained', async (content, message) => {
    expect(await load(content)).toContain(message.replace('headers.a', 'headers.A'));
  });
});

describe('a configured webhook', () => {
  test.each([
    [undefined, 'no receiver given: pass `url` http://localhost:3000/webhooks (or set HOOKCAST_URL)'],
    [
      'localhost:3000',
      'localhost:3000: expected a URL that starts with http:// or https://; did you mean http://localhost:3000?',
    ],
    ['ftp://x/', 'ftp://x/: expected a URL that starts with http:// or https://'],
    ['http://', 'http://: the name of the host is missing'],
    ['http://127.0.0.1:99999/', 'http://127.0.0.1:99999/: port 99999 is above 65535'],
    [
      'http://[fe80::1%25eth0]:3000/',
      'http://[fe80::1%25eth0]:3000/: a URL has no place for the zone of an address (%25eth0)',
    ],
    ['http://ex ample/', "http://ex ample/: 'ex ample' is not the name or address of a host"],
    ['ftp://me:hunter22@x/', 'ftp://[secret]@x/: expected a URL'],
    ['https//me:hunter22@x/', 'https//[secret]@x/: expected a URL'],
    ['http://me:hunter22@x:99999/', 'http://[secret]@x:99999/: port 99999 is above 65535'],
    ['wbhsec_secret', 'the receiver is a URL; this is a secret (`secret`)'],
    ['http://me:pass@localhost/', 'the URL has a user name or password in it'],
  ])('needs a URL: %s', (url, message) => {
    expect(() => configureWebhook({ url })).toThrow(message);
  });

  test('does not show a secret that was given as the URL', () => {
    expect(() => configureWebhook({ url: 'wbhsec_secret' })).not.toThrow('wbhsec_');
  });

  test('skips what is not enabled, and everything when it is disabled', () => {
    const some = configureWebhook({ url: URL_TEXT, 'enabled-events': ['inquiry.approved'] });
    expect(describeVerdict(some.verdict('inquiry.approved', PAYLOAD))).toBeUndefined();
    expect(describeVerdict(some.verdict('inquiry.failed', PAYLOAD))).toBe(
      "the webhook's enabled-events do not list inquiry.failed",
    );
    const disabled = configureWebhook({ url: URL_TEXT, status: 'disabled' });
    expect(describeVerdict(disabled.verdict('inquiry.approved', PAYLOAD))).toContain('status is disabled');
  });

  test('warns of what is odd', () => {
    const { warnings } = configureWebhook({
      url: URL_TEXT,
      secret: 'whsec_x',
      'enabled-events': ['inquiry.aproved', '*'],
    });
    expect(warnings).toEqual([
      'the secret does not start with wbhsec_, which is part of the key',
      "enabled-events: 'inquiry.aproved' is not on Persona's list; did you mean inquiry.approved?",
    ]);
  });
});
