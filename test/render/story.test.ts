import { describe, expect, test } from 'vitest';
import { applyOverrides } from '../../src/event/overrides.ts';
import { numberedEventId, storyIds } from '../../src/event/story-ids.ts';
import { loadFixture } from '../../src/fixture/load.ts';
import { scalar } from '../../src/json/node.ts';
import { composePayload } from '../../src/payload/compose.ts';
import type { Random } from '../../src/ports.ts';
import { BASE58 } from '../../src/persona/ids.ts';
import { buildScenario } from '../../src/scenario/build.ts';
import { loadScenario, SCENARIO_NAMES } from '../../src/scenario/load.ts';
import { compileStory, placeInStories, storySource } from '../../src/render/story.ts';
import { configureWebhook } from '../../src/webhook/configure.ts';
import type { WebhookAttributes } from '../../src/persona/webhook.ts';
import { AT_MS, library } from '../helpers/fixtures.ts';
import { partOf } from '../helpers/sample.ts';

const SEED = 5;

function webhookWith(attributes: WebhookAttributes = {}) {
  return configureWebhook({ url: 'http://127.0.0.1/', ...attributes });
}

/** Chance that draws these characters of ids, one after the other. */
function spelling(text: string): Random {
  let position = 0;
  return { below: () => BASE58.indexOf(text.charAt(position++)) };
}

describe('a story is byte-equal to the scenario that is built and composed', () => {
  const webhooks = [
    webhookWith(),
    webhookWith({ 'api-version': '2021-02-21', 'api-key-inflection': 'snake' }),
    webhookWith({ 'api-attributes-blocklist': ['name-*', '/included/attributes/*-at'] }),
  ];

  test.each(SCENARIO_NAMES.map((name, index) => [name, index] as const))('%s', async (name, part) => {
    const scenario = await loadScenario(name, library);
    const options = { seed: SEED, referenceId: 'user "7"' };
    for (const webhook of partOf(webhooks, { part, of: webhooks.length })) {
      const steps = compileStory(scenario, { webhook, ...options });
      const beginMs = (story: number) => AT_MS + story * 12_345;
      const renderer = storySource(steps, { beginMs }).createRenderer();
      for (const story of [0, 3]) {
        const numbers = scenario.steps.map((_, step) => story * scenario.steps.length + step);
        const tokens = numbers.map((number) => numberedEventId(SEED, number).slice('evt_'.length));
        const events = buildScenario(scenario, {
          beginMs: beginMs(story),
          random: spelling(tokens.join('')),
          ids: storyIds(
            SEED,
            story,
            scenario.steps.map(({ fixture }) => fixture.document),
          ),
          referenceId: options.referenceId,
        });
        for (const [step, event] of events.entries()) {
          const rendered = renderer.render(numbers[step] ?? 0, 0);
          expect([rendered.eventId, rendered.eventName]).toEqual([event.id, event.name]);

          expect(rendered.body.toString()).toBe(composePayload(event, webhook.payload).body.toString());
          const { eventId, eventName } = renderer.identify?.(numbers[step] ?? 0) ?? expect.fail();
          expect([eventId, eventName]).toEqual([event.id, event.name]);
        }
      }
    }
  });
});

describe('stories', () => {
  test('are told to their end, one after the other', () => {
    const layout = { steps: 2, stories: Number.POSITIVE_INFINITY, sideBySide: 1 };
    expect([0, 1, 2, 3, 4].map((number) => placeInStories(number, layout))).toEqual([
      { story: 0, step: 0 },
      { story: 0, step: 1 },
      { story: 1, step: 0 },
      { story: 1, step: 1 },
      { story: 2, step: 0 },
    ]);
  });

  test('or side by side, also when the last are fewer', () => {
    const layout = { steps: 2, stories: 5, sideBySide: 3 };
    const places = Array.from({ length: 10 }, (_, number) => placeInStories(number, layout));
    expect(places.map(({ story, step }) => `${story}.${step}`).join(' ')).toBe(
      '0.0 1.0 2.0 0.1 1.1 2.1 3.0 4.0 3.1 4.1',
    );
  });

  test('leave out what the webhook does not want', async () => {
    const scenario = await loadScenario('quickstart', library);
    const webhook = webhookWith({ 'enabled-events': ['inquiry.created', 'inquiry.approved'] });
    const steps = compileStory(scenario, { webhook, seed: SEED });
    const source = storySource(steps, { beginMs: () => AT_MS, stories: 2 });
    const renderer = source.createRenderer();
    expect(source.count).toBe(4);
    expect([0, 1, 2, 3].map((number) => renderer.render(number, 0).eventName)).toEqual([
      'inquiry.created',
      'inquiry.approved',
      'inquiry.created',
      'inquiry.approved',
    ]);
  });

  test('need something to send, and a number of stories', async () => {
    const scenario = await loadScenario('quickstart', library);
    const nothing = compileStory(scenario, { webhook: webhookWith({ status: 'disabled' }), seed: SEED });
    const beginMs = () => AT_MS;
    expect(() => storySource(nothing, { beginMs })).toThrow(
      "nothing to send: the webhook's status is disabled; without a status it counts as enabled",
    );
    const steps = compileStory(scenario, { webhook: webhookWith(), seed: SEED });
    expect(() => storySource(steps, { beginMs, sideBySide: 0 })).toThrow('0 stories side by side');
    const fixture = await loadFixture('transaction-type.deleted-field', library);
    const own = { name: 'own', description: '', steps: [{ event: fixture.name, offsetMs: 0, fixture }] };
    expect(() => compileStory(own, { webhook: webhookWith(), seed: 1, referenceId: 'me' })).toThrow(
      '`referenceId` me: no event of own has a reference-id',
    );
  });

  test('take times in whole milliseconds only', async () => {
    const fixture = await loadFixture('inquiry.created', library);
    const withNote = (value: string) => {
      const override = { kind: 'set' as const, path: 'note', value: scalar(value) };
      const document = applyOverrides(fixture.document, [override]);
      const steps = [{ event: fixture.name, offsetMs: 0, fixture: { ...fixture, document } }];
      return { name: 'own', description: '', steps };
    };
    const compile = (value: string) => compileStory(withNote(value), { webhook: webhookWith(), seed: 1 });
    expect(compile('2024-01-01T00:00:00.123Z')).toHaveLength(1);
    expect(() => compile('2024-01-01T00:00:00.123456Z')).toThrow(
      '2024-01-01T00:00:00.123456Z: a time finer than milliseconds has no fixed length in a scenario; ' +
        'write 2024-01-01T00:00:00.123Z',
    );
  });
});
