import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { parseIsoTime } from '../../src/text/time.ts';

describe('ISO times', () => {
  it.each([
    ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31T12:00:00.123456Z', '2026-01-31T12:00:00.123Z'],
    ['2026-01-31t12:00:00z', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31 12:00Z', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31T12:00:00+09:00', '2026-01-31T03:00:00.000Z'],
    ['2026-01-31T12:00:00-0130', '2026-01-31T13:30:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
  ])('%s', (text, utc) => {
    expect(parseIsoTime(text)).toBe(Date.parse(utc));
  });

  it.each([
    ['no zone', '2026-01-31T12:00:00'],
    ['a day that does not exist', '2026-02-30T12:00:00Z'],
    ['29 February of a common year', '2026-02-29'],
    ['a month that does not exist', '2026-13-01T00:00:00Z'],
    ['day 0', '2026-01-00T00:00:00Z'],
    ['hour 24', '2026-01-31T24:00:00Z'],
    ['minute 60', '2026-01-31T12:60:00Z'],
    ['second 60', '2026-01-31T12:00:60Z'],
    ['an offset that does not exist', '2026-01-31T12:00:00+24:00'],
    ['a month by its name', 'Jan 5'],
    ['a negative number', '-5'],
    ['the American order', '01/31/2026'],
    ['a year', '2026'],
    ['a day with a zone', '2026-01-31Z'],
    ['digits that are not ASCII', '２０２６-01-31'],
    ['text around it', ' 2026-01-31 '],
    ['nothing', ''],
  ])('refuses %s', (_, text) => {
    expect(parseIsoTime(text)).toBeUndefined();
  });

  it('reads back what toISOString writes', () => {
    const years0To9999 = fc.date({
      min: new Date('0000-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(years0To9999, (date) => {
        expect(parseIsoTime(date.toISOString())).toBe(date.getTime());
      }),
    );
  });

  describe('under another time zone', () => {
    const before = process.env['TZ'];
    afterEach(() => {
      if (before === undefined) delete process.env['TZ'];
      else process.env['TZ'] = before;
    });

    it.each(['UTC', 'Asia/Tokyo', 'America/St_Johns'])('%s gives the same', (zone) => {
      process.env['TZ'] = zone;
      expect(parseIsoTime('2026-01-31')).toBe(1_769_817_600_000);
      expect(parseIsoTime('2026-01-31T12:00:00+01:00')).toBe(1_769_857_200_000);
    });
  });
});
