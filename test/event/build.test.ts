import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../src/event/seeded-random.ts';
import { buildEvent, buildRun } from '../../src/event/build.ts';
import { payloadOf } from '../../src/fixture/envelope.ts';
import { loadFixture } from '../../src/fixture/load.ts';
import { at, mapScalars, stringAt, type JsonNode } from '../../src/json/node.ts';
import { serialise } from '../../src/json/text.ts';
import { prefixOfId } from '../../src/persona/ids.ts';
import { allFixtures, AT_MS, library, sampleEvent } from '../helpers/fixtures.ts';

const fixtures = await allFixtures();
const anyFixture = fc.constantFrom(...fixtures);
const anySeed = fc.integer({ min: 0, max: 2 ** 32 - 1 });
/** From 1990 to 2090, with milliseconds. */
const anyTime = fc.integer({ min: 631_152_000_000, max: 3_786_912_000_000 });

describe('ids', () => {
  test('are fresh, and the same object has the same one wherever it is named', () => {
    fc.assert(
      fc.property(anyFixture, anySeed, (fixture, seed) => {
        const { document } = buildEvent(fixture, { atMs: AT_MS, random: seededRandom(seed) });
        const [old, fresh] = [idsIn(fixture.document), idsIn(document)];
        const renamed = new Map(old.map((id, index) => [id, fresh[index] ?? '']));
        expect(fresh).toEqual(old.map((id) => renamed.get(id)));
        expect(new Set(renamed.values()).size).toBe(renamed.size);
        for (const [before, after] of renamed) {
          expect(after).not.toBe(before);
          expect(prefixOfId(after)).toBe(prefixOfId(before));
          expect(after).toMatch(/^[a-z]+_[1-9A-HJ-NP-Za-km-z]+$/);
        }
      }),
    );
  });

  test('of inquiries are 32 characters long, others have 24 after the prefix', async () => {
    const { document, id } = await sampleEvent();
    expect(stringAt(payloadOf(document), 'data', 'id')).toHaveLength(32);
    expect(id).toMatch(/^evt_.{24}$/);
  });

  test('may be chosen for the object, everywhere it is named', async () => {
    const { document } = await sampleEvent('inquiry.approved', { id: 'inq_mine' });
    const text = serialise(document);
    expect(text.match(/inq_\w+/g)).toEqual(expect.arrayContaining(['inq_mine']));
    expect(new Set(text.match(/inq_\w+/g))).toEqual(new Set(['inq_mine']));
  });

  test('may be chosen for the event', async () => {
    expect((await sampleEvent('inquiry.approved', { id: 'evt_mine' })).id).toBe('evt_mine');
  });

  test('a word that is not an id is refused', async () => {
    await expect(sampleEvent('inquiry.approved', { id: 'four' })).rejects.toMatchObject({
      message: "`id` four: expected an id like inq_… (the object's) or evt_… (the event's)",
    });
  });
});

describe('the time line', () => {
  test('ends at the event, in whatever year, and keeps its order', () => {
    fc.assert(
      fc.property(anyFixture, anyTime, (fixture, atMs) => {
        const { document, createdAtMs } = buildEvent(fixture, { atMs, random: seededRandom(1) });
        expect(createdAtMs).toBe(atMs);
        const times = timesIn(document);
        for (const { key, ms } of times) if (!isToCome(key)) expect(ms).toBeLessThanOrEqual(atMs);
        const before = timesIn(fixture.document).map(({ ms }) => ms);
        // All times but the event's own have moved by the same whole seconds.
        const moves = new Set(times.map(({ ms }, index) => ms - (before[index] ?? 0)).slice(0, -1));
        expect(moves.size).toBe(1);
        expect(Math.abs([...moves][0]! % 1000)).toBe(0);
      }),
    );
  });

  test('of an inquiry: created, started, completed, decided, sent', async () => {
    const { document, createdAtMs } = await sampleEvent();
    const attributes = at(payloadOf(document), 'data', 'attributes');
    const line = ['created-at', 'started-at', 'completed-at', 'decisioned-at'].map((key) =>
      Date.parse(stringAt(attributes, key) ?? ''),
    );
    expect([...line, createdAtMs]).toEqual([...line, createdAtMs].sort((a, b) => a - b));
    expect(line[3]).toBe(Date.parse('2026-01-31T11:59:59.000Z'));
  });

  test('unix seconds agree with the times beside them', () => {
    fc.assert(
      fc.property(anyFixture, anyTime, (fixture, atMs) => {
        const { document } = buildEvent(fixture, { atMs, random: seededRandom(1) });
        for (const [ms, seconds] of secondsBesideTimes(document)) expect(seconds).toBe(Math.floor(ms / 1000));
      }),
    );
  });

  test('dates such as a birthdate stay', async () => {
    const { document } = await sampleEvent();
    expect(stringAt(payloadOf(document), 'data', 'attributes', 'fields', 'birthdate', 'value')).toBe(
      '1977-07-17',
    );
  });
});

