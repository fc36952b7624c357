import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../src/event/seeded-random.ts';
import { withFreshIds } from '../../src/recording/fresh-ids.ts';
import { planReplay, type ReplayPlanOptions } from '../../src/recording/plan.ts';
import type { Recording } from '../../src/recording/recording.ts';

const recording = (more: Partial<Recording>): Recording => ({
  method: 'POST',
  url: 'http://localhost/hook',
  headers: [],
  body: Buffer.from(`{"id":"${more.eventId ?? ''}"}`),
  eventName: 'inquiry.approved',
  ...more,
});
const plan = (recordings: Recording[], options: ReplayPlanOptions = {}) =>
  planReplay(recordings, options, seededRandom(7)).map(({ recording: { eventId, attempt }, dueMs, copy }) =>
    [eventId, attempt ?? '-', dueMs, copy].join(' '),
  );

const RETRIED = [
  recording({ eventId: 'evt_a', attempt: 1, atMs: 1_000 }),
  recording({ eventId: 'evt_b', attempt: 1, atMs: 2_500 }),
  recording({ eventId: 'evt_a', attempt: 2, atMs: 4_000 }),
  recording({ eventId: 'evt_b', attempt: 1, atMs: 9_000 }),
];

describe('what is sent when', () => {
  test('attempts of one delivery are one; the same number again is a duplicate', () => {
    expect(plan(RETRIED)).toEqual(['evt_a 1 0 1', 'evt_b 1 1500 1', 'evt_b 1 8000 2']);
  });

  test('each attempt, where that is asked for', () => {
    expect(plan(RETRIED, { everyAttempt: true })).toEqual([
      'evt_a 1 0 1',
      'evt_b 1 1500 1',
      'evt_a 2 3000 2',
      'evt_b 1 8000 2',
    ]);
  });

  test('a delivery of a journal is known by its id', () => {
    const both = [
      recording({ eventId: 'evt_a', deliveryId: '1', attempt: 1, atMs: 0 }),
      recording({ eventId: 'evt_a', deliveryId: '2', attempt: 1, atMs: 10 }),
      recording({ eventId: 'evt_a', deliveryId: '1', attempt: 2, atMs: 20 }),
    ];
    expect(plan(both)).toEqual(['evt_a 1 0 1', 'evt_a 1 10 2']);
  });

  test('an attempt repeated after a crash is not another delivery', () => {
    const again = [
      recording({ eventId: 'evt_a', deliveryId: '1', attempt: 1, atMs: 0 }),
      recording({ eventId: 'evt_a', deliveryId: '1', attempt: 1, atMs: 10 }),
      recording({ eventId: 'evt_a', deliveryId: '1', attempt: 2, atMs: 20 }),
      recording({ eventId: 'evt_a', deliveryId: '1', attempt: 2, atMs: 30 }),
    ];
    expect(plan(again)).toEqual(['evt_a 1 0 1']);
  });

  test('by time where all have one, else in recorded order and never backwards', () => {
    const [a, b] = [recording({ eventId: 'evt_a', atMs: 900 }), recording({ eventId: 'evt_b', atMs: 100 })];
    expect(plan([a, b])).toEqual(['evt_b - 0 1', 'evt_a - 800 1']);
    expect(plan([b, recording({ eventId: 'evt_c' }), a])).toEqual([
      'evt_b - 0 1',
      'evt_c - 0 1',
      'evt_a - 800 1',
    ]);
    expect(plan([a, b, recording({ eventId: 'evt_c' })])).toEqual([
      'evt_a - 0 1',
      'evt_b - 0 1',
      'evt_c - 0 1',
    ]);
  });

  test('--limit counts deliveries; --only chooses by name', () => {
    expect(plan(RETRIED, { limit: 2 })).toEqual(['evt_a 1 0 1', 'evt_b 1 1500 1']);
    const other = recording({ eventId: 'evt_c', eventName: 'inquiry.created', atMs: 0 });
    expect(plan([...RETRIED, other], { only: ['inquiry.created'] })).toEqual(['evt_c - 0 1']);
    expect(() => plan(RETRIED, { only: ['inquiry.aproved'] })).toThrow(
      '`only` inquiry.aproved: not in the recording; did you mean inquiry.approved?\nIts events: inquiry.approved',
    );
    expect(() => plan([])).toThrow('nothing to send: the recording is empty');
  });

  test('shuffled: all of them, at the same moments, the same with the same seed', () => {
    const many = Array.from({ length: 9 }, (_, index) =>
      recording({ eventId: `evt_${index}`, atMs: index * 10 }),
    );
    const lines = plan(many, { shuffle: true });
    expect(lines).toEqual(plan(many, { shuffle: true }));
    expect(lines.map((line) => line.split(' ')[2])).toEqual(many.map(({ atMs }) => String(atMs)));
    const ids = lines.map((line) => line.split(' ')[0]);
    expect(ids).not.toEqual(many.map(({ eventId }) => eventId));
    expect(ids.toSorted()).toEqual(many.map(({ eventId }) => eventId).toSorted());
  });
});

describe('fresh ids', () => {
  test('only the characters of the id change, everywhere it occurs', () => {
    const id = 'evt_abcdefghijkmnopqrstuvwxy';
    const noise = fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(fc.array(noise, { minLength: 2, maxLength: 4 }), (parts) => {
        const body = Buffer.concat(
          parts.flatMap((part, index) => (index === 0 ? [part] : [Buffer.from(id), part])),
        );
        const [renewed] = withFreshIds([recording({ eventId: id, body })], seededRandom(1)).recordings;
        expect(renewed!.eventId).toMatch(/^evt_\w{24}$/);
        expect(renewed!.eventId).not.toBe(id);
        const back = renewed!.body.toString('latin1').replaceAll(renewed!.eventId!, id);
        expect(Buffer.from(back, 'latin1').equals(body)).toBe(true);
      }),
    );
  });

  test('duplicates stay duplicates; a body without its id is counted', () => {
    const body = Buffer.from('{"id":"evt_a"}');
    const given = [
      recording({ eventId: 'evt_a', body }),
      recording({ eventId: 'evt_a', body }),
      recording({}),
    ];
    const { recordings, missed } = withFreshIds(given, seededRandom(1));
    expect(recordings[0]!.body).toEqual(recordings[1]!.body);
    expect(recordings[0]!.body).not.toEqual(body);
    expect(missed).toBe(1);
  });
});
