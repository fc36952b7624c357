import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FIXTURE_NAMES } from '../../src/fixture/catalogue.ts';
import { replaceScalars } from '../../src/json/replace-scalars.ts';
import { serialise } from '../../src/json/text.ts';
import { scrubbed } from '../../src/recording/scrub/scrub.ts';
import { sampleEvent } from '../helpers/fixtures.ts';

const KEY = Buffer.from('a key of the test');
const recording = (body: string | Buffer) => ({
  method: 'POST',
  url: 'http://a/',
  headers: [],
  body: Buffer.from(body),
});
const scrub = (body: string) => scrubbed(recording(body), KEY)!.body.toString();
const attributes = (text: string) => `{"data":{"attributes":{"payload":{"data":{"attributes":${text}}}}}}`;
const scrubAttributes = (text: string) => {
  const body = scrub(attributes(text));
  return body.slice(attributes('').length - 5, -5);
};

describe('what stays and what goes', () => {
  test.each([
    ['"name-first":"Alexander"', /^"name-first":"[A-Z][a-z]{8}"$/],
    ['"nameLast":"O\'Neil-Smith Jr."', /^"nameLast":"[A-Z]'[A-Z][a-z]{3}-[A-Z][a-z]{4} [A-Z][a-z]\."$/],
    ['"birthdate":"1977-07-17"', /^"birthdate":"19\d\d-(0[1-9]|1[0-2])-([01]\d|2[0-8])"$/],
    ['"birthdate":"1977-07"', /^"birthdate":"19\d\d-(0[1-9]|1[0-2])"$/],
    ['"phone_number":"+1 (415) 555-0101"', /^"phone_number":"\+\d \(\d{3}\) \d{3}-\d{4}"$/],
    ['"email-address":"jane.doe@corp.test"', /^"email-address":"[a-z]{4}\.[a-z]{3}@[a-z]{4}\.[a-z]{4}"$/],
    ['"assignee-id":"jane@corp.test"', /^"assignee-id":"[a-z]{4}@[a-z]{4}\.[a-z]{4}"$/],
    ['"identification-number":"I1234562"', /^"identification-number":"[A-Z]\d{7}"$/],
    ['"ip-address":"203.0.113.7"', /^"ip-address":"\d{3}\.\d\.\d{3}\.\d"$/],
    ['"latitude":-37.7925', /^"latitude":-[1-3][0-7]\.\d{4}$/],
    [
      '"front-photo-url":"https://files.withpersona.com/f.jpg?access_token=ey0"',
      /^"front-photo-url":"https:\/\/[a-z.]{21}\/[a-z.]{5}\?[a-z]{6}_[a-z]{5}=[a-z]{2}\d"$/,
    ],
    [
      '"fields":{"plan":{"type":"string","value":"gold"}}',
      /^"fields":\{"plan":\{"type":"string","value":"[a-z]{4}"\}\}$/,
    ],
    [
      '"fields":{"age":{"type":"integer","value":47}}',
      /^"fields":\{"age":\{"type":"integer","value":\d\d?\}\}$/,
    ],
    ['"reviewer-comment":"Zoë 東京"', /^"reviewer-comment":"[A-Z][a-z][à-õ] [\u4e00-\u5fff]{2}"$/],
    ['"an-attribute-of-tomorrow":"Jane"', /^"an-attribute-of-tomorrow":"[A-Z][a-z]{3}"$/],
  ])('%s is replaced', (given, expected) => {
    const result = scrubAttributes(`{${given}}`).slice(1);
    expect(result.slice(0, -1)).toMatch(expected);
    expect(result.slice(0, -1)).not.toBe(given);
    expect(Buffer.byteLength(result)).toBe(Buffer.byteLength(given) + 1);
  });

  test.each([
    '"status":"approved"',
    '"reference-id":"user-1"',
    '"created-at":"2026-01-31T12:00:00.000Z"',
    '"checks":[{"name":"id_barcode_detection","status":"passed","reasons":["x_y"]}]',
    '"score":100.0,"count":1E+2,"ok":true,"none":null,"empty":""',
    '"account-id":"act_AccountSampLeSampLeSam"',
  ])('%s stays', (given) => {
    expect(scrubAttributes(`{${given}}`)).toBe(`{${given}}`);
  });

  test('the event keeps its id and name', () => {
    const event = '{"data":{"type":"event","id":"evt_1","attributes":{"name":"inquiry.approved"}}}';
    expect(scrub(event)).toBe(event);
  });
});

test('equal values stay equal, also in another spelling; another key gives other stand-ins', () => {
  const body = attributes('{"a":"J\\u0061ne","b":"Jane","c":"Joan"}');
  const { a, b, c } = JSON.parse(scrub(body)).data.attributes.payload.data.attributes;
  expect(a).toBe(b);
  expect(c).not.toBe(b);
  expect(scrubbed(recording(body), Buffer.from('other'))!.body.toString()).not.toBe(scrub(body));
});

test('a key that is data, such as an address, is replaced too', () => {
  expect(scrubAttributes('{"media":{"https://news.test/jane":{"status":"ready"}}}')).toMatch(
    /^\{"media":\{"https:\/\/(?!news)[a-z]{4}\.[a-z]{4}\/[a-z]{4}":\{"status":"ready"\}\}\}$/,
  );
});

test('white space, a byte order mark, escapes and the order of doubled keys stay', () => {
  const body = '\ufeff{ "x" :\t"\\u00e9\\n\\/\\ud83d\\ude00" ,\r\n"x" : [ 1.0 , -0 ] }\n';
  expect(scrub(body)).toMatch(
    /^\ufeff\{ "x" :\t"\\u00[ef]\w\\n\\\/\\ud83d\\ud[c-f]\w\w" ,\r\n"x" : \[ 1\.0 , -0 \] \}\n$/,
  );
});

test.each([
  ['not JSON', 'hello'],
  ['invalid UTF-8', Buffer.from([0x22, 0xff, 0x22])],
  ['nested too deep', '['.repeat(200_000)],
])('%s: undefined', (_, body) => {
  expect(scrubbed(recording(body), KEY)).toBeUndefined();
});

test('the answer is scrubbed too, or its text left out', () => {
  const answerOf = (body: string) =>
    scrubbed(
      { ...recording('{}'), answer: { status: 200, headers: [], body: Buffer.from(body), truncated: false } },
      KEY,
    )!.answer!;
  expect(answerOf('{"name":"Jane"}').body.toString()).not.toContain('Jane');
  expect(answerOf('saved Jane')).toMatchObject({ body: Buffer.alloc(0), truncated: true });
});

test.each(FIXTURE_NAMES.map((name) => [name]))(
  '%s: no sample person is left, and as many bytes',
  async (name) => {
    const body = Buffer.from(serialise((await sampleEvent(name)).document));
    const { body: after, altered } = scrubbed(recording(body), KEY)!;
    expect(altered).toBe('scrubbed');
    const { data } = JSON.parse(after.toString());
    expect(data.attributes.name).toBe(name);
    expect(after.toString()).not.toMatch(
      /ALEXANDER|sample\.test|CALIFORNIA|1977-07-17|5550101|I1234562|203\.0\.113|900-55|access_token|122\.4/i,
    );
    expect(after.length).toBe(body.length);
  },
);

test('a document in which nothing is changed is the same text', () => {
  fc.assert(
    fc.property(fc.json(), fc.constantFrom('', ' ', '\n'), (text, end) => {
      expect(replaceScalars(text + end, () => undefined)).toBe(text + end);
      expect(replaceScalars(text + end, ({ text: same }) => same)).toBe(text + end);
    }),
  );
});
