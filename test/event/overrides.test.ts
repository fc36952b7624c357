import { describe, expect, test } from 'vitest';
import { applyOverrides, parseAssignment, type Override } from '../../src/event/overrides.ts';
import type { JsonObject } from '../../src/json/node.ts';
import { parseJson, serialise } from '../../src/json/text.ts';
import { sampleEvent } from '../helpers/fixtures.ts';

const DOCUMENT = parseJson(
  '{"data":{"attributes":{"payload":{"data":{"attributes":{"status":"created","score":100.0,"fields":{"name-first":{"type":"string","value":"A"}},"tags":["a","b"]},"relationships":{"account":{"data":null}}},"included":[{"type":"account","attributes":{"n":1}},{"type":"verification/selfie","attributes":{"n":2}},{"type":"account","attributes":{"n":3}}]},"context":{"added-tags":[]}}}}',
) as JsonObject;

/** The document after the change, with everything that is still the same cut away from both ends. */
function apply(...overrides: Override[]): string {
  return serialise(applyOverrides(DOCUMENT, overrides));
}

const set = (text: string) => parseAssignment('set', text);
const add = (text: string) => parseAssignment('add', text);
const remove = (path: string): Override => ({ kind: 'remove', path });

describe('a path', () => {
  test.each([
    ['starts at the attributes', set('status=approved'), '"status":"approved"'],
    ['goes into fields', set('fields.name-first.value=Zoë'), '"name-first":{"type":"string","value":"Zoë"}'],
    ['starts at the payload with data.', set('data.attributes.status=x'), '"status":"x"'],
    ['reaches relationships', set('data.relationships.account:=[]'), '"account":[]'],
    ['counts in arrays', set('tags.1=c'), '"tags":["a","c"]'],
    [
      'names included by type, all of them',
      set('included.account.attributes.n:=9'),
      '"n":9}},{"type":"verification/selfie","attributes":{"n":2}},{"type":"account","attributes":{"n":9}}',
    ],
    ['names included by a type with a slash', set('included.verification/selfie.attributes.n:=7'), '"n":7'],
    ['names included by index', set('included.2.attributes.n:=7'), '"attributes":{"n":7}}]'],
    ['reaches the context', set('context.added-tags:=["x"]'), '"added-tags":["x"]'],
    ['of text keeps an equals sign', set('status=a=b'), '"status":"a=b"'],
    ['of JSON keeps its spelling', set('score:=98.50'), '"score":98.50'],
    ['may be empty text', set('status='), '"status":""'],
    [
      'adds a field',
      add('fields.mine:={"type":"string","value":"x"}'),
      '"mine":{"type":"string","value":"x"}}',
    ],
    ['removes an attribute', remove('score'), '"status":"created","fields"'],
    ['removes an item', remove('tags.0'), '"tags":["b"]'],
    [
      'removes included objects of a type',
      remove('included.account'),
      '"included":[{"type":"verification/selfie","attributes":{"n":2}}]',
    ],
  ])('%s', (_, override, expected) => {
    expect(apply(override)).toContain(expected);
  });

  test('changes are made in their order', () => {
    expect(apply(set('status=a'), set('status=b'))).toContain('"status":"b"');
    expect(() => apply(remove('status'), set('status=b'))).toThrow('`set` status: the path matches nothing');
  });

  test.each([
    [
      set('statsu=x'),
      '`set` statsu: the path matches nothing; nearest: status. A new attribute is added with `add`',
    ],
    [
      set('fields.name-frist.value=x'),
      '`set` fields.name-frist.value: the path matches nothing; nearest: fields.name-first.value. A new attribute is added with `add`',
    ],
    [remove('zzzzzzzzzz'), '`remove` zzzzzzzzzz: the path matches nothing'],
    [
      set('included.case.attributes.n=1'),
      '`set` included.case.attributes.n: the path matches nothing; nearest: included.account.attributes.n',
    ],
    [set('status.deeper=1'), '`set` status.deeper: the path matches nothing'],
    [
      add('status=x'),
      '`add` status: the path has no such parent, or is there already (use `set`); nearest: status',
    ],
  ])('that matches nothing is an error with the nearest: %j', (override, message) => {
    expect(() => apply(override)).toThrow(message);
  });

  test.each([
    ['=x', "`set` '=x': expected path=text or path:=json"],
    ['status', "`set` 'status': expected path=text or path:=json"],
    ['status:={', "`set` 'status:={': not JSON after ':='"],
  ])('%s is not an assignment', (text, message) => {
    expect(() => set(text)).toThrow(message);
  });
});

test('overrides come after ids and times: what the user sets is sent as it is', async () => {
  const overrides = [
    set('created-at=2001-01-01T00:00:00.000Z'),
    set('note=inq_SampLeinquirySampLeSampLeSam'),
  ];
  const { document } = await sampleEvent('inquiry.approved', { overrides });
  expect(serialise(document)).toContain('"created-at":"2001-01-01T00:00:00.000Z"');
  expect(serialise(document)).toContain('"note":"inq_SampLeinquirySampLeSampLeSam"');
});
