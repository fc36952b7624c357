import { readdir } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FIXTURE_NAMES } from '../../src/fixture/catalogue.ts';
import { envelope, payloadOf } from '../../src/fixture/envelope.ts';
import {
  at,
  fromValue,
  mapScalars,
  member,
  stringAt,
  toValue,
  type JsonNode,
  type JsonObject,
  type JsonValue,
} from '../../src/json/node.ts';
import { serialise } from '../../src/json/text.ts';
import { changesFor, HISTORY, toVersion, type VersionChange } from '../../src/payload/versions/index.ts';
import { API_VERSIONS, NEWEST_API_VERSION } from '../../src/persona/contract.ts';
import { sampleEvent } from '../helpers/fixtures.ts';
import { CASES } from '../helpers/version-cases/index.ts';

const documents = await Promise.all(FIXTURE_NAMES.map(async (name) => (await sampleEvent(name)).document));
const anyDocument = fc.constantFrom(...documents);
const anyVersion = fc.constantFrom(...API_VERSIONS);

describe('the history', () => {
  test('has every dated file, and each file holds changes of its date', async () => {
    const folder = new URL('../../src/payload/versions/', import.meta.url);
    const names = (await readdir(folder)).filter((name) => /^\d/.test(name));
    const found = await Promise.all(
      names.map(async (name) => {
        const module = (await import(new URL(name, folder).href)) as Record<string, VersionChange>;
        return Object.values(module).map((change) => ({ change, date: name.slice(0, 10) }));
      }),
    );
    expect(new Set(found.flat().map(({ change }) => change))).toEqual(new Set(HISTORY));
    for (const { change, date } of found.flat()) expect(change.version).toBe(date);
  });

  test('runs from the newest change to the oldest', () => {
    const dates = HISTORY.map(({ version }) => version);
    expect(dates).toEqual([...dates].sort().reverse());
  });

  test('says of each change what it is and where that is written', () => {
    for (const { description, source } of HISTORY) {
      expect(description).toMatch(/\.$/);
      expect(source).toMatch(/CHANGELOG|OPENAPI/);
    }
  });

  test('is walked a little further by each older version', () => {
    const newestFirst = [...API_VERSIONS].reverse();
    for (const [index, version] of newestFirst.entries()) {
      const own = HISTORY.filter((change) => change.version === version);
      const older = newestFirst[index + 1];
      if (older !== undefined) expect(changesFor(older)).toEqual([...changesFor(version), ...own]);
    }
    expect(changesFor(NEWEST_API_VERSION)).toEqual([]);
    expect(changesFor('2020-05-18')).toEqual(HISTORY);
  });
});

describe('one change', () => {
  test.each(CASES)('$name', ({ change, before, after, included }) => {
    const document = eventOf(before, included);
    const resource = at(payloadOf(toVersion(document, [change])), 'data') as JsonObject;
    expect(serialise(resource)).toBe(JSON.stringify(after));
  });

  test.each(HISTORY)('$version, "$description" has a case', (change) => {
    expect(CASES.some((row) => row.change === change)).toBe(true);
  });

  test.each(CASES)('$name: done twice, it changes nothing more', ({ change, before, included }) => {
    const once = toVersion(eventOf(before, included), [change]);
    const twice = toVersion(once, [change]);
    expect(attributesOf(twice)).toEqual(attributesOf(once));
  });

  test('reaches included objects as well, and leaves pointers without attributes alone', () => {
    const graphQuery = { type: 'graph-query', id: 'grphq_1', attributes: { status: 'completed', nodes: [] } };
    const pointer = { type: 'graph-query', id: 'grphq_2' };
    const document = eventOf({ type: 'case', id: 'case_1', attributes: {} }, [graphQuery, pointer]);
    const included = member(payloadOf(toVersion(document, changesFor('2022-09-01'))), 'included');
    expect(included && toValue(included)).toEqual([
      { ...graphQuery, attributes: { status: 'completed' } },
      pointer,
    ]);
  });
});

