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
import { compileStory, storySource } from '../../src/render/story.ts';
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
    for (const webhook of partOf(webhooks, { part, of: webhooks.length })) {
      const steps = compileStory(scenario, { webhook, seed: SEED });
      const beginMs = (story: number) => AT_MS + story * 12_345;
      const renderer = storySource(steps, beginMs).createRenderer();
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
  test('are told to their end, one after the other', async () => {
    const scenario = await loadScenario('quickstart', library);
    const steps = compileStory(scenario, { webhook: webhookWith(), seed: SEED });
    const beginsMs: number[] = [];
    const source = storySource(steps, (story) => beginsMs.push(story) && AT_MS);
    const renderer = source.createRenderer();
    const numbers = [...scenario.steps, ...scenario.steps].map((_, number) => number);
    const names = numbers.map((number) => renderer.render(number, 0).eventName);
    const told = scenario.steps.map(({ event }) => event);
    expect(names).toEqual([...told, ...told]);
    expect(beginsMs).toEqual([...told.map(() => 0), ...told.map(() => 1)]);
    expect([source.count, source.together]).toEqual([Number.POSITIVE_INFINITY, told.length]);
  });

  test('leave out what the webhook does not want', async () => {
    const scenario = await loadScenario('quickstart', library);
    const webhook = webhookWith({ 'enabled-events': ['inquiry.created', 'inquiry.approved'] });
    const steps = compileStory(scenario, { webhook, seed: SEED });
    const source = storySource(steps, () => AT_MS);
    const renderer = source.createRenderer();
    expect(source.together).toBe(2);
    expect([0, 1, 2, 3].map((number) => renderer.render(number, 0).eventName)).toEqual([
      'inquiry.created',
      'inquiry.approved',
      'inquiry.created',
      'inquiry.approved',
    ]);
  });

  test('need something to send', async () => {
    const scenario = await loadScenario('quickstart', library);
    const nothing = compileStory(scenario, { webhook: webhookWith({ status: 'disabled' }), seed: SEED });
    const beginMs = () => AT_MS;
    expect(() => storySource(nothing, beginMs)).toThrow(
      "nothing to send: the webhook's status is disabled; without a status it counts as enabled",
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
