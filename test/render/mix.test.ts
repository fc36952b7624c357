import { describe, expect, test } from 'vitest';
import { FIXTURE_NAMES } from '../../src/fixture/catalogue.ts';
import { loadFixture } from '../../src/fixture/load.ts';
import { mixSource } from '../../src/render/mix-source.ts';
import { parseMix, Picker } from '../../src/render/mix.ts';
import { compileTemplate } from '../../src/render/template.ts';
import type { WebhookAttributes } from '../../src/persona/webhook.ts';
import { configureWebhook } from '../../src/webhook/configure.ts';
import { AT_MS, library } from '../helpers/fixtures.ts';

describe('a mix', () => {
  test('shares the weight of a pattern evenly between its names', () => {
    const names = ['inquiry.created', 'inquiry.approved', 'report/watchlist.ready', 'case.created'];
    expect(parseMix('inquiry.*=6, report/*=1,case.created', names).shares).toEqual([
      { name: 'inquiry.created', share: 0.375 },
      { name: 'inquiry.approved', share: 0.375 },
      { name: 'report/watchlist.ready', share: 0.125 },
      { name: 'case.created', share: 0.125 },
    ]);
  });

  test('adds up what overlapping patterns give', () => {
    expect(parseMix('*=1,b=1', ['a', 'b']).shares).toEqual([
      { name: 'a', share: 0.25 },
      { name: 'b', share: 0.75 },
    ]);
  });

  test.each([
    [
      'inquiry.aproved=1',
      '`mix` inquiry.aproved: no event with a fixture has this name; did you mean inquiry.approved?',
    ],
    ['inquiri.*=1', '`mix` inquiri.*: no event with a fixture has this name; did you mean inquiry.*?'],
    ['inquiry.*=1,inquiry.*=2', '`mix`: inquiry.* is given twice; use one entry with the sum of the weights'],
    [
      'case.*=0',
      '`mix` case.*=0: expected a weight above 0, such as 8 or 0.5; leave the pattern out instead',
    ],
    ['case.*=-1', '`mix` case.*=-1: expected a weight above 0, such as 8 or 0.5'],
    ['case.*=many', '`mix` case.*=many: expected a weight above 0, such as 8 or 0.5'],
    ['case.*=Infinity', '`mix` case.*=Infinity: expected a weight above 0, such as 8 or 0.5'],
    ['case.*=1=2', "`mix` 'case.*=1=2': expected pattern=weight, e.g. inquiry.*=8,report/*=1"],
    ['', "`mix` '': expected pattern=weight, e.g. inquiry.*=8,report/*=1"],
  ])('refuses %s', (text, message) => {
    expect(() => parseMix(text, FIXTURE_NAMES)).toThrow(message);
  });
});

describe('a pick', () => {
  test('follows from seed and number alone', () => {
    const numbers = Array.from({ length: 200 }, (_, number) => number);
    const picks = (seed: number, order: readonly number[]) => {
      const picker = new Picker([1, 2, 3], seed);
      return new Map(order.map((number) => [number, picker.pick(number)]));
    };
    const forward = picks(1, numbers);
    const backward = picks(1, numbers.toReversed());
    for (const number of numbers) expect(backward.get(number)).toBe(forward.get(number));
    expect([...picks(2, numbers).values()]).not.toEqual([...forward.values()]);
  });

  test('comes as often as its weight says', () => {
    const picker = new Picker([8, 1, 0.5, 0.5], 3);
    const counts = [0, 0, 0, 0];
    for (let number = 0; number < 100_000; number += 1) counts[picker.pick(number)]! += 1;
    // Five standard deviations; the numbers are the same in each run.
    for (const [index, share] of [0.8, 0.1, 0.05, 0.05].entries())
      expect(Math.abs(counts[index]! / 100_000 - share)).toBeLessThan(0.0065);
  });
});

describe('the source of a mix', () => {
  const names = ['inquiry.created', 'inquiry.approved', 'case.created'];
  const sourceFor = async (attributes: WebhookAttributes) => {
    const webhook = configureWebhook({ url: 'http://127.0.0.1/', ...attributes });
    const fixtures = await Promise.all(names.map((name) => loadFixture(name, library)));
    const templates = fixtures.map((fixture) => compileTemplate(fixture, { webhook, seed: 2 }));
    return mixSource(parseMix('inquiry.*=1,case.*=1', names), templates, 2);
  };

  test('gives the same event for the same number in every renderer', async () => {
    const source = await sourceFor({});
    const [one, other] = [source.createRenderer(), source.createRenderer()];
    const bodies = Array.from({ length: 50 }, (_, number) => String(one.render(number, AT_MS).body));
    for (let number = 49; number >= 0; number -= 1) {
      expect(String(other.render(number, AT_MS).body)).toBe(bodies[number]);
      const { eventId, eventName } = other.identify?.(number) ?? expect.fail();
      expect(JSON.parse(bodies[number] ?? '').data).toMatchObject({
        id: eventId,
        attributes: { name: eventName },
      });
    }
    expect(new Set(bodies).size).toBe(50);
    expect(new Set(bodies.map((body) => JSON.parse(body).data.attributes.name)).size).toBe(3);
  });

  test('leaves out what the webhook does not want', async () => {
    const source = await sourceFor({ 'enabled-events': ['case.created'] });
    const renderer = source.createRenderer();
    const seen = Array.from({ length: 20 }, (_, number) => renderer.render(number, AT_MS).eventName);
    expect(new Set(seen)).toEqual(new Set(['case.created']));
    expect(source.count).toBe(Number.POSITIVE_INFINITY);
  });

  test('refuses to send nothing, and says why', async () => {
    await expect(sourceFor({ 'payload-filter': { data: { type: 'nothing' } } })).rejects.toThrow(
      'nothing to send: the payload-filter asks for data.type = "nothing", but it is "inquiry"; the payload-filter',
    );
  });
});