describe('a build', () => {
  test('repeats to the byte with its seed and time', () => {
    fc.assert(
      fc.property(anyFixture, anySeed, anyTime, (fixture, seed, atMs) => {
        const build = () => serialise(buildEvent(fixture, { atMs, random: seededRandom(seed) }).document);
        expect(build()).toBe(build());
      }),
    );
  });

  test('changes nothing but ids and times', async () => {
    const fixture = await loadFixture('inquiry.approved', library);
    const { document } = buildEvent(fixture, { atMs: AT_MS, random: seededRandom(1) });
    expect(serialise(neutral(document))).toBe(serialise(neutral(fixture.document)));
  });

  test('keeps ids and times when asked to', async () => {
    const fixture = await loadFixture('inquiry.approved', library);
    const { document } = buildEvent(fixture, { atMs: AT_MS, random: seededRandom(1), keep: true });
    expect(serialise(document)).toBe(serialise(fixture.document));
  });

  test('sets the reference id of the object and its account', async () => {
    const { document } = await sampleEvent('inquiry.approved', { referenceId: 'user-"7"' });
    expect(serialise(document).match(/"reference-id":"user-\\"7\\""/g)).toHaveLength(2);
  });
});

describe('a run of events', () => {
  test('is about the same objects on one time line, in whatever order it is sent', async () => {
    const names = ['inquiry.approved', 'inquiry.created'];
    const run = buildRun(await Promise.all(names.map((name) => loadFixture(name, library))), {
      atMs: AT_MS,
      random: seededRandom(3),
    });
    const [approved, created] = run.map(({ document }) => payloadOf(document));
    expect(stringAt(approved, 'data', 'id')).toBe(stringAt(created, 'data', 'id'));
    expect(stringAt(approved, 'data', 'attributes', 'created-at')).toBe(
      stringAt(created, 'data', 'attributes', 'created-at'),
    );
    expect(run[0]?.id).not.toBe(run[1]?.id);
    expect(run.map(({ createdAtMs }) => AT_MS - createdAtMs)).toEqual([0, 330_132]);
  });

  test('gives the same event twice two ids', async () => {
    const fixture = await loadFixture('inquiry.created', library);
    const run = buildRun([fixture, fixture], { atMs: AT_MS, random: seededRandom(3) });
    expect(new Set(run.map(({ id }) => id)).size).toBe(2);
  });
});

function idsIn(node: JsonNode): string[] {
  return leaves(node).flatMap(({ value }) => (typeof value === 'string' && prefixOfId(value) ? [value] : []));
}

function timesIn(node: JsonNode): { key: string; ms: number }[] {
  return leaves(node).flatMap(({ key, value }) =>
    typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value) ? [{ key, ms: Date.parse(value) }] : [],
  );
}

function isToCome(key: string): boolean {
  return key.endsWith('expires-at');
}

function leaves(node: JsonNode): { key: string; value: unknown }[] {
  const found: { key: string; value: unknown }[] = [];
  mapScalars(node, (leaf, key = '') => {
    found.push({ key, value: leaf.value });
    return leaf;
  });
  return found;
}

function secondsBesideTimes(node: JsonNode): [ms: number, seconds: number][] {
  if (node.kind === 'scalar') return [];
  if (node.kind === 'array') return node.items.flatMap(secondsBesideTimes);
  return node.members.flatMap(({ key, value }) => {
    const time = key.endsWith('-ts') ? stringAt(node, key.slice(0, -3)) : undefined;
    const own: [number, number][] =
      time !== undefined && value.kind === 'scalar' ? [[Date.parse(time), Number(value.value)]] : [];
    return [...own, ...secondsBesideTimes(value)];
  });
}

/** The document with every id, time and unix time blanked. */
function neutral(node: JsonNode): JsonNode {
  return mapScalars(node, (leaf, key = '') => {
    const isTime = typeof leaf.value === 'string' && /^\d{4}-\d\d-\d\dT/.test(leaf.value);
    const isId = typeof leaf.value === 'string' && prefixOfId(leaf.value) !== undefined;
    return isTime || isId || key.endsWith('-ts') ? { ...leaf, text: '0' } : leaf;
  });
}