describe('an event in a version', () => {
  test('is the same document in the newest', () => {
    for (const document of documents) {
      expect(toVersion(document, changesFor(NEWEST_API_VERSION))).toBe(document);
    }
  });

  test('keeps its envelope, ids and types, and the spelling of its numbers', () => {
    fc.assert(
      fc.property(anyDocument, anyVersion, (document, version) => {
        const older = toVersion(document, changesFor(version));
        expect(envelopeOf(older)).toEqual(envelopeOf(document));
        expect(resourcesOf(older).map(identity)).toEqual(resourcesOf(document).map(identity));
        expect(isSubsequence(numbersIn(older), numbersIn(document))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('keeps 100.0', async () => {
    const { document } = await sampleEvent('verification.passed');
    for (const version of API_VERSIONS) {
      const body = serialise(toVersion(document, changesFor(version)));
      expect(body).toContain('"entity-confidence-score":100.0,');
    }
  });

  test('is the same every time, and the event stays as it was', () => {
    fc.assert(
      fc.property(anyDocument, anyVersion, (document, version) => {
        const text = serialise(document);
        const [one, two] = [changesFor(version), changesFor(version)].map((changes) =>
          serialise(toVersion(document, changes)),
        );
        expect(one).toBe(two);
        expect(serialise(document)).toBe(text);
      }),
    );
  });

  test('never has the same key twice', () => {
    for (const document of documents) {
      for (const { members } of resourcesOf(toVersion(document, changesFor('2020-05-18'))).map(attributes)) {
        expect(new Set(members.map(({ key }) => key)).size).toBe(members.length);
      }
    }
  });

  /** The real delivery of 2023-09-22; `updated-at` and `expires-at` came to all versions later (CHANGELOG). */
  test('has the attributes of an inquiry in the recorded order in 2023-01-05', async () => {
    const { document } = await sampleEvent('inquiry.completed');
    const inquiry = resourcesOf(toVersion(document, changesFor('2023-01-05')))[0]!;
    const keys = attributes(inquiry).members.map(({ key }) => key);
    expect(keys.filter((key) => key !== 'updated-at' && key !== 'expires-at')).toEqual(RECORDED_INQUIRY);
  });

  test('has the attributes of an account in the recorded order in 2023-01-05', async () => {
    const { document } = await sampleEvent('account.updated-fields');
    const account = resourcesOf(toVersion(document, changesFor('2023-01-05')))[0]!;
    const keys = attributes(account).members.map(({ key }) => key);
    const laterKeys = ['account-type-name', 'account-status'];
    expect(keys.filter((key) => !laterKeys.includes(key))).toEqual(RECORDED_ACCOUNT);
  });
});

const RECORDED_INQUIRY = (
  'status reference-id note behaviors tags creator reviewer-comment created-at started-at completed-at failed-at ' +
  'marked-for-review-at decisioned-at expired-at redacted-at previous-step-name next-step-name name-first ' +
  'name-middle name-last birthdate address-street-1 address-street-2 address-city address-subdivision ' +
  'address-subdivision-abbr address-postal-code address-postal-code-abbr social-security-number ' +
  'identification-number email-address phone-number fields'
).split(' ');

const RECORDED_ACCOUNT = (
  'reference-id created-at updated-at redacted-at fields name-first name-middle name-last phone-number ' +
  'email-address address-street-1 address-street-2 address-city address-subdivision address-postal-code ' +
  'country-code birthdate social-security-number tags identification-numbers'
).split(' ');

function eventOf(data: JsonValue, included: JsonValue = []): JsonObject {
  return envelope('sample.event', {
    data: fromValue(data),
    included: fromValue(included),
    createdAt: '2024-05-06T14:00:00.000Z',
  });
}

function resourcesOf(document: JsonNode): readonly JsonObject[] {
  const included = member(payloadOf(document), 'included');
  const others = included?.kind === 'array' ? included.items : [];
  return [member(payloadOf(document), 'data'), ...others] as JsonObject[];
}

function attributes(resource: JsonObject): JsonObject {
  return (member(resource, 'attributes') ?? fromValue({})) as JsonObject;
}

function attributesOf(document: JsonObject): JsonValue {
  return toValue(attributes(resourcesOf(document)[0]!));
}

function identity(resource: JsonObject): readonly unknown[] {
  return [stringAt(resource, 'type'), stringAt(resource, 'id')];
}

/** Everything of the event but its payload. */
function envelopeOf(document: JsonObject): JsonValue {
  const plain = toValue(document) as { data: { attributes: object } };
  return { ...plain.data, attributes: { ...plain.data.attributes, payload: null } };
}

function numbersIn(document: JsonObject): readonly string[] {
  const found: string[] = [];
  mapScalars(document, (leaf) => {
    if (typeof leaf.value === 'number') found.push(leaf.text);
    return leaf;
  });
  return found;
}

function isSubsequence(part: readonly string[], whole: readonly string[]): boolean {
  let next = 0;
  for (const text of whole) if (text === part[next]) next += 1;
  return next === part.length;
}
