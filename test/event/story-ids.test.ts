import { describe, expect, test } from 'vitest';
import { Noise, noiseKey } from '../../src/event/noise.ts';
import { idOf, idRule, numberedEventId, storyIds } from '../../src/event/story-ids.ts';
import { fromValue } from '../../src/json/node.ts';
import { BASE58 } from '../../src/persona/ids.ts';

const INQUIRY = 'inq_inquirySampLeSampLeSampLeSam';
const TEMPLATE = 'itmpl_inquiryTempLateSampLeSam';

describe('numbered ids', () => {
  test('do not repeat in a million, and use every character in every position', () => {
    const key = noiseKey('1/event');
    const noise = new Noise();
    const bytes = Buffer.alloc(24);
    const parts = new BigUint64Array(1_000_000);
    const counts = Array.from({ length: 24 }, () => new Uint32Array(128));
    for (let number = 0; number < 1_000_000; number += 1) {
      noise.start(key, number);
      noise.writeBase58(bytes, 0, 24);
      parts[number] = bytes.readBigUInt64LE();
      for (let place = 0; place < 24; place += 1) counts[place]![bytes[place]!]! += 1;
    }
    // A third of an id already tells it from all others.
    expect(parts.sort().findIndex((part, index) => part === parts[index + 1])).toBe(-1);
    const expected = 1_000_000 / BASE58.length;
    for (const place of counts) {
      const used = Array.from(BASE58, (character) => place[character.charCodeAt(0)]!);
      expect(used.reduce((sum, count) => sum + count)).toBe(1_000_000);
      // Chi-squared with 57 degrees of freedom: above 120 once in a million; numbers are the same in each run.
      const chi = used.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
      expect(chi).toBeLessThan(120);
    }
  });

  test('differ with the seed, and beyond 2^32', () => {
    const ids = [
      numberedEventId(1, 7),
      numberedEventId(2, 7),
      numberedEventId(1, 7 + 2 ** 32),
      numberedEventId(1, 7 + 2 ** 33),
      numberedEventId(1, 2 ** 53 - 1),
    ];
    expect(new Set(ids).size).toBe(5);
    for (const id of ids) expect(id).toMatch(/^evt_[1-9A-HJ-NP-Za-km-z]{24}$/);
  });

  test('stay the same from version to version', () => {
    expect([numberedEventId(1, 0), numberedEventId(1, 1)]).toMatchInlineSnapshot(`
      [
        "evt_S9T71cdRcXPF7gPXYgh54xee",
        "evt_p6iEF8kHmLbtaGeXFeXgnXh3",
      ]
    `);
  });
});

describe('ids of a story', () => {
  const document = fromValue({ a: INQUIRY, b: [TEMPLATE, 'inq_short', 7] });

  test('are of the same kind and the same in all its events, whatever else these have', () => {
    const ids = storyIds(1, 5, [document]);
    expect([...ids.keys()]).toEqual([INQUIRY, TEMPLATE]);
    expect(ids.get(INQUIRY)).toMatch(/^inq_.{28}$/);
    expect(storyIds(1, 5, [fromValue([7, INQUIRY])]).get(INQUIRY)).toBe(ids.get(INQUIRY));
  });

  test('differ in the next story, except those of objects that are configured once', () => {
    const [one, next] = [storyIds(1, 5, [document]), storyIds(1, 6, [document])];
    expect(next.get(INQUIRY)).not.toBe(one.get(INQUIRY));
    expect(next.get(TEMPLATE)).toBe(one.get(TEMPLATE));
    expect(storyIds(2, 5, [document]).get(TEMPLATE)).not.toBe(one.get(TEMPLATE));
  });

  test('of two objects never collide', () => {
    const rules = ['ver_AamvaSampLeSampLeSampLeS', 'ver_SeLfieSampLeSampLeSampLe'].map((id) =>
      idRule(1, id)!,
    );
    const ids = Array.from({ length: 1000 }, (_, story) => rules.map((rule) => idOf(rule, story))).flat();
    expect(new Set(ids).size).toBe(2000);
  });
});
